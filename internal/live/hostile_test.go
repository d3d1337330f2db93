package live

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"google.golang.org/protobuf/encoding/protowire"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// pour writes a beginning, and the same again and again until nobody reads on.
func pour(w io.Writer, start, again string) {
	_, err := io.WriteString(w, start)
	for block := strings.Repeat(again, 1+64<<10/len(again)); err == nil; {
		_, err = io.WriteString(w, block)
	}
}

// bomb is a short answer that unpacks to so many bytes of a list with one item.
func bomb(size int) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	io.WriteString(z, `{"metadata":{},"items":[{"metadata":{"name":"`)
	for block := bytes.Repeat([]byte{'a'}, 1<<20); size > 0; size -= len(block) {
		z.Write(block)
	}
	z.Close()
	return out.Bytes()
}

var theBomb = sync.OnceValue(func() []byte { return bomb(256 << 20) })

const onePod = `{"metadata":{"name":"a","namespace":"shop"}},`

// hostile are API servers, or what stands between, that want our memory, our time, or our token.
var hostile = map[string]struct {
	answer func(w http.ResponseWriter, r *http.Request)
	want   string // in the error
	asked  int64  // requests at most
}{
	"a list without an end": {func(w http.ResponseWriter, r *http.Request) {
		pour(w, `{"metadata":{},"items":[`, onePod)
	}, "larger than 4 MiB", 1},
	"an item without an end": {func(w http.ResponseWriter, r *http.Request) {
		pour(w, `{"metadata":{},"items":[{"metadata":{"name":"`, "a")
	}, "larger than 1 MiB", 1},
	"white space without an end": {func(w http.ResponseWriter, r *http.Request) {
		pour(w, `{"metadata":{},`, " ")
	}, "larger than 1 MiB", 1},
	"a field in protobuf without an end": {func(w http.ResponseWriter, r *http.Request) {
		pour(w, "k8s\x00\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x12\xff\xff\xff\xff\x7f", "a")
	}, "larger than 1 MiB", 1},
	"a list in protobuf whose end is missing":   {cutOff(3), "unexpected EOF", 100},
	"a list in protobuf that ends within a Pod": {cutOff(40), "unexpected EOF", 100},
	"a Pod longer than its list": {func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "k8s\x00\x12\x04\x12\x7f"+strings.Repeat("a", 200))
	}, "unexpected EOF", 100},
	"a name longer than its Pod": {lies(func(pod []byte) { pod[1], pod[3] = 0x7f, 0x7f }), "no protobuf", 1},
	"a spec of another type":     {lies(func(pod []byte) { pod[0] = 0x0f }), "no protobuf", 1},
	"a length of more than any": {func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "k8s\x00\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
	}, "overflow", 1},
	"a gzip bomb": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(theBomb())
	}, "larger than 1 MiB", 1},
	"an error without an end": {func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		pour(w, "no", " no")
	}, "no no", 1},
	"pages without an end": {pages(func(n int64) string {
		return fmt.Sprintf(`{"metadata":{"continue":"%d"},"items":[%s]}`,
			n, strings.TrimSuffix(onePod, ","))
	}), "brings nothing new", maxPages},
	"empty pages without an end": {pages(func(n int64) string {
		return fmt.Sprintf(`{"metadata":{"continue":"%d"},"items":[]}`, n)
	}), "brings nothing new", maxEmpty},
	"the same page for ever": {pages(func(int64) string {
		return `{"metadata":{"continue":"x"},"items":[` + strings.TrimSuffix(onePod, ",") + `]}`
	}), "brings nothing new", 2},
	"no list": {func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"kind":"Pod","metadata":{"name":"a"}}`)
	}, "is no list", 1},
	"items that are no list": {func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"metadata":{},"items":{"a":1}}`)
	}, "is no list", 1},
	"a page of HTML": {func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "<html><body>log in</body></html>")
	}, "neither protobuf nor JSON", 1},
	"one that has much to do": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	}, "asks to wait for 1h0m0s", 1},
	"one that drips": {func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"metadata":{},"items":[`)
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
	}, "reading took longer than", 1},
}

// inProtobuf is a list of one Pod that runs.
func inProtobuf(change func(pod []byte)) []byte {
	p := corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "shop", UID: "u"}}
	p.Status.Phase = corev1.PodRunning
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	item, _ := p.Marshal()
	change(item)
	list := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), item)
	return append(slices.Clone(prefix), protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), list)...)
}

// cutOff answers with a list that lacks its last bytes.
func cutOff(n int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		answer := inProtobuf(func([]byte) {})
		w.Write(answer[:len(answer)-n])
	}
}

// lies answers with a list of a Pod in which something is changed.
func lies(change func(pod []byte)) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.Write(inProtobuf(change)) }
}

// pages answers with the n-th page.
func pages(page func(n int64) string) func(http.ResponseWriter, *http.Request) {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, page(n.Add(1))) }
}

// clientTimeout is the timeout of a client: short where it is time that ends an answer, and else so long that nothing
// but its size does, on a busy machine, too.
func clientTimeout(want string) time.Duration {
	if strings.Contains(want, "took longer") || want == "unexpected EOF" {
		return 400 * time.Millisecond
	}
	return 5 * time.Second
}

// TestHostileServer asks each of them: there is an error that says what is wrong, soon, and with little memory.
func TestHostileServer(t *testing.T) {
	for name, h := range hostile {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(h.answer))
			defer server.Close()
			defer server.CloseClientConnections()
			theBomb() // takes a while to make
			c, err := NewClient(&rest.Config{Host: server.URL, Timeout: clientTimeout(h.want)})
			if err != nil {
				t.Fatal(err)
			}
			c.limits = limits{object: 1 << 20, list: 4 << 20}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err = Collect(t.Context(), c, Scope{}, Options{})
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), h.want) {
				t.Errorf("%v", err)
			}
			if n := c.Requests(); n > h.asked {
				t.Errorf("%d requests", n)
			}
			if got := int64(after.HeapSys-before.HeapSys) >> 20; after.HeapSys > before.HeapSys && got > 300 {
				t.Errorf("%d MiB of memory", got)
			}
		})
	}
}

// TestHostileServerFollowed follows what each of them has: it ends as soon, with the same error.
func TestHostileServerFollowed(t *testing.T) {
	for name, h := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(h.answer))
			defer server.Close()
			defer server.CloseClientConnections()
			c, err := NewClient(&rest.Config{Host: server.URL, Timeout: clientTimeout(h.want)})
			if err != nil {
				t.Fatal(err)
			}
			c.limits = limits{object: 1 << 20, list: 4 << 20}
			began := time.Now()
			err = Follow(t.Context(), c, Scope{}, Options{Every: time.Second}, func(*cluster.Snapshot) error {
				return errors.New("something is shown")
			})
			if err == nil || !strings.Contains(err.Error(), h.want) || time.Since(began) > time.Minute {
				t.Errorf("after %s: %v", time.Since(began), err)
			}
		})
	}
}

// TestRedirect follows none, wherever it leads: the token would go along.
func TestRedirect(t *testing.T) {
	var shown atomic.Value
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		shown.Store(r.Header.Get("Authorization"))
	}))
	defer thief.Close()
	for _, code := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, thief.URL+"/"+r.URL.Path+"?token=x", code)
		}))
		c, err := NewClient(&rest.Config{Host: server.URL, BearerToken: "mine", Timeout: 300 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Collect(t.Context(), c, Scope{}, Options{})
		var list *ListError
		if !errors.As(err, &list) || !strings.Contains(err.Error(), "sends us on to "+thief.URL+":") {
			t.Errorf("%d: %v", code, err)
		}
		if c.Requests() != 1 || shown.Load() != nil {
			t.Errorf("%d: %d requests, %v was shown", code, c.Requests(), shown.Load())
		}
		server.Close()
	}
}
