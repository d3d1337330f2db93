package dump

import (
	"os"
	"path/filepath"
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
