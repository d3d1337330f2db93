// Package livetest is an API server for tests, whose objects change while it is watched.
package livetest

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
)

// A Server is an API server that lives in memory, so that in the bubble of a test with a clock of its own
// (testing/synctest) time passes only while nothing is under way. It answers in JSON,
// as a server without protobuf does.
type Server struct {
	Forbidden []string // what may not be done: "watch pods", "get nodes/proxy"
	// what stands behind nodes/NODE/proxy, by the node's name: a node that is not there has no kubelet that answers
	Kubelets map[string]http.Handler
	// what is said in place of doing what changes something; nil where it is done
	Answers func(Write) *Answer
	// who acts after something was changed, as a controller does
	Controller func(Write)

	mu        sync.Mutex
	asked     []string // "list pods"
	version   int
	forgotten int // versions up to this one cannot be watched from
	objects   map[string]map[string]metav1.Object
	log       []logged
	changed   chan struct{}
	down      bool
	conns     []net.Conn
	incoming  chan net.Conn
	closed    chan struct{}
	once      sync.Once
}

// logged is one change of an object.
type logged struct {
	version  int
	resource string
	Type     string        `json:"type"`
	Object   metav1.Object `json:"object"`
}

// Serve starts a server, with a namespace shop, that ends with the test. The configuration is that of a client.
// It is called in a bubble.
func Serve(t *testing.T) (*Server, *rest.Config) {
	t.Helper()
	f := &Server{objects: map[string]map[string]metav1.Object{}, changed: make(chan struct{}),
		incoming: make(chan net.Conn), closed: make(chan struct{})}
	f.Put(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}})
	h := &httptest.Server{Listener: f, Config: &http.Server{Handler: f}}
	h.Start()
	transport := &http.Transport{DialContext: f.dial}
	t.Cleanup(func() {
		f.Cut()
		transport.CloseIdleConnections()
		h.Close()
	})
	return f, &rest.Config{Host: "http://fake", Transport: transport}
}

// Accept is part of net.Listener: the server is its own.
func (f *Server) Accept() (net.Conn, error) {
	select {
	case c := <-f.incoming:
		return c, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

// Close is part of net.Listener.
func (f *Server) Close() error { f.once.Do(func() { close(f.closed) }); return nil }

// Addr is part of net.Listener.
func (f *Server) Addr() net.Addr { return &net.TCPAddr{} }

func (f *Server) dial(context.Context, string, string) (net.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return nil, errors.New("connection refused")
	}
	mine, theirs := net.Pipe()
	select {
	case f.incoming <- theirs:
	case <-f.closed:
		return nil, net.ErrClosed
	}
	f.conns = append(f.conns, theirs)
	return mine, nil
}

// Cut breaks all connections.
func (f *Server) Cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.conns {
		c.Close()
	}
	f.conns = nil
}

// Down makes a server unreachable, or reachable again.
func (f *Server) Down(down bool) {
	f.mu.Lock()
	f.down = down
	f.mu.Unlock()
	if down {
		f.Cut()
	}
}

// Forget lets the server forget all changes that were.
func (f *Server) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	f.forgotten, f.log = f.version, nil
}

// Asked is what was asked for, in order: "list pods".
func (f *Server) Asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// Put creates an object or changes it.
func (f *Server) Put(o metav1.Object) { f.change(o, false) }

// Remove deletes an object.
func (f *Server) Remove(o metav1.Object) { f.change(o, true) }

func (f *Server) change(o metav1.Object, remove bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.put(o, remove)
}

// Get is an object as it is; nil where there is none.
func (f *Server) Get(kind, namespace, name string) metav1.Object {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.objects[cluster.KindOf(kind).Resource()][namespace+"/"+name]
}

// put keeps an object, or takes it away, and returns it as it is kept.
func (f *Server) put(o metav1.Object, remove bool) metav1.Object {
	k := kindOf(o)
	key := o.GetNamespace() + "/" + o.GetName()
	if f.objects[k.Resource()] == nil {
		f.objects[k.Resource()] = map[string]metav1.Object{}
	}
	f.version++
	copied := o.(runtime.Object).DeepCopyObject()
	copied.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{Group: k.Group, Version: k.Version, Kind: k.Name})
	o = copied.(metav1.Object)
	o.SetResourceVersion(strconv.Itoa(f.version))
	what := "MODIFIED"
	if f.objects[k.Resource()][key] == nil {
		what = "ADDED"
	}
	f.objects[k.Resource()][key] = o
	if remove {
		what = "DELETED"
		delete(f.objects[k.Resource()], key)
	}
	f.log = append(f.log, logged{f.version, k.Resource(), what, o})
	close(f.changed)
	f.changed = make(chan struct{})
	return o
}

