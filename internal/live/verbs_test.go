package live

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// allow lets a server be asked with one verb alone: get, which names an object, or list.
func allow(s *server, verb string) {
	s.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
		parts = parts[map[string]int{"api": 2, "apis": 3}[parts[0]]:]
		if parts[0] == "namespaces" && len(parts) > 2 {
			parts = parts[2:]
		}
		if allowed := len(parts) > 1 == (verb == "get"); allowed {
			return false
		}
		fail(w, http.StatusForbidden, metav1.StatusReasonForbidden)
		return true
	}
}

// TestMayOnlyList: whoever may list everything, and get nothing, is answered as others are.
func TestMayOnlyList(t *testing.T) {
	all, err := os.ReadDir(recordings)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if !d.IsDir() {
			continue
		}
		whole, server := recorded(t, d.Name()), record(t, recordings+d.Name())
		allow(server, "list")
		asked, err := collect(t, server, Scope{Namespace: d.Name()}, whole.At)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(problems(t, whole), problems(t, asked)); diff != "" || len(asked.Gaps) > 0 {
			t.Errorf("%s: gaps %v; dump (-) and live (+):\n%s", d.Name(), asked.Gaps, diff)
		}
	}
}

// TestMayOnlyGet: whoever may get a Pod, and list none, is answered about one that is asked about by its name, and told
// what is not known for want of the right to list.
func TestMayOnlyGet(t *testing.T) {
	const name = "img-tag-missing"
	whole, server := recorded(t, name), record(t, recordings+name)
	allow(server, "get")
	asked, err := collect(t, server, Scope{Namespace: name, Name: "app"}, whole.At)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(problems(t, whole), problems(t, asked)); diff != "" {
		t.Errorf("dump (-) and live (+) differ:\n%s", diff)
	}
	var needs []string
	for _, g := range asked.Gaps {
		needs = append(needs, g.Needs.In("en"))
	}
	if got := strings.Join(needs, "; "); !strings.Contains(got, "the right to list events") {
		t.Errorf("the gaps need: %s", got)
	}
	server.asked = nil
	if _, err := collect(t, server, Scope{Namespace: name}, whole.At); err == nil {
		t.Error("all Pods of the namespace were answered about without the right to list them")
	}
	server.asked = nil
	server.intercept = func(w http.ResponseWriter, _ *http.Request) bool {
		fail(w, http.StatusForbidden, metav1.StatusReasonForbidden)
		return true
	}
	if _, err := collect(t, server, Scope{Namespace: name, Name: "app"}, whole.At); err == nil {
		t.Error("a Pod that may not be read was answered about")
	}
}
