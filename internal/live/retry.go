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
	"k8s.io/apimachinery/pkg/api/validate/content"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// How long it waits between two tries. client-go itself waits as long as a Retry-After says, which counts into the same
// time limit.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 3 * time.Second
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

// Message says how long the server was asked in vain.
func (e *NoAnswerError) Message() message.Message {
	return message.Of("live.silent", "host", e.Host, "time", e.For.Round(100*time.Millisecond).String(), "n", e.Tries,
		"why", message.Because(e.Err))
}

func (e *NoAnswerError) Unwrap() error { return e.Err }

// get asks for an object, or with an empty name for a list, again and again until there is an answer or the time for it
// ends. A server that one thing was asked of in vain is asked for each other thing once: what is read by then is worth
// an answer soon.
func (c *Client) get(ctx context.Context, k cluster.Kind, namespace, name, accept string, opts metav1.ListOptions) (
	[]byte, error) {
	if !possible(namespace) || !possible(name) {
		return nil, apierrors.NewNotFound(schema.GroupResource{Group: k.Group, Resource: k.Resource()}, name)
	}
	timeout := c.timeout
	if c.down.Load() {
		timeout = min(timeout, lastPause)
	}
	start := time.Now()
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var last error
	for tries, pause := 1, firstPause; ; tries, pause = tries+1, min(2*pause, lastPause) {
		answer, err := c.once(limited, k, namespace, name, accept, opts)
		switch {
		case err == nil:
			c.down.Store(false)
			c.answered.Store(true)
			return answer, nil
		case ctx.Err() != nil: // Ctrl-C
			return nil, ctx.Err()
		case limited.Err() == nil && !passes(err):
			return nil, err
		}
		if last == nil || limited.Err() == nil { // that time is up is not why
			last = err
		}
		giveUp := errors.Is(err, syscall.ECONNREFUSED) && !c.answered.Load() && time.Since(start)+pause > c.refused
		if limited.Err() == nil && !c.down.Load() && !giveUp {
			select {
			case <-limited.Done():
			case <-time.After(pause):
				continue
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
		c.down.Store(true)
		return nil, &NoAnswerError{c.host, time.Since(start), tries, last}
	}
}

// possible reports whether an object can have a name; none is no name, and can be. What a Pod or an Event names is free
// text, and the path of a request is made of it: ../ would lead to another object.
func possible(name string) bool { return name == "" || len(content.IsPathSegmentName(name)) == 0 }

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
	answer, err := r.get(ctx, k, "", r.scope.Namespace, whole, metav1.ListOptions{})
	if !apierrors.IsNotFound(err) {
		if o := k.New(); err == nil && r.b != nil && decodeOne(answer, o) == nil {
			r.b.Add(k.Name, o) // it may be going, and says what holds it
		}
		return nil
	}
	e := &NoNamespaceError{Name: r.scope.Namespace}
	var all []string
	err = r.list(ctx, k, "", metaList, metav1.ListOptions{ResourceVersion: "0"}, func(item []byte, isJSON bool) error {
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
