package cluster

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/message"
)

// TestGapJSON has a gap come back as it was, in both languages; one of an older program, and one with a code that is
// not known here, say what their texts say.
func TestGapJSON(t *testing.T) {
	whole := Gap{What: message.Of("gap.line", "file", "pods.yaml", "line", 17), Why: message.Of("json.other", "found",
		message.Of("json.list")), Needs: message.Of("file.give-json")}
	form := `{"code":"gap.line","args":{"file":"pods.yaml","line":17,"needs":{"code":"file.give-json"},` +
		`"why":{"code":"json.other","args":{"found":{"code":"json.list"}}}},"what":"pods.yaml:17",` +
		`"why":"a list is no Kubernetes object","needs":"the objects as ` + "`kubectl get -o json`" + ` prints them"}`
	raw, err := json.Marshal(whole)
	if diff := cmp.Diff(form, string(raw)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for in, want := range map[string][3]string{
		form: {"pods.yaml:17", "列表不是 Kubernetes 对象", "`kubectl get -o json` 输出的对象"},
		`{"what":"pods in namespace shop","why":"forbidden"}`: {"pods in namespace shop",
			"forbidden", ""},
		`{"code":"gap.new","args":{"why":{"code":"new"}},"what":"a","why":"b","needs":"c"}`:      {"a", "b", "c"},
		`{"code":"gap.line","args":{"why":"odd","file":"x"},"what":"x:1","why":"b","needs":"c"}`: {"x:1", "b", "c"},
		`{"code":"gap.line","args":{"file":"x","line":1,"why":{"code":"json.other","args":{"found":{"code":"<b>"}}}},` +
			`"what":"x:1","why":"b"}`: {"x:1", "b", ""}, // a code that nobody here has written
		`{"code":"gap.line","args":{"file":"x","why":{"code":"file.empty"}},"what":"x:1","why":"b"}`: {"x:1", "b", ""},
		`{"code":"gap.line","args":{"file":"x","line":1,"why":` + strings.Repeat(`{"code":"json.invalid","args":{"why":`,
			2000) +
			`"x"` + strings.Repeat(`}}`, 2000) + `},"what":"x:1","why":"b"}`: {"x:1", "b", ""},
	} {
		var g Gap
		if err := json.Unmarshal([]byte(in), &g); err != nil {
			t.Fatal(err)
		}
		what, why, needs := g.Text("zh")
		if diff := cmp.Diff(want, [3]string{what, why, needs}); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
}
