package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestFresh holds the schema in the tree against what the types would make of it today.
func TestFresh(t *testing.T) {
	want, err := schema("../../..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", page))
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s is stale: run go generate ./internal/render", page)
	}
}
