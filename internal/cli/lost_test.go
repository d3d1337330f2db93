package cli

import (
	"os"
	"strings"
	"testing"
)

// TestHalfRead gives what is not whole: that nothing is stuck in the rest is no "nothing is stuck" (exit code 2), and
// the first line says so. What is stuck in the rest is stuck.
func TestHalfRead(t *testing.T) {
	dir(t)
	const runs = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"shop"},"spec":{"nodeName":"n1",` +
		`"containers":[{"name":"app","image":"app:1"}]},"status":{"phase":"Running","conditions":[{"type":"Ready",` +
		`"status":"True"}],"containerStatuses":[{"name":"app","ready":true,"state":{"running":{}}}]}}`
	stuck := strings.NewReplacer(`"Running"`, `"Pending"`, `"running":{}`, `"waiting":{"reason":"InvalidImageName"}`,
		`"True"`, `"False"`).Replace(runs)
	list := func(of string) string { return `{"apiVersion":"v1","kind":"List","items":[` + of + `]}` }
	for name, c := range map[string]struct {
		text string
		code int
		says string
	}{
		"whole":              {list(runs), ExitFine, "Nothing is stuck"},
		"cut":                {list(runs + "," + runs)[:500], ExitFailed, "Part of what was given could not be read"},
		"items that are one": {runs + `{"apiVersion":"v1","kind":"PodList","items":{}}`, ExitFailed, "Part of what"},
		"no object beside":   {runs + `{"a":1}`, ExitFine, "Nothing is stuck in what could be read"},
		"cut, and stuck": {list(stuck + "," + runs)[:500], ExitStuck,
			"1 problem blocks 1 of 1 Pod; part of what was given could not be read"},
	} {
		if err := os.WriteFile("x.json", []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := command(nil, "", nil, "-f", "x.json"); got.code != c.code || !strings.HasPrefix(got.out, c.says) {
			t.Errorf("%s: exit code %d, want %d: %s%s", name, got.code, c.code, got.out, got.err)
		}
	}
}
