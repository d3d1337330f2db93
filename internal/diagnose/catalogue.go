package diagnose

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// A Catalogue is a checked set of causes, ready to run.
type Catalogue struct {
	causes              []*Cause
	byID                map[string]int
	reach               map[string]map[string]bool
	set                 *match.Set // of the patterns of all causes
	patterns            []*match.Pattern
	origins             []origin // of each of them
	ordinary, fallbacks []int    // the causes that are asked first, and those that are asked about what is then left
	admission, notMade  []int    // the same for workloads whose Pods are not made
}

// origin is where a pattern comes from.
type origin struct {
	cause int  // index into the causes
	hint  bool // from Hints, not from Signs
}

// NewCatalogue checks the causes. It parses their patterns where they have no literals; see [Prepare].
func NewCatalogue(causes []*Cause) (*Catalogue, error) {
	if err := Validate(causes); err != nil {
		return nil, err
	}
	c := &Catalogue{causes: causes, byID: map[string]int{}, reach: reachability(causes)}
	for i, cause := range causes {
		c.byID[cause.ID] = i
		switch {
		case cause.Stage == pod.StageAdmission:
		case cause.Fallback:
			c.fallbacks = append(c.fallbacks, i)
		default:
			c.ordinary = append(c.ordinary, i)
		}
		switch {
		case cause.Stage != pod.StageAdmission && cause.FindMissing == nil:
		case cause.Fallback:
			c.notMade = append(c.notMade, i)
		default:
			c.admission = append(c.admission, i)
		}
	}
	patterns, origins := patternsOf(causes)
	set, err := match.NewSet(patterns, cluster.SignField, cluster.SignStall)
	if err != nil {
		return nil, inCause(err, causes, origins)
	}
	c.set, c.patterns, c.origins = set, patterns, origins
	return c, nil
}

// Prepare finds the literals of the causes' patterns, so that a catalogue of them parses no pattern before a message
// comes that it may match.
func Prepare(causes []*Cause) error {
	patterns, origins := patternsOf(causes)
	return inCause(match.Prepare(patterns), causes, origins)
}

// patternsOf returns the patterns of causes, and where each comes from.
func patternsOf(causes []*Cause) ([]*match.Pattern, []origin) {
	n := 0
	for _, c := range causes {
		n += len(c.Signs) + len(c.Hints)
	}
	patterns, origins := make([]*match.Pattern, 0, n), make([]origin, 0, n)
	for i, c := range causes {
		for j := range c.Signs {
			patterns, origins = append(patterns, &c.Signs[j]), append(origins, origin{i, false})
		}
		for j := range c.Hints {
			patterns, origins = append(patterns, &c.Hints[j]), append(origins, origin{i, true})
		}
	}
	return patterns, origins
}

// inCause says of which cause the pattern is that cannot be parsed.
func inCause(err error, causes []*Cause, origins []origin) error {
	if bad := (*match.PatternError)(nil); errors.As(err, &bad) {
		return fmt.Errorf("cause %s: %w", causes[origins[bad.Pattern].cause].ID, bad.Err)
	}
	return err
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

// speaks reports whether a sign can speak of the cause that a pattern is of.
func (c *Catalogue) speaks(s *cluster.Sign, pattern int) bool {
	return speaks(s, c.causes[c.origins[pattern].cause], c.patterns[pattern])
}
