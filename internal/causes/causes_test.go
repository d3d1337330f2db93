package causes

import (
	"path/filepath"
	"testing"

	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/diagnose"
)

func catalogue(t testing.TB) *diagnose.Catalogue {
	t.Helper()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	c, err := diagnose.NewCatalogue(all)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCases runs every case of every cause.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cat := catalogue(t)
	for _, file := range files {
		t.Run(filepath.ToSlash(file[:len(file)-len(".txtar")]), func(t *testing.T) {
			c, err := casetest.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			c.Run(t, cat)
		})
	}
}
