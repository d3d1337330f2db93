package diagnose

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/kubestuck/stuck/internal/cluster"
)

// A rule is a compiled Pattern: one way for one cause to match a sign.
type rule struct {
	cause   int  // index into the causes of the catalogue
	hint    bool // from Hints, not from Signs
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
func newRules(cause int, hint bool, p Pattern) ([]*rule, error) {
	base := rule{cause: cause, hint: hint}
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

// fits tells whether the sign is of the rule's kinds and reasons.
func (r *rule) fits(s *cluster.Sign) bool {
	switch {
	case len(r.kinds) == 0 && (s.Kind == cluster.SignField || s.Kind == cluster.SignStall):
		return false
	case len(r.kinds) > 0 && !slices.Contains(r.kinds, s.Kind):
		return false
	}
	return len(r.reasons) == 0 || slices.Contains(r.reasons, s.Reason)
}

// match tells whether a message matches, given in its plain form and in lower case, and where the groups stand.
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

// lowered is a text in lower case, ASCII letters only, so that every byte keeps its place.
func lowered(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' }) < 0 {
		return s
	}
	b := []byte(s)
	lowerBytes(b)
	return string(b)
}

func lowerBytes(b []byte) {
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
}

// An Expr is an expression for a Find to look for in messages: as in a Pattern, without regard to case,
// and as cheap where it does not match.
type Expr struct{ rules []*rule }

// MustExpr compiles an expression that is a constant of the program; it panics where that is wrong.
func MustExpr(expression string) *Expr {
	rules, err := newRules(0, false, Pattern{Message: expression})
	if err != nil {
		panic("diagnose: " + err.Error())
	}
	return &Expr{rules}
}

// Match tells whether the expression matches somewhere in a message.
func (e *Expr) Match(message string) bool {
	low := lowered(message)
	for _, r := range e.rules {
		if _, ok := r.match(low); ok {
			return true
		}
	}
	return false
}
