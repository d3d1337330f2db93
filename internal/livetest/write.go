package livetest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/remedy"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// A Write is a request that changes something, or would.
type Write struct {
	Verb, Resource, Name string // "patch", "deployments", "web"
	Dry                  bool
}

// String names a write as Asked does.
func (w Write) String() string {
	if w.Dry {
		return w.Verb + " " + w.Resource + " dry"
	}
	return w.Verb + " " + w.Resource
}

// An Answer is what a server says in place of doing what it was asked for. Its code 0 breaks the connection.
type Answer struct {
	Code    int
	Reason  metav1.StatusReason
	Message string
	After   bool // it does what it was asked for, and says this then
}

// write answers a request that changes something. It is called with the lock held.
func (f *Server) write(w http.ResponseWriter, r *http.Request, namespace string, parts []string) {
	body, _ := io.ReadAll(r.Body)
	verb := map[string]string{http.MethodPost: "create", http.MethodPatch: "patch", http.MethodDelete: "delete"}[r.Method]
	did := Write{Verb: verb, Resource: parts[0], Dry: r.URL.Query().Get("dryRun") == "All"}
	if len(parts) > 1 {
		did.Name = parts[1]
	}
	w.Header().Set("Content-Type", "application/json")
	if f.review(w, parts[0], body) {
		return
	}
	f.asked = append(f.asked, did.String())
	if slices.Contains(f.Forbidden, verb+" "+parts[0]) {
		fail(w, http.StatusForbidden, metav1.StatusReasonForbidden)
		return
	}
	if f.Answers != nil {
		a := f.Answers(did)
		if a != nil && a.After {
			f.commit(&discard{header: http.Header{}}, r, did, namespace, body)
		}
		switch {
		case a == nil:
		case a.Code == 0:
			panic(http.ErrAbortHandler)
		default:
			w.WriteHeader(a.Code)
			json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
				Status: "Failure", Code: int32(a.Code), Reason: a.Reason, Message: a.Message})
			return
		}
	}
	f.commit(w, r, did, namespace, body)
}

// discard is where an answer goes that nobody gets.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

// review answers who asks, and what they may do: all but what Forbidden says.
func (f *Server) review(w http.ResponseWriter, resource string, body []byte) bool {
	switch resource {
	case "selfsubjectreviews":
		fmt.Fprint(w, `{"status":{"userInfo":{"username":"tester"}}}`)
		return true
	case "selfsubjectaccessreviews":
		var asked struct {
			Spec struct {
				ResourceAttributes struct{ Verb, Resource string }
			}
		}
		_ = json.Unmarshal(body, &asked)
		of := asked.Spec.ResourceAttributes
		fmt.Fprintf(w, `{"status":{"allowed":%t}}`, !slices.Contains(f.Forbidden, of.Verb+" "+of.Resource))
		return true
	}
	return false
}

// commit does what was asked for, or says what would come of it.
func (f *Server) commit(w http.ResponseWriter, r *http.Request, did Write, namespace string, body []byte) {
	key := namespace + "/" + did.Name
	old := f.objects[did.Resource][key]
	if did.Verb != "create" && old == nil {
		fail(w, http.StatusNotFound, metav1.StatusReasonNotFound)
		return
	}
	if did.Verb == "delete" {
		var o metav1.DeleteOptions
		_ = json.Unmarshal(body, &o)
		if p := o.Preconditions; p != nil && (p.UID != nil && *p.UID != old.GetUID() ||
			p.ResourceVersion != nil && *p.ResourceVersion != old.GetResourceVersion()) {
			fail(w, http.StatusConflict, metav1.StatusReasonConflict)
			return
		}
		if !did.Dry {
			f.put(old, true)
			f.notify(did)
		}
		fmt.Fprint(w, `{"kind":"Status","apiVersion":"v1","status":"Success"}`)
		return
	}
	object, code := f.outcome(r, did, old, body)
	if code != 0 {
		fail(w, code, map[int]metav1.StatusReason{http.StatusConflict: metav1.StatusReasonConflict,
			http.StatusUnprocessableEntity: metav1.StatusReasonInvalid}[code])
		return
	}
	kind, _ := object["kind"].(string)
	made := cluster.KindOf(kind).New()
	data, err := json.Marshal(object)
	if err == nil {
		err = json.Unmarshal(data, made)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, metav1.StatusReasonBadRequest)
		return
	}
	if did.Verb == "create" {
		made.SetUID(types.UID("made-" + strconv.Itoa(f.version)))
		did.Name = made.GetName()
		if f.objects[did.Resource][namespace+"/"+did.Name] != nil {
			fail(w, http.StatusConflict, metav1.StatusReasonAlreadyExists)
			return
		}
	}
	if !did.Dry {
		made = f.put(made, false)
		f.notify(did)
	}
	json.NewEncoder(w).Encode(made)
}

// notify lets a controller act. It is one of the test, and takes its time.
func (f *Server) notify(did Write) {
	if f.Controller != nil {
		go f.Controller(did)
	}
}

// outcome is the object that comes of a request, or the code of why there is none.
func (f *Server) outcome(r *http.Request, did Write, old metav1.Object, body []byte) (map[string]any, int) {
	var object map[string]any
	if did.Verb == "create" {
		if json.Unmarshal(body, &object) != nil {
			return nil, http.StatusBadRequest
		}
		return object, 0
	}
	data, err := json.Marshal(old)
	if err != nil || json.Unmarshal(data, &object) != nil {
		return nil, http.StatusInternalServerError
	}
	p := remedy.Patch{Type: map[string]string{"application/strategic-merge-patch+json": remedy.Strategic,
		"application/merge-patch+json": remedy.Merge, "application/json-patch+json": remedy.JSONPatch,
	}[r.Header.Get("Content-Type")], Body: body}
	if err := p.Apply(object); err != nil {
		return nil, http.StatusUnprocessableEntity
	}
	meta, _ := object["metadata"].(map[string]any)
	if meta["uid"] != string(old.GetUID()) || meta["resourceVersion"] != old.GetResourceVersion() {
		return nil, http.StatusConflict
	}
	return object, 0
}
