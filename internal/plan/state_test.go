package plan

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/remedy"
)

// TestUnified holds the form of a difference: three lines around each change, and a mark where lines are left out.
func TestUnified(t *testing.T) {
	text := func(s string) []string { return strings.Fields(s) }
	for _, c := range []struct{ a, b, want string }{
		{"a b c", "a b c", ""},
		{"a b c", "a x c", " a|-b|+x| c"},
		{"", "a b", "+a|+b"},
		{"a b", "", "-a|-b"},
		{"1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 x", "@@| 6| 7| 8|-9|+x"},
		{"1 2 3 4 5 6 7 8 9", "0 1 2 3 4 5 6 7 8 9", "+0| 1| 2| 3"},
		{"1 2 3 4 5 6 7 8 9 a b c", "1 x 3 4 5 6 7 8 9 a y c",
			" 1|-2|+x| 3| 4| 5|@@| 8| 9| a|-b|+y| c"},
		{"1 2 3", "1 2 3 4", " 1| 2| 3|+4"},
	} {
		got := strings.ReplaceAll(strings.TrimSuffix(unified(text(c.a), text(c.b)), "\n"), "\n", "|")
		if got != c.want {
			t.Errorf("%s to %s:\ngot  %s\nwant %s", c.a, c.b, got, c.want)
		}
	}
}

// TestChanges: what takes a change back gives the same object again.
func TestChanges(t *testing.T) {
	const one = `{"kind":"Deployment","metadata":{"name":"web","annotations":{"a/b":"1"}},
		"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"app","image":"x:1"}]}}}}`
	const two = `{"kind":"Deployment","metadata":{"name":"web"},
		"spec":{"paused":true,"template":{"spec":{"containers":[{"name":"app","image":"x:2"},{"name":"b"}],"hostUsers":false}}}}`
	read := func(s string) map[string]any {
		var out map[string]any
		if err := json.Unmarshal([]byte(s), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range [][2]string{{one, two}, {two, one}, {one, one}} {
		from, to := read(c[0]), read(c[1])
		body, err := json.Marshal(Changes(from, to))
		if err != nil {
			t.Fatal(err)
		}
		if err := (remedy.Patch{Type: remedy.JSONPatch, Body: body}).Apply(from); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if State(from) != State(to) {
			t.Errorf("%s: %s", body, cmp.Diff(from, to))
		}
	}
}

// TestState: what the scheduler and the controllers of volumes write is not what somebody wants.
func TestState(t *testing.T) {
	const made = `"metadata":{"name":"v"}`
	const meta = `"metadata":{"name":"v","annotations":{"pv.kubernetes.io/bound-by-controller":"yes"}}`
	for _, c := range []struct {
		name, a, b string
		same       bool
	}{
		{"a Pod that got a node", `{"kind":"Pod",` + made + `,"spec":{"nodeName":""}}`,
			`{"kind":"Pod",` + made + `,"spec":{"nodeName":"n1"}}`, true},
		{"a volume that was bound", `{"kind":"PersistentVolume",` + made + `,"spec":{}}`,
			`{"kind":"PersistentVolume",` + meta + `,"spec":{"claimRef":{"namespace":"a","name":"b","uid":"c"}}}`, true},
		{"a volume for a claim, bound",
			`{"kind":"PersistentVolume",` + made + `,"spec":{"claimRef":{"namespace":"a","name":"b"}}}`,
			`{"kind":"PersistentVolume",` + made + `,"spec":{"claimRef":{"namespace":"a","name":"b","uid":"c"}}}`, true},
		{"a volume given to another",
			`{"kind":"PersistentVolume",` + made + `,"spec":{"claimRef":{"namespace":"a","name":"b"}}}`,
			`{"kind":"PersistentVolume",` + made + `,"spec":{"claimRef":{"namespace":"a","name":"x"}}}`, false},
		{"a claim that was bound", `{"kind":"PersistentVolumeClaim",` + made + `,"spec":{}}`,
			`{"kind":"PersistentVolumeClaim",` + meta + `,"spec":{"volumeName":"v"}}`, true},
		{"a claim that names a volume", `{"kind":"PersistentVolumeClaim",` + made + `,"spec":{}}`,
			`{"kind":"PersistentVolumeClaim",` + made + `,"spec":{"volumeName":"v"}}`, false},
	} {
		var a, b map[string]any
		if err := errors.Join(json.Unmarshal([]byte(c.a), &a), json.Unmarshal([]byte(c.b), &b)); err != nil {
			t.Fatal(err)
		}
		if got := State(a) == State(b); got != c.same {
			t.Errorf("%s: the same: %v", c.name, got)
		}
	}
}
