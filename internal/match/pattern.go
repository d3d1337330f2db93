// Package match finds which of many patterns match what was said: by its kind, its reason and its message.
//
// The patterns of a catalogue are hundreds of regular expressions, and a big cluster says thousands of things. So
// each pattern is reduced to the strings that every match holds, one automaton looks for all of them in one pass, and
// only the few expressions that can match are tried.
package match

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A Pattern matches a sign by where it was said, its reason, and its message.
type Pattern struct {
	Kind    string `json:"kind"`    // Sign kinds separated by |; empty: any that the cluster says (not field, not stall)
	Reason  string `json:"reason"`  // exact reasons separated by |; empty: any
	Message string `json:"message"` // RE2 without regard to case, matched in the plain form; see [Plain]. Named groups become arguments.
}

// A rule is a compiled Pattern, or one branch of it.
type rule struct {
	pattern int // index into the patterns of the set
	kinds   []string
	reasons []string
	message string                // as it was written; empty: any message will do
	re      func() *regexp.Regexp // compiled at first use; most rules are never tried in a run
	names   []string              // of the groups
	exact   bool                  // must is all there is to it
	must    *skeleton             // what every message that matches holds
}

// newRules compiles a pattern. Each branch of an alternation at its top is a rule of its own, so that only the branch
// that can match is tried.
func newRules(pattern int, p Pattern) ([]*rule, error) {
	base := rule{pattern: pattern}
	if p.Kind == "" && p.Reason == "" && p.Message == "" {
		return nil, fmt.Errorf("an empty pattern matches everything")
	}
	if p.Kind != "" {
		base.kinds = strings.Split(p.Kind, "|")
	}
	if p.Reason != "" {
		base.reasons = strings.Split(p.Reason, "|")
	}
	if p.Message == "" {
		return []*rule{&base}, nil
	}
	re, err := syntax.Parse(p.Message, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("message %q: %w", p.Message, err)
	}
	fold(re)
	branches := []*syntax.Regexp{re}
	if re.Op == syntax.OpAlternate {
		branches = re.Sub
	}
	var out []*rule
	for _, b := range branches {
		r := base
		r.message, r.names, r.must = p.Message, groupNames(b), required(b)
		r.exact = b.Op == syntax.OpLiteral
		r.re = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(b.String()) })
		out = append(out, &r)
	}
	return out, nil
}

// groupNames are the names of the groups of an expression, numbered as if it stood alone.
func groupNames(re *syntax.Regexp) []string {
	out := []string{""}
	var walk func(*syntax.Regexp)
	walk = func(re *syntax.Regexp) {
		if re.Op == syntax.OpCapture {
			out = append(out, re.Name)
		}
		for _, sub := range re.Sub {
			walk(sub)
		}
	}
	walk(re)
	return out
}

// applies reports whether the rule is for a kind of sign and a reason. Kinds that only a pattern which names them is for are explicit.
func (r *rule) applies(kind, reason string, explicit []string) bool {
	switch {
	case len(r.kinds) == 0 && slices.Contains(explicit, kind):
		return false
	case len(r.kinds) > 0 && !slices.Contains(r.kinds, kind):
		return false
	}
	return len(r.reasons) == 0 || slices.Contains(r.reasons, reason)
}

// match reports whether a message matches, given in its plain form and in lower case, and where the groups are.
func (r *rule) match(low string) ([]int, bool) {
	switch {
	case r.message == "" || r.exact && r.must.find(low) >= 0:
		return nil, true
	case r.exact || r.must.find(low) < 0:
		return nil, false
	case len(r.names) <= 1:
		return nil, r.re().MatchString(low)
	}
	at := r.re().FindStringSubmatchIndex(low)
	return at, at != nil
}

// fold rewrites an expression so that it matches the lower-case form of what it matched.
func fold(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for i, c := range re.Rune {
			re.Rune[i] = lowerASCII(c)
		}
		re.Flags &^= syntax.FoldCase
	case syntax.OpCharClass:
		var more []rune
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if lo, hi := max(re.Rune[i], 'A'), min(re.Rune[i+1], 'Z'); lo <= hi {
				more = append(more, lo+'a'-'A', hi+'a'-'A')
			}
		}
		re.Rune = append(re.Rune, more...)
	}
	for _, sub := range re.Sub {
		fold(sub)
	}
}

func lowerASCII(c rune) rune {
	if c <= unicode.MaxASCII {
		return unicode.ToLower(c)
	}
	return c
}