// ServeHTTP answers a request.
func (f *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	parts = parts[map[string]int{"api": 2, "apis": 3}[parts[0]]:]
	if len(parts) == 0 { // what everyone may see of a group
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.objects["nodefacts"] == nil {
			fail(w, http.StatusNotFound, metav1.StatusReasonNotFound)
		}
		return
	}
	namespace := ""
	if parts[0] == "namespaces" && len(parts) > 2 {
		namespace, parts = parts[1], parts[2:]
	}
	verb := "list"
	switch {
	case r.URL.Query().Get("watch") != "":
		verb = "watch"
	case len(parts) > 1:
		verb = "get"
	}
	if parts[0] == "nodes" && len(parts) > 2 {
		f.proxy(w, r, parts[1])
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Method != http.MethodGet {
		f.write(w, r, namespace, parts)
		return
	}
	if len(parts) > 2 { // pods/web/log
		parts = []string{parts[0] + "/" + parts[2], parts[1]}
	}
	f.asked = append(f.asked, verb+" "+parts[0])
	w.Header().Set("Content-Type", "application/json")
	in := func(o metav1.Object) bool {
		want, byName := strings.CutPrefix(r.URL.Query().Get("fieldSelector"), "metadata.name=")
		return (namespace == "" || o.GetNamespace() == namespace) && (!byName || o.GetName() == want)
	}
	switch {
	case slices.Contains(f.Forbidden, verb+" "+parts[0]):
		fail(w, http.StatusForbidden, metav1.StatusReasonForbidden)
	case verb == "watch":
		f.watch(w, r, parts[0], in)
	case verb == "get":
		if o := f.objects[parts[0]][namespace+"/"+parts[1]]; o != nil {
			json.NewEncoder(w).Encode(o)
			return
		}
		fail(w, http.StatusNotFound, metav1.StatusReasonNotFound)
	default:
		items := []metav1.Object{}
		for _, o := range f.objects[parts[0]] {
			if in(o) {
				items = append(items, o)
			}
		}
		json.NewEncoder(w).Encode(map[string]any{"metadata": map[string]any{"resourceVersion": strconv.Itoa(f.version)},
			"items": items})
	}
}

// proxy hands a request to a node's kubelet, without waiting for the answer to anybody else's.
func (f *Server) proxy(w http.ResponseWriter, r *http.Request, node string) {
	f.mu.Lock()
	f.asked = append(f.asked, "get nodes/proxy")
	forbidden, kubelet := slices.Contains(f.Forbidden, "get nodes/proxy"), f.Kubelets[node]
	f.mu.Unlock()
	switch {
	case forbidden:
		fail(w, http.StatusForbidden, metav1.StatusReasonForbidden)
	case kubelet == nil:
		fail(w, http.StatusBadGateway, metav1.StatusReasonInternalError)
	default:
		http.StripPrefix("/api/v1/nodes/"+node+"/proxy", kubelet).ServeHTTP(w, r)
	}
}

// watch tells the changes after a version as they come, for as long as the client asked for.
func (f *Server) watch(w http.ResponseWriter, r *http.Request, resource string, in func(metav1.Object) bool) {
	from, _ := strconv.Atoi(r.URL.Query().Get("resourceVersion"))
	seconds, _ := strconv.Atoi(r.URL.Query().Get("timeoutSeconds"))
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	for {
		if from < f.forgotten {
			json.NewEncoder(w).Encode(map[string]any{"type": "ERROR",
				"object": metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
					Status: "Failure", Code: http.StatusGone, Reason: metav1.StatusReasonExpired,
					Message: "too old resource version"}})
			return
		}
		for _, l := range f.log {
			if l.version > from && l.resource == resource && in(l.Object) {
				json.NewEncoder(w).Encode(l)
			}
			from = max(from, l.version)
		}
		w.(http.Flusher).Flush()
		changed := f.changed
		f.mu.Unlock()
		select {
		case <-changed:
		case <-time.After(time.Until(end)):
		case <-r.Context().Done():
		}
		f.mu.Lock()
		if r.Context().Err() != nil || !time.Now().Before(end) {
			return
		}
	}
}

func kindOf(o metav1.Object) cluster.Kind { return cluster.KindOf(reflect.TypeOf(o).Elem().Name()) }

func fail(w http.ResponseWriter, code int, reason metav1.StatusReason) {
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: "Failure",
		Code: int32(code), Reason: reason, Message: string(reason)})
}
