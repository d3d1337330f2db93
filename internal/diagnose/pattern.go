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
	cause    int  // index into the causes of the catalogue
	hint     bool // from Hints, not from Signs
	kinds    []string
	reasons  []string
	message  string                // as it was written; empty: any message will do
	re       func() *regexp.Regexp // compiled at first use; most rules are never tried in a run
	names    []string              // of the groups
	literals []string              // every message that matches holds one of these; empty: no such thing is known
}

func newRule(cause int, hint bool, p Pattern) (*rule, error) {
	r := &rule{cause: cause, hint: hint}
	if p.Kind == "" && p.Reason == "" && p.Message == "" {
		return nil, fmt.Errorf("an empty pattern matches everything")
	}
	if p.Kind != "" {
		r.kinds = strings.Split(p.Kind, "|")
	}
	if p.Reason != "" {
		r.reasons = strings.Split(p.Reason, "|")
	}
	if p.Message == "" {
		return r, nil
	}
	re, err := syntax.Parse(p.Message, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("message %q: %w", p.Message, err)
	}
	fold(re)
	r.message, r.literals, r.names = p.Message, literals(re.Simplify()), re.CapNames()
	r.re = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(re.String()) })
	return r, nil
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

// match finds the named groups of the rule in a message, given in its plain form and in lower case.
func (r *rule) match(plain, low string) (map[string]string, bool) {
	if r.message == "" {
		return nil, true
	}
	if len(r.names) <= 1 {
		return nil, r.re().MatchString(low)
	}
	m := r.re().FindStringSubmatchIndex(low)
	if m == nil {
		return nil, false
	}
	args := map[string]string{}
	for i, name := range r.names {
		if name != "" && m[2*i] >= 0 && args[name] == "" {
			args[name] = plain[m[2*i]:m[2*i+1]]
		}
	}
	return args, true
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
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// literals finds strings of which every match holds at least one; nil where there are none worth looking for.
func literals(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return literals(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literals(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if l := literals(sub); shortest(l) > shortest(best) {
				best = l
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			l := literals(sub)
			if l == nil {
				return nil
			}
			all = append(all, l...)
		}
		return all
	}
	return nil
}

func shortest(ls []string) int {
	if len(ls) == 0 {
		return 0
	}
	n := len(ls[0])
	for _, l := range ls {
		n = min(n, len(l))
	}
	return n
}
