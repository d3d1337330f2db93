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
	Kind    string `json:"kind,omitempty"`    // Sign kinds separated by |; empty: any that the cluster says (not field, not stall)
	Reason  string `json:"reason,omitempty"`  // exact reasons separated by |; empty: any
	Message string `json:"message,omitempty"` // RE2 without regard to case, matched in the plain form; see [Plain]. Named groups become arguments.

	// Literals has for each branch of Message strings of which every match holds at least one; see [Prepare]. They are
	// generated for what is built in, so that no expression is parsed before a message comes that it may match.
	Literals [][]string `json:"-"`
}

// Empty reports whether the pattern says nothing, so that it would match everything.
func (p *Pattern) Empty() bool { return p.Kind == "" && p.Reason == "" && p.Message == "" }

// applies reports whether the pattern is for a kind of sign and a reason. Kinds that only a pattern which names them
// is for are explicit.
func (p *Pattern) applies(kind, reason string, explicit []string) bool {
	if p.Kind == "" && slices.Contains(explicit, kind) {
		return false
	}
	return (p.Kind == "" || listed(p.Kind, kind)) && (p.Reason == "" || listed(p.Reason, reason))
}

// listed reports whether a word is one of those in a list, which are separated by |.
func listed(list, word string) bool {
	for {
		first, rest, more := strings.Cut(list, "|")
		if first == word {
			return true
		}
		if !more {
			return false
		}
		list = rest
	}
}

// A rule is a compiled branch of a Pattern.
type rule struct {
	re    func() *regexp.Regexp // compiled at first use; most rules are never tried in a run
	names []string              // of the groups
	exact bool                  // must is all there is to it
	must  *skeleton             // what every message that matches holds
}

// rules parses the expression of a pattern. Each branch of an alternation at its top is a rule of its own, so that only
// the branch that can match is tried. A pattern without an expression has one rule, which matches any message.
func (p *Pattern) rules() ([]*rule, error) {
	if p.Empty() {
		return nil, fmt.Errorf("an empty pattern matches everything")
	}
	if p.Message == "" {
		return []*rule{{}}, nil
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
		out = append(out, &rule{
			names: groupNames(b),
			must:  required(b),
			exact: b.Op == syntax.OpLiteral,
			re:    sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(b.String()) }),
		})
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

// match reports whether a message matches, given in its plain form and in lower case, and where the groups are.
func (r *rule) match(low string) ([]int, bool) {
	switch {
	case r.re == nil || r.exact && r.must.find(low) >= 0:
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
