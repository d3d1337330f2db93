package diagnose

import (
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
)

// A Filter says which problems are asked about.
type Filter struct {
	Causes []string  // only these; none means all
	Ignore []Ignored // and not these
}

// Ignored is a cause that nobody wants to hear of: everywhere, or in one namespace.
type Ignored struct{ Cause, Namespace string }

// hides reports whether a finding is not asked about.
func (f *Filter) hides(of *Finding) bool {
	if len(f.Causes) > 0 && !slices.Contains(f.Causes, of.Cause) {
		return true
	}
	return slices.ContainsFunc(f.Ignore, func(i Ignored) bool {
		return i.Cause == of.Cause && (i.Namespace == "" || i.Namespace == of.Subject().Namespace)
	})
}

// Filter takes out of a Report what is not asked about, and counts it. Who asks about some causes does not ask about
// what has no known cause.
func (r *Report) Filter(f Filter) {
	if len(f.Causes)+len(f.Ignore) == 0 {
		return
	}
	hidden, left := map[cluster.Ref]int{}, map[cluster.Ref]bool{}
	var problems []Problem
	for _, p := range r.Problems {
		before := len(p.Findings)
		p.Findings = slices.DeleteFunc(slices.Clone(p.Findings), func(of Finding) bool {
			if f.hides(&of) {
				hidden[of.Subject()] = of.Missing
				return true
			}
			left[of.Subject()] = true
			return false
		})
		if len(p.Findings) < before {
			r.Hidden.Problems++
		}
		if len(p.Findings) > 0 {
			p.alike()
			p.Effects = slices.DeleteFunc(slices.Clone(p.Effects), func(e Finding) bool {
				return !slices.ContainsFunc(p.Findings, func(of Finding) bool { return of.Subject() == e.Subject() })
			})
			problems = append(problems, p)
		}
	}
	r.Problems = problems
	stuck, missing := 0, 0
	for of, n := range hidden {
		switch {
		case left[of] || of.Name == "":
		case n > 0:
			missing += n
			r.Hidden.Pods += n
		default:
			stuck++
			r.Hidden.Pods++
		}
	}
	r.Pods.Stuck, r.Pods.Missing = max(r.Pods.Stuck-stuck, 0), max(r.Pods.Missing-missing, 0)
	if len(f.Causes) > 0 {
		r.onlyKnown(left)
	}
}

// onlyKnown leaves out of a Report what has no known cause.
func (r *Report) onlyKnown(known map[cluster.Ref]bool) {
	r.Unexplained, r.DeadEnds = nil, nil
	stuck, missing := 0, 0
	for i := range r.Problems {
		for j := range r.Problems[i].Findings {
			of := &r.Problems[i].Findings[j]
			if known[of.Subject()] && of.Missing > 0 {
				missing += of.Missing
			} else if known[of.Subject()] && of.Pod.Name != "" {
				stuck++
			}
			delete(known, of.Subject())
		}
	}
	r.Hidden.Pods += max(r.Pods.Stuck-stuck, 0) + max(r.Pods.Missing-missing, 0)
	r.Pods.Stuck, r.Pods.Missing = min(r.Pods.Stuck, stuck), min(r.Pods.Missing, missing)
}
