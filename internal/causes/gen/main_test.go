package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestFresh holds what is in the tree against what the catalogue would make of it today.
func TestFresh(t *testing.T) {
	files, err := generate("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s is stale: run go generate ./internal/causes", name)
		}
	}
	pages, err := filepath.Glob(filepath.Join("..", docs, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := len(files) - 5; len(pages) != want {
		t.Errorf("%d pages, want %d: run go generate ./internal/causes", len(pages), want)
	}
}
