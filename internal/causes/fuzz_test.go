package causes

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/dump"
)

// FuzzRun holds the laws over dumps that nobody would write. It begins with every case.
func FuzzRun(f *testing.F) {
	if testing.Short() {
		f.Skip("TestLaws holds them over the same cases, each as the folder that it is")
	}
	cases, err := filepath.Glob("*/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range cases {
		c, err := casetest.Load(file)
		if err != nil {
			f.Fatal(err)
		}
		var all []byte
		for _, m := range c.Dump() {
			all = append(append(all, m.Data...), "---\n"...)
		}
		f.Add(all)
	}
	for _, name := range []string{"vol-multiattach", "cni-noconf", "img-private-otherhost-secret"} {
		data, err := os.ReadFile(filepath.Join("testdata/captures", name, "pods.yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	cat := catalogue(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := dump.Read(fstest.MapFS{"dump.yaml": {Data: data}}, time.Time{})
		if err != nil {
			return
		}
		casetest.Laws(t, s, cat)
	})
}
