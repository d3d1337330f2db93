package causes

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/remedy"
)

// leftOpen are names that stand in commands for what only a person knows.
var leftOpen = regexp.MustCompile(`\b(?:VALUE|KEY|IMAGE|SIZE|MEMORY|CPU|AMOUNT|PORT|PATH|COMMAND|ARGUMENTS|REQUEST|` +
	`LIMIT|COUNT|OPTION|CONTENT|FILE|UID|GROUP|USER|FEWER|RESOURCE|ARCH|DIRECTORY|SCHEME|NAME)\b`)

// TestOperationsOfCases reads the steps of all that is known as what fix would do: none is done to a Secret, none to
// what is in another namespace than its command names, and the greater part of the problems can be taken up.
func TestOperationsOfCases(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	problems, cured, steps, done := 0, 0, 0, 0
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		r := diagnose.Run(read(t, dump), cat, diagnose.Options{})
		for i := range r.Problems {
			can := false
			problems++
			f := &r.Problems[i].Findings[0]
			answers := map[string]string{}
			for _, step := range r.Text(f).Fix {
				for _, name := range step.Holes {
					answers[name] = "1"
				}
			}
			for _, step := range r.Answered(f, answers).Fix {
				if !argument.Changes(step.Run) {
					continue
				}
				steps++
				ops, ok := remedy.Operations(step.Run)
				if !ok {
					continue
				}
				if left := leftOpen.FindString(step.Run); left != "" && !isValue(f.Args, left) {
					t.Errorf("%s: nobody is asked for %s: %s", f.Cause, left, step.Run)
				}
				can = true
				done++
				for _, op := range ops {
					if slices.Contains([]string{"Secret", "Event", "Lease"}, op.Object.Kind) {
						t.Errorf("%s: %s", f.Cause, step.Run)
					}
				}
			}
			if can {
				cured++
			}
		}
	})
	t.Logf("%d of %d problems have a step that fix can do: %d of %d steps that change something", cured, problems, done,
		steps)
	if cured*5 < problems*2 {
		t.Errorf("only %d of %d problems have a step that fix can do", cured, problems)
	}
}

// isValue reports whether what looks like a hole stands in the value of an argument: a variable may be called PORT.
func isValue(args map[string]string, word string) bool {
	for _, v := range args {
		if strings.Contains(v, word) {
			return true
		}
	}
	return false
}
