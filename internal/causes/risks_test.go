package causes

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kubestuck/stuck/internal/diagnose"
)

var (
	filledIn = regexp.MustCompile(`\{[a-z]+\}|\b[A-Z][A-Z_-]+\b`)
	reading  = regexp.MustCompile(`^kubectl( -n \S+)? (get|describe|logs|top) `)
)

// TestRisks holds that a command has one risk, in whichever cause it is: where it has another, the step says why.
// A command that only reads is no risk: then it is that of what the words ask for.
func TestRisks(t *testing.T) {
	type use struct{ risk, where string }
	known := map[string]use{}
	for _, c := range All() {
		for _, in := range texts(c) {
			for _, s := range in.text.Fix {
				command := strings.NewReplacer("[[", "", "]]", "").Replace(filledIn.ReplaceAllString(s.Run, "X"))
				if command == "" || s.Because != (diagnose.Words{}) || reading.MatchString(command) {
					continue
				}
				if first, ok := known[command]; !ok {
					known[command] = use{s.Risk, in.name}
				} else if s.Risk != first.risk {
					t.Errorf("%s has the risk %s in %s and %s in %s: decide, or say because",
						s.Run, s.Risk, in.name, first.risk, first.where)
				}
			}
		}
	}
}

type named struct {
	name string
	text diagnose.Text
}

// texts are the texts of a cause: its own, and those of its variants.
func texts(c *diagnose.Cause) []named {
	out := []named{{c.ID, c.Text}}
	for _, v := range c.Variants {
		out = append(out, named{c.ID + "/" + v.Name, v.Text})
	}
	return out
}
