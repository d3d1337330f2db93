package diagnose

import (
	"maps"
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
)

// What a Change is.
const (
	Opened   = "opened"   // a problem is there that was not
	Changed  = "changed"  // it blocks other Pods than before, or is more or less certain
	Solved   = "solved"   // it is gone
	Replaced = "replaced" // it is gone, and its Pods are held up by another: now more is known, or that was behind it
)

// A Change is one difference between Reports that follow one another.
type Change struct {
	Kind    string        // Opened, Changed, Solved or Replaced
	At      time.Time     // of the first Report that has it
	Lasted  time.Duration // of a problem that is gone: since it was seen first
	Problem *Problem      // as it is, or as it last was; nil for Pods that are stuck for no known cause
	Pods    []cluster.Ref // that it blocks, or last did
	Report  *Report       // which holds the problem
}

// Changes finds what changes from Report to Report. A problem is the same one while cause and blame are.
//
// One that is gone is only called solved when it has been gone for Hold: a container that crashes runs in between, and
// the Pod of a Deployment that is deleted comes back under another name.
type Changes struct {
	Hold time.Duration
	open map[problemKey]*openProblem
}

type problemKey struct {
	cause string
	blame cluster.Ref
}

// openProblem is a problem as it was last seen.
type openProblem struct {
	Change
	since, gone time.Time
}

// Next compares a Report with those before it. The changes come in the order of the problems, those that are solved at
// last.
func (c *Changes) Next(r *Report) []Change {
	var out []Change
	if c.open == nil {
		c.open = map[problemKey]*openProblem{}
	}
	now := map[problemKey]bool{}
	for _, seen := range problemsOf(r) {
		key := problemKey{}
		if seen.Problem != nil {
			key = problemKey{seen.Problem.Cause, seen.Problem.Blame}
		}
		now[key] = true
		s := c.open[key]
		if s == nil {
			c.open[key] = &openProblem{Change: seen, since: r.At}
			out = append(out, seen)
			continue
		}
		if !slices.Equal(s.Pods, seen.Pods) || s.Problem != nil && s.Problem.Certainty != seen.Problem.Certainty {
			seen.Kind = Changed
			out = append(out, seen)
		}
		s.Change, s.gone = seen, time.Time{}
	}
	return append(out, c.solved(r, now)...)
}

// problemsOf is each problem of a Report as if it were new, and last the Pods that are stuck without one.
func problemsOf(r *Report) []Change {
	var out []Change
	blocked := map[cluster.Ref]bool{}
	for i := range r.Problems {
		pods := map[cluster.Ref]bool{}
		for _, f := range r.Problems[i].Findings {
			if of := f.Subject(); of.Name != "" {
				pods[of], blocked[of] = true, true
			}
		}
		out = append(out, Change{Kind: Opened, At: r.At, Problem: &r.Problems[i], Pods: inOrder(pods), Report: r})
	}
	rest := map[cluster.Ref]bool{}
	for _, s := range r.Unexplained {
		of := s.Against()
		if (of.Kind == "Pod" || s.Pod != nil) && !blocked[of] {
			rest[of] = true
		}
	}
	if len(rest) > 0 {
		out = append(out, Change{Kind: Opened, At: r.At, Pods: inOrder(rest), Report: r})
	}
	return out
}

func inOrder(refs map[cluster.Ref]bool) []cluster.Ref {
	return slices.SortedFunc(maps.Keys(refs), cluster.Ref.Compare)
}

// solved are the problems that have been gone for long enough, oldest first.
func (c *Changes) solved(r *Report, now map[problemKey]bool) []Change {
	var out []Change
	for key, s := range c.open {
		if now[key] {
			continue
		}
		if s.gone.IsZero() {
			s.gone = r.At
		}
		if r.At.Sub(s.gone) < c.Hold {
			continue
		}
		delete(c.open, key)
		s.Kind, s.At, s.Lasted = Solved, s.gone, s.gone.Sub(s.since)
		if held(r, s.Pods) {
			if s.Problem == nil { // its cause has become known, which was said
				continue
			}
			s.Kind = Replaced
		}
		out = append(out, s.Change)
	}
	slices.SortFunc(out, func(a, b Change) int {
		if n := a.At.Compare(b.At); n != 0 {
			return n
		}
		return slices.CompareFunc(a.Pods, b.Pods, cluster.Ref.Compare)
	})
	return out
}

// held reports whether any of some Pods is held up by a known cause.
func held(r *Report, pods []cluster.Ref) bool {
	for i := range r.Problems {
		for _, f := range r.Problems[i].Findings {
			if slices.Contains(pods, f.Subject()) {
				return true
			}
		}
	}
	return false
}
