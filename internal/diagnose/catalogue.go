package diagnose

import (
	"fmt"
	"maps"
	"slices"
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
	common := map[string]int{} // how many rules hold a string
	for i, cause := range causes {
		c.byID[cause.ID] = i
		for j, p := range slices.Concat(cause.Signs, cause.Hints) {
			rules, err := newRules(i, j >= len(cause.Signs), p)
			if err != nil {
				return nil, fmt.Errorf("cause %s: %w", cause.ID, err)
			}
			for _, r := range rules {
				c.rules = append(c.rules, r)
				r.must.each(func(l string) { common[l]++ })
			}
		}
	}
	c.gate(func(l string) float64 { return float64(common[l]) + 30/float64(len(l)) })
	return c, nil
}

// gate makes the scanner that tells which rules are worth trying on a message. Each is gated by strings that are rare and long.
func (c *Catalogue) gate(cost func(string) float64) {
	rules := map[string][]int32{}
	for i, r := range c.rules {
		literals, _ := r.must.anyOf(cost)
		if len(literals) == 0 {
			c.always = append(c.always, int32(i))
		}
		for _, l := range literals {
			rules[l] = append(rules[l], int32(i))
		}
	}
	literals := slices.Sorted(maps.Keys(rules))
	values := make([][]int32, len(literals))
	for i, l := range literals {
		values[i] = rules[l]
	}
	c.scan = newScanner(literals, values)
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
