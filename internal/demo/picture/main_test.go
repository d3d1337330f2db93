package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFresh holds the pictures in docs against what the program says of the demo today.
func TestFresh(t *testing.T) {
	t.Chdir("..")
	files, err := all()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run go generate ./internal/demo", name)
		}
		d := xml.NewDecoder(bytes.NewReader(want))
		for err = nil; err == nil; {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s is no XML: %v", name, err)
		}
	}
}

// TestSpans sees that each part of a line stands at its column, two columns for each Chinese character.
func TestSpans(t *testing.T) {
	got := spans("   \x1b[2m状态\x1b[0m  a<b")
	for _, want := range []string{
		`<tspan x="45.2" textLength="33.6" class="d w">状态</tspan>`,
		`<tspan x="95.6" textLength="25.2">a&lt;b</tspan>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
}
