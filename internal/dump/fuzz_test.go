package dump

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubestuck/stuck/internal/cluster"
)

// FuzzRead holds for any file: reading it does not panic, and what was read is the same when it was written and read
// again.
func FuzzRead(f *testing.F) {
	for _, text := range located {
		f.Add([]byte(text), false)
	}
	for _, text := range secretive {
		f.Add([]byte(text), false)
	}
	for _, text := range []string{yamlA + "---\n" + yamlB, "items:\n" + asItem(yamlA, "") + asItem(yamlB, "  "),
		asUTF16(yamlA), "a: &a [*a]\n", "<<: {kind: Pod}\n",
		"kind: Lease\nmetadata: {name: x}\nspec: {acquireTime: never}\n"} {
		f.Add([]byte(text), false)
	}
	for _, text := range []string{podA + podB, kubectlList(podA, indented("x"), podB), "[" + bareA + "]",
		`{"kind":"PodList","items":[` + bareA + `]}`, kubectlList(podA, "{nope}", podB), asUTF16(podA)} {
		f.Add([]byte(text), true)
	}
	files, _ := filepath.Glob("../causes/testdata/captures/vol-[cm]*/*.yaml")
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil && len(data) < 4<<10 {
			f.Add(data, false)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, json bool) {
		name := map[bool]string{false: "x.yaml", true: "x.json"}[json]
		s, err := Read(fstest.MapFS{name: {Data: data}}, time.Time{})
		if err != nil {
			return
		}
		for _, k := range cluster.Kinds {
			for _, o := range s.OfKind(k.Name) {
				ref := cluster.Ref{Kind: k.Name, Namespace: o.GetNamespace(), Name: o.GetName()}
				s.Locate(cluster.Sign{Ref: ref, Path: "spec.containers[0].name"})
			}
		}
		again, files := writeRead(t, s)
		if diff := cmp.Diff(s, again, same); diff != "" {
			for file, f := range files {
				t.Logf("%s:\n%s", file, f.Data)
			}
			t.Errorf("read (-) and read again (+) differ:\n%s", diff)
		}
	})
}

// FuzzGiven holds for any text that somebody gives by its name, whatever of its forms it has: reading it does not
// panic, and keeps within bounds.
func FuzzGiven(f *testing.F) {
	for _, text := range []string{
		"$ kubectl logs -n shop web-0 -c app\nlisten tcp :8080: bind: address already in use\n$ kubectl get pods\n",
		"[pod/web-0/app] 2026-03-02T10:20:00.123456789Z KeyError: 'DB_HOST'\n", "+ web-0 › app\nweb-0 app panic: x\n",
		"2026-03-02T10:20:00.1Z stderr P open /c: no such\n2026-03-02T10:20:00.1Z stderr F  file or directory\n",
		`{"log":"exec /app: exec format error\\n","stream":"stderr","time":"2026-03-02T10:20:00Z"}` + "\n",
		"F0302 10:20:01.000000       1 main.go:33] listen tcp 127.0.0.1:10252: bind: address already in use\n",
		"status:\n  phase: Pending\n  containerStatuses:\n  - name: a\n", `{"phase":"Pending","qosClass":"x"}`,
		"> &lt;pre&gt;Name:\u00a0web\u001b[0m\n```\nkind: Pod\n```\n", "POD ID  CREATED  STATE  NAME  NAMESPACE  ATTEMPT\n",
		"==== START logs for container a of pod b/c ====\npanic: x\n==== END logs for container a of pod b/c ====\n",
	} {
		f.Add([]byte(text), "web-0.log")
	}
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		_, _ = ReadSources(time.Time{}, Source{Name: name, R: bytes.NewReader(data),
			Knows: func(line string) bool { return strings.Contains(line, "failed") }})
	})
}
