package causes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/diagnose"
)

func catalogue(t testing.TB) *diagnose.Catalogue {
	t.Helper()
	all, err := Read(os.DirFS(".")) // the folders as they are now: while one is written, catalogue_gen.go may be older
	if err != nil {
		t.Fatal(err)
	}
	if err := diagnose.Prepare(all); err != nil {
		t.Fatal(err)
	}
	c, err := diagnose.NewCatalogue(all)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestBuiltin holds what the program has against what the folders say.
func TestBuiltin(t *testing.T) {
	want, err := Read(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if err := diagnose.Prepare(want); err != nil {
		t.Fatal(err)
	}
	finds := cmp.Comparer(func(a, b func(*diagnose.Pass)) bool { return (a == nil) == (b == nil) })
	if diff := cmp.Diff(want, All(), finds); diff != "" {
		t.Errorf("catalogue_gen.go is stale; run go generate ./internal/causes:\n%s", diff)
	}
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
			t.Parallel()
			c, err := casetest.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			c.Run(t, cat)
		})
	}
}

// TestVariants holds that every cause, and every variant that a text of it has, is found by a case.
func TestVariants(t *testing.T) {
	files, err := filepath.Glob("*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	finds := map[string]bool{}
	for _, file := range files {
		c, err := casetest.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range c.Finds() {
			finds[id] = true
			cause, _, _ := strings.Cut(id, "/")
			finds[cause] = true
		}
	}
	for _, c := range catalogue(t).Causes() {
		if !finds[c.ID] {
			t.Errorf("no case finds %s; add one to its folder", c.ID)
		}
		has := map[string]bool{}
		for _, v := range c.Text.Variants {
			has[v.Name] = true
			if !finds[c.ID+"/"+v.Name] {
				t.Errorf("no case finds %s/%s; add one to its folder", c.ID, v.Name)
			}
		}
		for id := range finds {
			if v, ok := strings.CutPrefix(id, c.ID+"/"); ok && !has[v] {
				t.Errorf("a case finds %s, which has no text", id)
			}
		}
	}
}
