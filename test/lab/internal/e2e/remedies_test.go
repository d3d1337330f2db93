package e2e

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRemediesPage writes a line for each fault that was run, and keeps those of the others.
func TestRemediesPage(t *testing.T) {
	all := []Fault{
		{Name: "a", About: "A is wrong."}, {Name: "b", About: "B is wrong."}, {Name: "c", About: "C is wrong."},
		{Name: "d", About: "D is wrong."}, {Name: "e", About: "E was never run."},
	}
	old := `
## Not cured yet: 2

| Fault | What is wrong | What was tried |
|---|---|---|
| ` + "`a`" + ` | A is wrong | 1: no command |
| ` + "`d`" + ` | D is wrong | 1: no command |
`
	got := remedies(all, []Result{
		{Name: "a", Cure: &Cure{Step: 2, Command: "kubectl get x | cat", Took: 3 * time.Second}},
		{Name: "b", Cure: &Cure{None: "the registry is down"}},
		{Name: "c", Cure: &Cure{Tried: []string{"1: echo `a`\nand more"}}},
	}, old, "1.37.2")
	want := `
## Cured by what the screen says: 1

| Fault | What is wrong | Step | What was run, as printed | Cured after | Kubernetes |
|---|---|---|---|---|---|
| ` + "`a` | A is wrong | 2 | `kubectl get x \\| cat`" + ` | 3 s | 1.37.2 |

## What no command can cure: 1

| Fault | What is wrong | Why |
|---|---|---|
| ` + "`b`" + ` | B is wrong | the registry is down |

## Not cured yet: 2

| Fault | What is wrong | What was tried |
|---|---|---|
| ` + "`c`" + ` | C is wrong | ` + "`` 1: echo `a` ``" + ` |
| ` + "`d`" + ` | D is wrong | 1: no command |

`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
