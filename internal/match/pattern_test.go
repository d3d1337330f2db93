package match

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	r := onlyRule(t, `Secret "(?P<secret>[^"]+)" [A-Z]ot found`)
	plain := `secret "API-TLS" not found`
	at, ok := r.match(lowered(plain))
	args := map[string]string{}
	if h := (Hit{rule: r, at: at}); ok {
		h.Args(plain, args)
	}
	if args["secret"] != "API-TLS" {
		t.Errorf("args %v, matched %v: want secret API-TLS as it was written", args, ok)
	}
}

// TestNegatedClasses leaves out a letter in either case, as a class that is not negated takes it in either.
func TestNegatedClasses(t *testing.T) {
	for pattern, want := range map[string]bool{`failed; [^r]`: false, `failed; [^R]`: false, `failed; [^a-z]`: false,
		`failed; [^q]`: true, `failed; [R]`: true, `failed; \S`: true, `failed; \W`: false} {
		if _, ok := onlyRule(t, pattern).match(lowered("failed; Request")); ok != want {
			t.Errorf("%s: %v, want %v", pattern, ok, want)
		}
	}
}

func onlyRule(t *testing.T, message string) *rule {
	t.Helper()
	rules, err := (&Pattern{Message: message}).rules()
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) != 1 {
		t.Fatalf("%s makes %d rules, want 1", message, len(rules))
	}
	return rules[0]
}

func TestBranchesAreRules(t *testing.T) {
	rules, err := (&Pattern{Message: `lookup (?P<host>\S+): no|server (?P<server>\S+) misbehaving`}).rules()
	if err != nil {
		t.Fatal(err)
	}
	const text = "server ns1 misbehaving"
	var got []map[string]string
	for _, r := range rules {
		if at, ok := r.match(text); ok {
			h, args := Hit{rule: r, at: at}, map[string]string{}
			h.Args(text, args)
			got = append(got, args)
		}
	}
	if diff := cmp.Diff([]map[string]string{{"server": "ns1"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSkeleton(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		found         bool
		anyOf         []string
	}{
		{`secret "[^"]+" not found`, `secret "a" not found`, true, []string{`" not found`}},
		{`secret "[^"]+" not found`, `x" not found: secret "a"`, false, []string{`" not found`}},
		{`dial (?:i/o timeout|connection refused)`, `dial tcp: connection refused`, true,
			[]string{"i/o timeout", "connection refused"}},
		{`dial (?:i/o timeout|connection refused)`, `connection refused by dial`, false,
			[]string{"i/o timeout", "connection refused"}},
		{`(?:dial )?tcp`, `tcp`, true, []string{"tcp"}},
		{`.*`, ``, true, nil},
		{`a*`, ``, true, nil},
	} {
		r := onlyRule(t, c.pattern)
		if got := r.must.find(c.text) >= 0; got != c.found {
			t.Errorf("%s in %q: %v, want %v", c.pattern, c.text, got, c.found)
		}
		literals, _ := r.must.anyOf(func(l string) float64 { return 1 / float64(len(l)) })
		if diff := cmp.Diff(c.anyOf, literals); diff != "" {
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
		list := slices.DeleteFunc(strings.Split(lowered(words), "|"), func(w string) bool { return w == "" })
		slices.Sort(list)
		list = slices.Compact(list)
		var values []int32
		for i := range list {
			values = append(values, int32(i))
		}
		found := map[int32]bool{}
		newScanner(list, values).scan(lowered(text), func(v int32) { found[v] = true })
		for i, w := range list {
			if found[int32(i)] != strings.Contains(lowered(text), w) {
				t.Errorf("%q in %q: found %v", w, text, found[int32(i)])
			}
		}
	})
}

func TestRuleApplies(t *testing.T) {
	r := Pattern{Message: "x"}
	for kind, want := range map[string]bool{"event": true, "field": false, "stall": false} {
		if got := r.applies(kind, "", []string{"field", "stall"}); got != want {
			t.Errorf("a pattern without a kind and a %s sign: %v, want %v", kind, got, want)
		}
	}
}
