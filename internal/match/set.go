package match

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// A Set is many patterns. It is safe for concurrent use.
type Set struct {
	patterns []*Pattern
	always   []int32 // indices of rules that the scanner cannot gate
	scan     *scanner
	explicit []string

	mu    sync.Mutex // for what is parsed
	rules []lazyRule
}

// A lazyRule is a branch of a pattern, which is parsed when there is a message that it may match.
type lazyRule struct {
	pattern int // index into the patterns of the set
	branch  *Branch
	parsed  *rule
}

func (s *Set) rule(n int32) *rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.rules[n]
	if l.parsed == nil {
		l.parsed = l.branch.rule()
	}
	return l.parsed
}

// NewSet makes a set of patterns, and parses those that have no Branches.
// A pattern that names no kind is for all kinds but those that are explicit.
func NewSet(patterns []*Pattern, explicit ...string) (*Set, error) {
	s := &Set{patterns: patterns, explicit: explicit, rules: make([]lazyRule, 0, 2*len(patterns))}
	gates := &gates{}
	for i, p := range patterns {
		for j := range p.Branches {
			s.add(lazyRule{pattern: i, branch: &p.Branches[j]}, p.Branches[j].Literals, gates)
		}
		if p.Branches != nil {
			continue
		}
		rules, err := p.rules()
		if err != nil {
			return nil, &PatternError{i, err}
		}
		for _, r := range rules {
			s.add(lazyRule{pattern: i, parsed: r}, literalsOf(r, func(l string) float64 { return 1 / float64(len(l)) }),
				gates)
		}
	}
	s.scan = newScanner(gates.strings, gates.rules)
	return s, nil
}

// gates are strings, and which rule each makes worth a try.
type gates struct {
	strings []string
	rules   []int32
}

func (s *Set) add(l lazyRule, literals []string, gates *gates) {
	n := int32(len(s.rules))
	s.rules = append(s.rules, l)
	if len(literals) == 0 {
		s.always = append(s.always, n)
	}
	for _, l := range literals {
		gates.strings, gates.rules = append(gates.strings, l), append(gates.rules, n)
	}
}

// Prepare gives patterns their Branches, with the literals that are long, and rare among all of the patterns.
func Prepare(patterns []*Pattern) error {
	all := make([][]*syntax.Regexp, len(patterns))
	common := map[string]int{} // how many branches hold a string
	for i, p := range patterns {
		var err error
		if all[i], err = p.parse(); err != nil {
			return &PatternError{i, err}
		}
		for _, tree := range all[i] {
			newRule(tree).must.each(func(l string) { common[l]++ })
		}
	}
	cost := func(l string) float64 { return float64(common[l]) + 30/float64(len(l)) }
	for i, p := range patterns {
		p.Branches = make([]Branch, len(all[i]))
		for j, tree := range all[i] {
			if tree != nil {
				p.Branches[j] = Branch{Expr: tree.String(), Literals: literalsOf(newRule(tree), cost)}
			}
		}
	}
	return nil
}

// literalsOf returns the strings of which every match of a rule holds at least one.
func literalsOf(r *rule, cost func(string) float64) []string {
	literals, _ := r.must.anyOf(cost)
	return literals
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
			args[name] = whole(plain, h.at[2*i], h.at[2*i+1])
		}
	}
}

// earlier reports whether a group of the same name as group i comes before it and has matched.
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
		if s.patterns[s.rules[n].pattern].applies(kind, reason, s.explicit) {
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
		r := s.rule(n)
		if at, ok := r.match(low); ok {
			out = append(out, Hit{s.rules[n].pattern, r, at})
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
