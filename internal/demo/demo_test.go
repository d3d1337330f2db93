package demo

import (
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
)

// TestDemo holds what the README promises of the demo: at least five different problems, one of which blocks
// many Pods, and nothing left unexplained.
func TestDemo(t *testing.T) {
	c, err := diagnose.NewCatalogue(causes.All())
	if err != nil {
		t.Fatal(err)
	}
	s, err := dump.Read(Dump(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	r := diagnose.Run(s, c, diagnose.Options{})
	kinds := map[string]bool{}
	for _, p := range r.Problems {
		kinds[p.Cause] = true
	}
	if len(kinds) < 5 || r.Problems[0].Pods() < 5 {
		t.Errorf("%d kinds of problem, the first blocks %d Pods", len(kinds), r.Problems[0].Pods())
	}
	if len(r.Unexplained)+len(r.Gaps) > 0 {
		t.Errorf("unexplained %v, gaps %v", r.Unexplained, r.Gaps)
	}
}
