package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubestuck/stuck/internal/casefile"
	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// TestNewCause makes a cause of every stage and blame: it can be read, and its case finds it.
func TestNewCause(t *testing.T) {
	for _, stage := range pod.Stages {
		for _, blame := range diagnose.BlameKinds() {
			dir := t.TempDir()
			names, err := newCause(dir, "new-one", string(stage), blame)
			if err != nil {
				t.Fatal(err)
			}
			all, err := causefile.Read(os.DirFS(dir))
			if err != nil {
				t.Fatalf("%s, %s: %v", stage, blame, err)
			}
			catalogue, err := diagnose.NewCatalogue(all)
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(names[1])
			if err != nil {
				t.Fatal(err)
			}
			differences, err := casefile.Parse(names[1], data).Differences(catalogue)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differences {
				t.Errorf("%s, %s: %s", stage, blame, d.In("en"))
			}
		}
	}
}

func TestNewCauseRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "secret-missing"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ id, stage, blame, want string }{
		{"secret-missing", "volumes", "Secret", "there is a cause secret-missing"},
		{"Secret_Missing", "volumes", "Secret", "is no id"},
		{"", "volumes", "Secret", "is no id"},
		{"new-one", "volume", "Secret", "give STAGE as one of admission, schedule, "},
		{"new-one", "volumes", "", "give BLAME as one of CSIDriver, "},
	} {
		if _, err := newCause(dir, c.id, c.stage, c.blame); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
}
