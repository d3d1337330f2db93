package diagnose

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
)

// A Catalogue is a checked set of causes, ready to run.
type Catalogue struct {
	causes              []*Cause
	byID                map[string]int
	reach               map[string]map[string]bool
	set                 *match.Set // of the patterns of all causes
	origins             []origin   // of each of them
	ordinary, fallbacks []int      // the causes that are asked first, and those that are asked about what is then left
}

// origin is where a pattern comes from.
type origin struct {
	cause int  // index into the causes
	hint  bool // from Hints, not from Signs
}

// NewCatalogue checks the causes and compiles their patterns.
func NewCatalogue(causes []*Cause) (*Catalogue, error) {
	if err := Validate(causes); err != nil {
		return nil, err
	}
	c := &Catalogue{causes: causes, byID: map[string]int{}, reach: reachability(causes)}
	var patterns []match.Pattern
	for i, cause := range causes {
		c.byID[cause.ID] = i
		if cause.Fallback {
			c.fallbacks = append(c.fallbacks, i)
		} else {
			c.ordinary = append(c.ordinary, i)
		}
		for j, p := range slices.Concat(cause.Signs, cause.Hints) {
			patterns = append(patterns, p)
			c.origins = append(c.origins, origin{i, j >= len(cause.Signs)})
		}
	}
	var err error
	if c.set, err = match.NewSet(patterns, cluster.SignField, cluster.SignStall); err != nil {
		if bad := (*match.PatternError)(nil); errors.As(err, &bad) {
			return nil, fmt.Errorf("cause %s: %w", causes[c.origins[bad.Pattern].cause].ID, bad.Err)
		}
		return nil, err
	}
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

// explains reports whether one cause explains another, at once or through others.
func (c *Catalogue) explains(from, to string) bool { return c.reach[from][to] }

// A hit is a pattern of a cause that matches one of a Pod's signs.
type hit struct {
	match.Hit
	origin
	sign  int    // index into the Pod's signs
	plain string // the sign's message in its plain form
}
