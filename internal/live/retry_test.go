package live

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"golang.org/x/net/http2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

const troubled = "vol-multiattach"

// broken are the ways in which a server fails once, each for the first request of every resource.
var broken = map[string]func(w http.ResponseWriter){
	"429 with Retry-After": func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "0")
		fail(w, http.StatusTooManyRequests, metav1.StatusReasonTooManyRequests)
	},
	"429": func(w http.ResponseWriter) { fail(w, http.StatusTooManyRequests, metav1.StatusReasonTooManyRequests) },
	"500": func(w http.ResponseWriter) { fail(w, http.StatusInternalServerError, metav1.StatusReasonInternalError) },
	"503": func(w http.ResponseWriter) {
		fail(w, http.StatusServiceUnavailable, metav1.StatusReasonServiceUnavailable)
	},
	"reset": func(w http.ResponseWriter) { panic(http.ErrAbortHandler) },
	"end in the body": func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "1000")
		w.Write([]byte("{"))
	},
}

// TestTransientErrors asks a server each of whose answers fails once: everything is read all the same.
func TestTransientErrors(t *testing.T) {
	whole := recorded(t, troubled)
	for name, answer := range broken {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, seen := record(t, recordings+troubled), map[string]bool{}
			server.intercept = func(w http.ResponseWriter, r *http.Request) bool {
				if seen[r.URL.Path] || !strings.HasSuffix(r.URL.Path, "/pods") && !strings.HasSuffix(r.URL.Path,
					"/events") {
					return false
				}
				seen[r.URL.Path] = true
				answer(w)
				return true
			}
			s, err := ask(t, t.Context(), server, rest.Config{}, whole.At)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(problems(t, whole), problems(t, s)); diff != "" || len(s.Gaps) > 0 {
				t.Errorf("gaps %v, dump (-) and live (+):\n%s", s.Gaps, diff)
			}
		})
	}
}

// TestPasses says of errors whether asking again may help.
func TestPasses(t *testing.T) {
	stream := http2.StreamError{StreamID: 3, Code: http2.ErrCodeInternal}
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"stream reset":         {&url.Error{Op: "Get", URL: "https://k", Err: stream}, true},
		"stream reset in body": {fmt.Errorf("unexpected error when reading response body: %w", stream), true},
		"server goes away": {&url.Error{Err: errors.New("http2: server sent GOAWAY and closed the connection; " +
			"LastStreamID=5, ErrCode=NO_ERROR, debug=\"\"")}, true},
		"connection is at odds": {&url.Error{Err: http2.ConnectionError(http2.ErrCodeProtocol)}, true},
		"connection lost":       {&url.Error{Err: errors.New("http2: client connection lost")}, true},
		"refused":               {&url.Error{Err: syscall.ECONNREFUSED}, true},
		"no such host":          {&url.Error{Err: &net.DNSError{IsNotFound: true}}, false},
		"no trust":              {&url.Error{Err: x509.UnknownAuthorityError{}}, false},
	} {
		if got := passes(c.err); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestServerGone asks a server that is gone after the Pods: the rest are gaps, told within the time for one thing and
// not for each.
func TestServerGone(t *testing.T) {
	server := record(t, recordings+troubled)
	server.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/pods") {
			return false
		}
		panic(http.ErrAbortHandler)
	}
	s, err := ask(t, t.Context(), server, rest.Config{Timeout: 300 * time.Millisecond}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Gaps) < 5 || !strings.Contains(s.Gaps[0].Why.String(), "gave no answer within") {
		t.Errorf("gaps: %v", s.Gaps)
	}
	server.Lock()
	defer server.Unlock()
	if n := len(server.asked); n > 30 {
		t.Errorf("%d requests to a server that is gone", n)
	}
}

