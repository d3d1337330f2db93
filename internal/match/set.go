package match

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Set is many patterns. It is safe for concurrent use.
type Set struct {
	patterns []lazyPattern
	branches []branch
	always   []int32 // indices of branches that the scanner cannot gate
	scan     *scanner
	explicit []string
}

// branch is one alternative of a pattern.
type branch struct{ pattern, index int32 }

// A lazyPattern is parsed when there is a message that it may match.
type lazyPattern struct {
	*Pattern
	once  sync.Once
	rules []*rule
}

func (p *lazyPattern) rule(branch int32) *rule {
	p.once.Do(func() {
		if p.rules != nil {
			return
		}
		var err error
		if p.rules, err = p.Pattern.rules(); err != nil {
			panic("match: literals without an expression: " + err.Error())
		}
	})
	return p.rules[branch]
}

// NewSet makes a set of patterns, which it parses as far as they have no Literals.
// A pattern that names no kind is for all kinds but those that are explicit.
func NewSet(patterns []*Pattern, explicit ...string) (*Set, error) {
	s := &Set{patterns: make([]lazyPattern, len(patterns)), explicit: explicit}
	var strings []string
	var values []int32
	for i, pattern := range patterns {
		p := &s.patterns[i]
		p.Pattern = pattern
		literals := p.Literals
		if literals == nil {
			var err error
			if p.rules, err = p.Pattern.rules(); err != nil {
				return nil, &PatternError{i, err}
			}
			literals = literalsOf(p.rules, func(l string) float64 { return 1 / float64(len(l)) })
		}
		for j, any := range literals {
			n := int32(len(s.branches))
			s.branches = append(s.branches, branch{int32(i), int32(j)})
			if len(any) == 0 {
				s.always = append(s.always, n)
			}
			for _, l := range any {
				strings, values = append(strings, l), append(values, n)
			}
		}
	}
	s.scan = newScanner(strings, values)
	return s, nil
}

// Prepare gives patterns their Literals: those that are long, and rare among all of the patterns.
func Prepare(patterns []*Pattern) error {
	all := make([][]*rule, len(patterns))
	common := map[string]int{} // how many rules hold a string
	for i, p := range patterns {
		var err error
		if all[i], err = p.rules(); err != nil {
			return &PatternError{i, err}
		}
		for _, r := range all[i] {
			r.must.each(func(l string) { common[l]++ })
		}
	}
	cost := func(l string) float64 { return float64(common[l]) + 30/float64(len(l)) }
	for i, p := range patterns {
		p.Literals = literalsOf(all[i], cost)
	}
	return nil
}

// literalsOf returns for each rule the strings of which every match holds at least one.
func literalsOf(rules []*rule, cost func(string) float64) [][]string {
	out := make([][]string, len(rules))
	for i, r := range rules {
		literals, _ := r.must.anyOf(cost)
		out[i] = append([]string{}, literals...) // never nil, so that what is generated of it is the same
	}
	return out
}

// A PatternError says which of the patterns of a set cannot be compiled.
type PatternError struct {
	Pattern int // its index
	Err     error
}

func (e *PatternError) Error() string { return fmt.Sprintf("pattern %d: %v", e.Pattern, e.Err) }

// Unwrap returns what is wrong with the pattern.
func (e *PatternError) Unwrap() error { return e.Err }

// A Hit is a pattern that matches a message, and where its named groups are in it.
type Hit struct {
	Pattern int // index into the patterns of the set
	rule    *rule
	at      []int // start and end of each group in the plain form of the message; nil where the pattern has none
}

// Args adds the named groups. They are taken from the plain form of the message that matched.
func (h *Hit) Args(plain string, args map[string]string) {
	for i, name := range h.rule.names {
		if name != "" && h.at[2*i] >= 0 && h.at[2*i] < h.at[2*i+1] && !h.earlier(i) {
			args[name] = plain[h.at[2*i]:h.at[2*i+1]]
		}
	}
}

// earlier reports whether a group of the same name as group i stands before it and has matched.
func (h *Hit) earlier(i int) bool {
	for j := range i {
		if h.rule.names[j] == h.rule.names[i] && h.at[2*j] >= 0 && h.at[2*j] < h.at[2*j+1] {
			return true
		}
	}
	return false
}

// Match finds the patterns that match a message, each of its branches for itself, in the order of the set.
func (s *Set) Match(kind, reason, message string) []Hit {
	plain := []byte(Plain(ends(message)))
	lowerBytes(plain)
	return s.match(kind, reason, string(plain))
}

// match finds what matches a message that is given in its plain form, in lower case and without ids.
func (s *Set) match(kind, reason, low string) []Hit {
	var buf [32]int32
	candidates := buf[:0]
	try := func(n int32) {
		if s.patterns[s.branches[n].pattern].applies(kind, reason, s.explicit) {
			candidates = append(candidates, n)
		}
	}
	for _, n := range s.always {
		try(n)
	}
	s.scan.scan(low, try)
	slices.Sort(candidates)
	var out []Hit
	for _, n := range slices.Compact(candidates) {
		b := s.branches[n]
		r := s.patterns[b.pattern].rule(b.index)
		if at, ok := r.match(low); ok {
			out = append(out, Hit{int(b.pattern), r, at})
		}
	}
	return out
}

// enough is how many messages a Matcher remembers.
const enough = 20000

// A Matcher matches one message after another against a set, and remembers them. Messages that differ in nothing but
// the ids in them are the same to the patterns, and a big cluster says the same thing thousands of times.
// It is for one goroutine.
type Matcher struct {
	set  *Set
	seen map[string][]Hit
	key  []byte // memory for the next key of seen
}

// NewMatcher makes a Matcher that remembers nothing yet.
func NewMatcher(s *Set) *Matcher { return &Matcher{set: s, seen: map[string][]Hit{}} }

// Match finds the patterns that match a message up to what is said in it of cleaning up, and returns its plain form.
func (m *Matcher) Match(kind, reason, message string) (plain string, hits []Hit) {
	plain, _, _ = strings.Cut(withoutMirrors(Plain(ends(message))), cleanup)
	key := append(append(append(append(m.key[:0], kind...), 0), reason...), 0)
	from := len(key)
	key = append(key, plain...)
	lowerBytes(key[from:])
	blankIDs(key[from:])
	m.key = key
	hits, ok := m.seen[string(key)]
	if !ok {
		hits = m.set.match(kind, reason, string(key[from:]))
		if len(m.seen) < enough {
			m.seen[string(key)] = hits
		}
	}
	return plain, hits
}
