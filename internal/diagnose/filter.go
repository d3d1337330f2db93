package diagnose

import (
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
)

// A Filter says which problems are asked about.
type Filter struct {
	Causes []string  // only these; none means all
	Ignore []Ignored // and not these

	Namespace, Node string // only what is there; "" is anywhere
}

// Ignored is a cause that nobody wants to hear of: everywhere, or in one namespace.
type Ignored struct{ Cause, Namespace string }

// hides reports whether a finding is not asked about.
func (f *Filter) hides(of *Finding) bool {
	if f.Namespace != "" && f.Namespace != of.Subject().Namespace || f.Node != "" && f.Node != of.Node() {
		return true
	}
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
	if len(f.Causes)+len(f.Ignore) == 0 && f.Namespace+f.Node == "" {
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
	switch {
	case len(f.Causes) > 0 || f.Node != "": // a sign does not say at which node
		r.onlyKnown(left)
	case f.Namespace != "":
		r.onlyThere(f.Namespace, hidden)
	}
}

// onlyThere leaves out of what no cause explains, and of what starts, all that is not of a namespace. Counted are Pods
// whose findings are not hidden already.
func (r *Report) onlyThere(namespace string, hidden map[cluster.Ref]int) {
	n := 0
	r.Unexplained = slices.DeleteFunc(slices.Clone(r.Unexplained), func(s cluster.Sign) bool {
		of := s.Against()
		if _, counted := hidden[of]; of.Kind == "Pod" && of.Namespace != namespace && !counted {
			hidden[of] = 0
			n++
		}
		return of.Namespace != namespace
	})
	n = min(n, r.Pods.Stuck)
	r.Pods.Stuck, r.Hidden.Pods = r.Pods.Stuck-n, r.Hidden.Pods+n
	r.DeadEnds = slices.DeleteFunc(slices.Clone(r.DeadEnds), func(d DeadEnd) bool { return d.Of.Namespace != namespace })
	r.Starting = slices.DeleteFunc(slices.Clone(r.Starting), func(w Waiter) bool { return w.Pod.Namespace != namespace })
	r.Idle = slices.DeleteFunc(slices.Clone(r.Idle), func(w Workload) bool { return w.Ref.Namespace != namespace })
	r.Pods.Starting = min(r.Pods.Starting, len(r.Starting))
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
