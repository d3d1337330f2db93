package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// TestReference holds that the page about a cause.yaml names every field, and that its example is one.
func TestReference(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", reference))
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for _, v := range []any{diagnose.Cause{}, diagnose.Variant{}, diagnose.Step{}, diagnose.Words{}, match.Pattern{}} {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v)) {
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			named := strings.Contains(page, "`"+key+"`") || strings.Contains(page, "`"+key+": ")
			if key != "" && key != "-" && !named {
				t.Errorf("%s does not explain %s of %T", reference, key, v)
			}
		}
	}
	_, rest, _ := strings.Cut(page, "```yaml\nstage:")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("no example")
	}
	own := fstest.MapFS{"secret-locked/cause.yaml": {Data: []byte("stage:" + example)}}
	if _, err := causefile.Read(own, &diagnose.Cause{ID: "config-not-synced"}); err != nil {
		t.Error(err)
	}
}
