package plan

import (
	"fmt"
	"testing"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/remedy"
)

// TestSmall: at most ten objects, and a fifth of a namespace's Pods; one Pod may always be deleted.
func TestSmall(t *testing.T) {
	for _, c := range []struct {
		objects, deleted, pods int
		want                   bool
	}{
		{10, 0, 0, true}, {11, 0, 0, false}, {0, 1, 1, true}, {0, 2, 10, true}, {0, 2, 9, false}, {0, 3, 10, false},
		{0, 10, 50, true}, {0, 11, 100, false}, {8, 2, 10, true},
	} {
		p := &Plan{}
		for i := range c.objects + c.deleted {
			a := Action{Operation: remedy.Operation{Verb: remedy.VerbPatch,
				Object: cluster.Ref{Kind: "Deployment", Namespace: "shop", Name: fmt.Sprint(i)}}}
			if i >= c.objects {
				a.Verb, a.Object.Kind = remedy.VerbDelete, "Pod"
			}
			p.Actions = append(p.Actions, a)
		}
		err := p.Small(func(string) (int, error) { return c.pods, nil })
		if (err == nil) != c.want {
			t.Errorf("%d objects, %d of %d Pods: %v", c.objects, c.deleted, c.pods, err)
		}
	}
}
