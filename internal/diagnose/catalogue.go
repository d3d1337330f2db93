package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
)

// A Catalogue is a checked set of causes, ready to run.
type Catalogue struct {
	causes []*Cause
	byID   map[string]int
	reach  map[string]map[string]bool
	rules  []*rule
	always []int32 // rules that the scanner cannot gate
	scan   *scanner
}

// NewCatalogue checks the causes and compiles their patterns.
func NewCatalogue(causes []*Cause) (*Catalogue, error) {
	if err := Validate(causes); err != nil {
		return nil, err
	}
	c := &Catalogue{causes: causes, byID: map[string]int{}, reach: reachability(causes)}
	lits := map[string][]int32{}
	for i, cause := range causes {
		c.byID[cause.ID] = i
		for j, p := range slices.Concat(cause.Signs, cause.Hints) {
			rules, err := newRules(i, j >= len(cause.Signs), p)
			if err != nil {
				return nil, fmt.Errorf("cause %s: %w", cause.ID, err)
			}
			for _, r := range rules {
				n := int32(len(c.rules))
				c.rules = append(c.rules, r)
				if len(r.literals) == 0 {
					c.always = append(c.always, n)
				}
				for _, l := range r.literals {
					lits[l] = append(lits[l], n)
				}
			}
		}
	}
	var strs []string
	for l := range lits {
		strs = append(strs, l)
	}
	slices.Sort(strs)
	var values [][]int32
	for _, l := range strs {
		values = append(values, lits[l])
	}
	c.scan = newScanner(strs, values)
	return c, nil
}

// Causes returns the causes in the order of the catalogue.
func (c *Catalogue) Causes() []*Cause { return slices.Clone(c.causes) }

// Cause finds a cause by its id; nil where there is none.
func (c *Catalogue) Cause(id string) *Cause {
	if i, ok := c.byID[id]; ok {
		return c.causes[i]
	}
	return nil
}

// explains tells whether one cause explains another, at once or through others.
func (c *Catalogue) explains(from, to string) bool { return c.reach[from][to] }

// A hit is a rule that matches a sign.
type hit struct {
	rule *rule
	sign int // index into the Pod's signs
	args map[string]string
}

// matches finds the rules that match a sign, in the order of the catalogue.
func (c *Catalogue) matches(i int, s *cluster.Sign, hits []hit) []hit {
	plain, _, _ := strings.Cut(Plain(s.Message), cleanup)
	var buf [32]int32
	candidates := buf[:0]
	for _, n := range c.always {
		if c.rules[n].fits(s) {
			candidates = append(candidates, n)
		}
	}
	c.scan.scan(plain, func(n int32) {
		if c.rules[n].fits(s) {
			candidates = append(candidates, n)
		}
	})
	if len(candidates) == 0 {
		return hits
	}
	low := lowered(plain)
	slices.Sort(candidates)
	for _, n := range slices.Compact(candidates) {
		if args, ok := c.rules[n].match(plain, low); ok {
			hits = append(hits, hit{c.rules[n], i, args})
		}
	}
	return hits
}
