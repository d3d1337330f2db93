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
	// Sign kinds separated by |; empty: any that the cluster says (not field, not stall)
	Kind   string `json:"kind,omitempty"`
	Reason string `json:"reason,omitempty"` // exact reasons separated by |; empty: any
	// RE2 without regard to case, matched in the plain form; see [Plain]. Named groups become arguments.
	Message string `json:"message,omitempty"`

	// Branches are what Message is taken apart into; see [Prepare]. They are generated for what is built in, so that no
	// expression is parsed before a message comes that it may match.
	Branches []Branch `json:"-"`
}

// A Branch is one alternative of a Message.
type Branch struct {
	Expr     string   // in the form that matches what is in lower case
	Literals []string // of which every match holds at least one; none: it has to be tried on every message
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
	re    func() *regexp.Regexp // compiled at first use; nil: any message will do
	names []string              // of the groups
	exact bool                  // must is all there is to it
	must  *skeleton             // what every message that matches holds
}

// rules parses the expression of a pattern. Each branch of an alternation at its top is a rule of its own, so that only
// the branch that can match is tried. A pattern without an expression has one rule, which matches any message.
func (p *Pattern) rules() ([]*rule, error) {
	trees, err := p.parse()
	if err != nil {
		return nil, err
	}
	out := make([]*rule, len(trees))
	for i, tree := range trees {
		out[i] = newRule(tree)
	}
	return out, nil
}

// parse returns the branches of the expression, in the form that matches what is in lower case; one nil where there is
// no expression.
func (p *Pattern) parse() ([]*syntax.Regexp, error) {
	if p.Empty() {
		return nil, fmt.Errorf("an empty pattern matches everything")
	}
	if p.Message == "" {
		return []*syntax.Regexp{nil}, nil
	}
	re, err := syntax.Parse(p.Message, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("message %q: %w", p.Message, err)
	}
	fold(re)
	if re.Op == syntax.OpAlternate {
		return re.Sub, nil
	}
	return []*syntax.Regexp{re}, nil
}

func newRule(tree *syntax.Regexp) *rule {
	if tree == nil {
		return &rule{}
	}
	return &rule{
		names: groupNames(tree),
		must:  required(tree),
		exact: tree.Op == syntax.OpLiteral,
		re:    sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(tree.String()) }),
	}
}

// rule parses a branch. Of a tree its text would have to be written first, which costs more than all the rest.
func (b *Branch) rule() *rule {
	if b.Expr == "" {
		return newRule(nil)
	}
	tree, err := syntax.Parse(b.Expr, syntax.Perl)
	if err != nil {
		panic("match: " + err.Error()) // it was written by Prepare
	}
	r := newRule(tree)
	r.re = Lazy(b.Expr)
	return r
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
		if n := len(re.Rune); n > 0 && re.Rune[n-1] == unicode.MaxRune { // what it names is left out, in either case
			re.Rune = without(re.Rune)
			break
		}
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

// without are the ranges of a class without the small letters of which the capital is not in it.
func without(ranges []rune) []rune {
	for c := 'A'; c <= 'Z'; c++ {
		at := rangeOf(ranges, unicode.ToLower(c))
		if at < 0 || rangeOf(ranges, c) >= 0 {
			continue
		}
		var left []rune // of the range that has the letter
		if lo := ranges[at]; lo < unicode.ToLower(c) {
			left = append(left, lo, unicode.ToLower(c)-1)
		}
		if hi := ranges[at+1]; unicode.ToLower(c) < hi {
			left = append(left, unicode.ToLower(c)+1, hi)
		}
		ranges = slices.Concat(ranges[:at], left, ranges[at+2:])
	}
	return ranges
}

// rangeOf is where the range of a class stands that has a letter; -1 for nowhere.
func rangeOf(ranges []rune, c rune) int {
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i] <= c && c <= ranges[i+1] {
			return i
		}
	}
	return -1
}

func lowerASCII(c rune) rune {
	if c <= unicode.MaxASCII {
		return unicode.ToLower(c)
	}
	return c
}
