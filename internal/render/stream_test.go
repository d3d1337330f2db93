package render

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// TestStreamed holds what is written piece by piece against what is written at once.
func TestStreamed(t *testing.T) {
	for _, r := range []*diagnose.Report{{}, calm(3, 1), full(), hostile(), many(30)} {
		for _, lang := range Languages {
			o := Options{Lang: lang}
			want, err := marshal(documentOf(r, o), surrogates)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := JSON(&got, r, o); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("-at once, +streamed:\n%s", diff)
			}
		}
	}
}