// TestNoAnswer asks a server that is not there, and one that waits too long: the error tells which, for how long, how
// often.
func TestNoAnswer(t *testing.T) {
	h := httptest.NewServer(http.NotFoundHandler())
	h.Close()
	c, err := NewClient(&rest.Config{Host: h.URL, Timeout: 250 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Collect(t.Context(), c, Scope{Namespace: "shop"}, Options{})
	var noAnswer *NoAnswerError
	if !errors.As(err, &noAnswer) || noAnswer.Tries < 2 || !strings.Contains(err.Error(), h.URL) ||
		!strings.Contains(err.Error(), "refused") {
		t.Errorf("%v", err)
	}
}

// TestCtrlC stops at once, even while it waits for as long as the server asked for.
func TestCtrlC(t *testing.T) {
	server := record(t, recordings+troubled)
	ctx, cancel := context.WithCancel(t.Context())
	server.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Retry-After", "20")
		fail(w, http.StatusTooManyRequests, metav1.StatusReasonTooManyRequests)
		cancel()
		return true
	}
	start := time.Now()
	if _, err := ask(t, ctx, server, rest.Config{}, time.Time{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %s to stop", took)
	}
}

// TestExpired lets a list expire between two pages: it is read anew, once.
func TestExpired(t *testing.T) {
	whole := recorded(t, "cni-exhausted")
	for _, c := range []struct{ expired, gaps int }{{1, 0}, {99, 1}} {
		server, n := record(t, recordings+"cni-exhausted"), 0
		server.page = 2
		server.intercept = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Get("continue") == "" || n == c.expired {
				return false
			}
			n++
			fail(w, http.StatusGone, metav1.StatusReasonExpired)
			return true
		}
		h := httptest.NewServer(server)
		client, err := NewClient(&rest.Config{Host: h.URL})
		if err != nil {
			t.Fatal(err)
		}
		s, err := Collect(t.Context(), client, Scope{Namespace: "cni-exhausted"},
			Options{Now: func() time.Time { return whole.At }})
		h.Close()
		if err != nil || len(s.Gaps) != c.gaps {
			t.Fatalf("%v, gaps %v", err, s.Gaps)
		}
		if diff := cmp.Diff(problems(t, whole), problems(t, s)); diff != "" && c.gaps == 0 {
			t.Errorf("dump (-) and live (+) differ:\n%s", diff)
		}
	}
}

// TestNoNamespace tells an empty namespace from none.
func TestNoNamespace(t *testing.T) {
	server := record(t, recordings+troubled)
	for _, name := range []string{"empty", "shop"} {
		server.objects["namespaces"] = append(server.objects["namespaces"],
			map[string]any{"metadata": map[string]any{"name": name}})
	}
	s, err := collect(t, server, Scope{Namespace: "empty"}, time.Time{})
	if err != nil || !s.Has(cluster.Ref{Kind: "Namespace", Name: "empty"}) {
		t.Errorf("an empty namespace is no error, and is known: %v", err)
	}
	server.asked = nil
	_, err = collect(t, server, Scope{Namespace: "shp"}, time.Time{})
	var none *NoNamespaceError
	if !errors.As(err, &none) || !cmp.Equal(none.There[len(none.There)-2:], []string{"empty", "shop"}) {
		t.Errorf("%v", err)
	}
	server.asked, server.forbidden = nil, []string{"namespaces"}
	if _, err := collect(t, server, Scope{Namespace: "shp"}, time.Time{}); err != nil {
		t.Errorf("who may not ask about namespaces gets an answer without them: %v", err)
	}
}

// ask is collect without counting requests: client-go tries some again by itself.
func ask(t *testing.T, ctx context.Context, s *server, cfg rest.Config, at time.Time) (*cluster.Snapshot, error) {
	t.Helper()
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	cfg.Host = h.URL
	c, err := NewClient(&cfg)
	if err != nil {
		t.Fatal(err)
	}
	return Collect(ctx, c, Scope{Namespace: troubled}, Options{Now: func() time.Time { return at }})
}
