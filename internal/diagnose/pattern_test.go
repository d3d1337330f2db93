package diagnose

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`secret "a" not found`, `secret "a" not found`},
		{"(combined from similar events): Failed to pull", "Failed to pull"},
		{`caused \"x: \\\"y\\\"\"`, `caused "x: "y""`},
		{"two\nlines  and\ttabs ", "two lines and tabs"},
		{"no runtime for “nvidia” is configured", `no runtime for "nvidia" is configured`},
		{`mount failed\nOutput: access denied`, "mount failed Output: access denied"},
		{`c:\var\new`, `c:\var\new`},
	} {
		if got := Plain(c.in); got != c.want {
			t.Errorf("Plain(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestRuleMatchesWithoutRegardToCase(t *testing.T) {
	r, err := newRule(0, false, Pattern{Message: `Secret "(?P<secret>[^"]+)" [A-Z]ot found`})
	if err != nil {
		t.Fatal(err)
	}
	plain := `secret "API-TLS" not found`
	args, ok := r.match(plain, lowered(plain))
	if !ok || args["secret"] != "API-TLS" {
		t.Errorf("args %v, matched %v: want secret API-TLS as it was written", args, ok)
	}
}

func TestLiteralsAreRequired(t *testing.T) {
	for _, c := range []struct {
		pattern string
		want    []string
	}{
		{`secret "[^"]+" not found`, []string{`" not found`}},
		{`i/o timeout|connection refused`, []string{"i/o timeout", "connection refused"}},
		{`(?:dial )?tcp`, []string{"tcp"}},
		{`.*`, nil},
		{`a*`, nil},
	} {
		r, err := newRule(0, false, Pattern{Message: c.pattern})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, r.literals); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.pattern, diff)
		}
	}
}

// FuzzScanner holds the scanner against strings.Contains.
func FuzzScanner(f *testing.F) {
	f.Add("she|he|hers|is", "ushers")
	f.Add("aa|aaa", "aaaa")
	f.Add("not found|no space left on device", "write /var: no space left on device")
	f.Fuzz(func(t *testing.T, words, text string) {
		list := slices.DeleteFunc(strings.Split(lowered(words), "|"), func(w string) bool { return w == "" || len(w) > longest })
		slices.Sort(list)
		list = slices.Compact(list)
		var values [][]int32
		for i := range list {
			values = append(values, []int32{int32(i)})
		}
		found := map[int32]bool{}
		newScanner(list, values).scan(text, func(v int32) { found[v] = true })
		for i, w := range list {
			if found[int32(i)] != strings.Contains(lowered(text), w) {
				t.Errorf("%q in %q: found %v", w, text, found[int32(i)])
			}
		}
	})
}

func TestRuleFits(t *testing.T) {
	r, err := newRule(0, false, Pattern{Message: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]bool{cluster.SignEvent: true, cluster.SignField: false, cluster.SignStall: false} {
		if got := r.fits(&cluster.Sign{Kind: kind}); got != want {
			t.Errorf("a pattern without a kind and a %s sign: %v, want %v", kind, got, want)
		}
	}
}
