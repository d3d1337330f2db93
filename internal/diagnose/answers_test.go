package diagnose

import (
	"testing"

	"github.com/kubestuck/stuck/internal/remedy"
)

// TestAnswer holds what a person, or a plan that somebody else has written, may put in place of a name in a command.
func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		name, value string
		may         bool
	}{
		{"IMAGE", "registry.example.com/web:1", true},
		{"IMAGE", "--all", false},
		{"IMAGE", "web 1", false},
		{"COUNT", "12", true},
		{"COUNT", "many", false},
		{"VALUE", "a.b", true},
		{"VALUE", "a b", false},
		{"ARGUMENTS", "sleep 86400", true},
		{"ARGUMENTS", "--config=/etc/app.yaml -v", true},
		{"COMMAND", "/bin/server", true},
		{"COMMAND", "sh -c $(id)", false},
		{"COMMAND", "a; b", false},
		{"ARGUMENTS", `a" b`, false},
		{"ARGUMENTS", "a'b", false},
		{"ARGUMENTS", "", false},
		{"ARGUMENTS", " a", false},
	} {
		if got := Answer(c.name, c.value); got != c.may {
			t.Errorf("%s may be %q: %v", c.name, c.value, got)
		}
	}
}

// TestFillHole: a program is put in place of the one that is started, and one with its own arguments of all of it.
func TestFillHole(t *testing.T) {
	for value, want := range map[string]string{"/bin/web": "containers[app].command[0]",
		"sleep 9": "containers[app].command"} {
		f := Finding{answers: map[string]string{"COMMAND": value}}
		got := f.fillHole(remedy.Edit{Field: "containers[app].command[0]", Hole: "COMMAND"})
		if got.Field != want || got.Value != value || got.Hole != "" {
			t.Errorf("%s: %+v", value, got)
		}
	}
}
