package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"
)

// server is an API server that holds the objects of a recording and answers in JSON, as one without protobuf does.
type server struct {
	// a client that lost its connection asks again while the first answer still ends
	sync.Mutex
	objects   map[string][]map[string]any                   // by resource
	forbidden []string                                      // resources that may not be read
	page      int                                           // objects on a page where the client asks for pages at all
	asked     []string                                      // the requests, in order
	logs      map[string]string                             // by Pod/container; not read where nil
	kubelets  http.Handler                                  // what all kubelets answer; they are not asked where nil
	intercept func(http.ResponseWriter, *http.Request) bool // answers where it returns true
}

// record reads a recording into a server.
func record(t *testing.T, dir string) *server {
	t.Helper()
	s := &server{objects: map[string][]map[string]any{}}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(dir + "/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var list struct {
			Items []map[string]any `json:"items"`
		}
		if err := yaml.Unmarshal(data, &list); err != nil {
			t.Fatal(err)
		}
		for _, o := range list.Items {
			for _, k := range cluster.Kinds {
				if o["kind"] == k.Name {
					s.objects[k.Resource()] = append(s.objects[k.Resource()], o)
				}
			}
		}
	}
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	s.asked = append(s.asked, r.URL.RequestURI())
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(parts) == 3 && parts[0] == "apis" { // what everyone may see of a group
		if s.objects["nodefacts"] == nil {
			fail(w, http.StatusNotFound, metav1.StatusReasonNotFound)
		}
		return
	}
	parts = parts[map[string]int{"api": 2, "apis": 3}[parts[0]]:]
	namespace, name := "", ""
	if parts[0] == "namespaces" && len(parts) > 2 {
		namespace, parts = parts[1], parts[2:]
	}
	if len(parts) > 1 {
		name = parts[1]
	}
	if _, path, ok := strings.Cut(r.URL.Path, "/proxy/"); ok && s.kubelets != nil {
		r.URL.Path = "/" + path
		s.kubelets.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if s.intercept != nil && s.intercept(w, r) {
		return
	}
	if slices.Contains(s.forbidden, parts[0]) {
		fail(w, http.StatusForbidden, metav1.StatusReasonForbidden)
		return
	}
	if len(parts) == 3 && parts[2] == "log" {
		s.log(w, r, parts[1]+"/"+r.URL.Query().Get("container"))
		return
	}
	found := []map[string]any{}
	for _, o := range s.objects[parts[0]] {
		m := o["metadata"].(map[string]any)
		if (namespace == "" || m["namespace"] == namespace) && (name == "" || m["name"] == name) && selected(r, m) {
			found = append(found, o)
		}
	}
	switch {
	case parts[0] == "nodefacts" && s.objects[parts[0]] == nil: // a kind that the server does not know
		fail(w, http.StatusNotFound, metav1.StatusReasonNotFound)
	case name == "":
		s.list(w, r, found)
	case len(found) == 0:
		fail(w, http.StatusNotFound, metav1.StatusReasonNotFound)
	default:
		json.NewEncoder(w).Encode(found[0])
	}
}

// log answers with the log of a container, of its current run alone.
func (s *server) log(w http.ResponseWriter, r *http.Request, of string) {
	text, ok := s.logs[of]
	switch {
	case slices.Contains(s.forbidden, "pods/log"):
		fail(w, http.StatusForbidden, metav1.StatusReasonForbidden)
	case !ok || r.URL.Query().Get("previous") == "true":
		fail(w, http.StatusBadRequest, metav1.StatusReasonBadRequest)
	default:
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, text)
	}
}

func selected(r *http.Request, m map[string]any) bool {
	selector := r.URL.Query().Get("fieldSelector")
	if selector == "involvedObject.kind=Node" {
		return strings.Contains(fmt.Sprint(m["name"]), ".") // named after the node
	}
	want, ok := strings.CutPrefix(selector, "metadata.name=")
	return !ok || m["name"] == want
}

// list answers with one page.
func (s *server) list(w http.ResponseWriter, r *http.Request, found []map[string]any) {
	from, _ := strconv.Atoi(r.URL.Query().Get("continue"))
	to, next := len(found), ""
	if s.page > 0 && r.URL.Query().Get("limit") != "" && from+s.page < len(found) {
		to = from + s.page
		next = strconv.Itoa(to)
	}
	json.NewEncoder(w).Encode(map[string]any{"metadata": map[string]any{"continue": next}, "items": found[from:to]})
}

func fail(w http.ResponseWriter, code int, reason metav1.StatusReason) {
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status: "Failure", Code: int32(code), Reason: reason, Message: string(reason)})
}

// collect asks a server about a scope, at the instant of the recording.
func collect(t *testing.T, s *server, scope Scope, at time.Time) (*cluster.Snapshot, error) {
	t.Helper()
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	c, err := NewClient(&rest.Config{Host: h.URL})
	if err != nil {
		t.Fatal(err)
	}
	snap, err := Collect(t.Context(), c, scope, Options{Now: func() time.Time { return at },
		AskNodes: s.kubelets != nil, ReadLogs: s.logs != nil})
	if int(c.Requests()) != len(s.asked) {
		t.Errorf("%d requests were counted, %d made", c.Requests(), len(s.asked))
	}
	return snap, err
}
