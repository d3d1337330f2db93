package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"golang.org/x/net/http2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A NoAnswerError is that the API server gave no answer, however often it was asked.
type NoAnswerError struct {
	Host  string
	For   time.Duration // how long it was asked
	Tries int
	Err   error // the last
}

func (e *NoAnswerError) Error() string {
	return e.Message().In("en")
}

// Message says how long the server was asked in vain, or refused to do what it was asked for.
func (e *NoAnswerError) Message() message.Message {
	code, wait := "live.silent", delayOf(e.Err)
	var status apierrors.APIStatus
	if errors.As(e.Err, &status) {
		code = "live.busy"
	}
	args := []any{"host", e.Host, "time", e.For.Round(100 * time.Millisecond).String(), "n", e.Tries,
		"why", message.Because(e.Err)}
	if wait > 0 {
		code, args = "live.busy.wait", append(args, "wait", wait.String())
	}
	return message.Of(code, args...)
}

func (e *NoAnswerError) Unwrap() error { return e.Err }

// passes reports whether an error may be another one soon: the server restarts, has too much to do, or the connection
// broke.
func passes(err error) bool {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		code := status.Status().Code
		return code == http.StatusTooManyRequests || code >= 500 && code != http.StatusNotImplemented
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.IsTemporary || dns.IsTimeout
	}
	var timeout net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNREFUSED) ||
		errors.Is(err, syscall.ECONNRESET) ||
		errors.As(err, &timeout) && timeout.Timeout() || brokenHTTP2(err)
}

// brokenHTTP2 reports whether an HTTP/2 connection or stream ended under a request. What a frame of the server says has
// a type. That the connection is lost, given up, or closed after a GOAWAY is said by the transport, in errors without a
// type ("http2: client connection lost": errors.New within a function) or with one that is deprecated without another
// in its place (GoAwayError); apimachinery reads their text, too.
func brokenHTTP2(err error) bool {
	var stream http2.StreamError
	var connection http2.ConnectionError
	return errors.As(err, &stream) || errors.As(err, &connection) || strings.Contains(err.Error(), "http2: ")
}

// A NoNamespaceError is that the namespace that was asked about does not exist.
type NoNamespaceError struct {
	Name  string
	There []string // those that exist; nil where they may not be listed
}

func (e *NoNamespaceError) Error() string { return fmt.Sprintf("namespace %s does not exist", e.Name) }

// noNamespace tells an empty namespace from one that is not there. Whoever may not ask gets no answer, and that is
// none.
func (r *reader) noNamespace(ctx context.Context) error {
	k := cluster.KindOf("Namespace")
	answer, err := r.get(ctx, k, "", r.scope.Namespace, whole)
	if !apierrors.IsNotFound(err) {
		if o := k.New(); err == nil && r.b != nil && decodeOne(answer, o) == nil {
			r.b.Add(k.Name, o) // it may be going, and says what holds it
		}
		return nil
	}
	e := &NoNamespaceError{Name: r.scope.Namespace}
	var all []string
	_, err = r.list(ctx, k, "", metaList, metav1.ListOptions{ResourceVersion: "0"}, func(item []byte, isJSON bool) error {
		var m metav1.PartialObjectMetadata
		err := decode(item, isJSON, &m)
		all = append(all, m.Name)
		return err
	})
	if err == nil {
		e.There = all
	}
	return e
}
