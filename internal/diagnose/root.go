package diagnose

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
)

// judge decides which findings stand, before they are told apart into roots and effects.
func (d *patient) judge() {
	d.joinLogs()
	own := slices.ContainsFunc(d.found, func(f Finding) bool { return !onlyContext(f) })
	d.found = slices.DeleteFunc(d.found, func(f Finding) bool {
		return onlyContext(f) && !d.explainsAny(f) && (own || !d.mayStop(f)) || d.outdone(f)
	})
	for i := range d.found {
		if f := &d.found[i]; onlyContext(*f) && !own {
			f.Certainty = Likely
			f.Evidence = append(f.Evidence, d.pass.stall)
		}
	}
}

// joinLogs takes a line of a log, which often does not name what it is about so that the workload is blamed, for evidence of what the
// API says of the same cause.
func (d *patient) joinLogs() {
	workload := d.pass.Workload()
	joined := make([]bool, len(d.found))
	for i, f := range d.found {
		if f.Blame != workload || !onlyLogs(f) {
			continue
		}
		for j := range d.found {
			if g := &d.found[j]; g.Cause == f.Cause && g.Blame != workload && !onlyLogs(*g) {
				g.Evidence, joined[i] = append(g.Evidence, f.Evidence...), true
				break
			}
		}
	}
	kept := d.found[:0]
	for i, f := range d.found {
		if !joined[i] {
			kept = append(kept, f)
		}
	}
	d.found = kept
}

func onlyLogs(f Finding) bool {
	return !slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool { return s.Kind != cluster.SignLog })
}

// outdone tells whether a finding only guesses at signs of which the node's own facts prove something else.
func (d *patient) outdone(f Finding) bool {
	if f.Certainty != Likely {
		return false
	}
	guessed, proven := 0, 0
	for _, e := range f.Evidence {
		if e.Context || !holds(d.signs, e) {
			continue
		}
		guessed++
		if slices.ContainsFunc(d.found, func(g Finding) bool {
			return g.Cause != f.Cause && g.Certainty == Proven && byFacts(g) && holds(g.Evidence, e)
		}) {
			proven++
		}
	}
	return guessed > 0 && guessed == proven
}

// byFacts tells whether a field of a node's facts is among the evidence of a finding.
func byFacts(f Finding) bool {
	return slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool { return s.Ref.Kind == "NodeFacts" && s.Kind == cluster.SignField })
}

func onlyContext(f Finding) bool {
	return !slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool { return !s.Context })
}

func (d *patient) explainsAny(f Finding) bool {
	return slices.ContainsFunc(d.found, func(g Finding) bool { return d.c.explains(f.Cause, g.Cause) })
}

// mayStop tells whether something said of the surroundings can be what a silent Pod waits for:
// it must be at the step where the Pod stands, or before it once the Pod is bound.
func (d *patient) mayStop(f Finding) bool {
	step := d.c.Cause(f.Cause).Stage.Step()
	return d.pass.Silent && step <= d.pass.Stage.Step() && (step >= pod.StageAccept.Step() || d.pass.Stage == pod.StageSchedule)
}

// close tells roots from effects and keeps what nothing explains.
func (d *patient) close(w Waiter) {
	spoken := false
	for i := range d.found {
		f := &d.found[i]
		f.Pod, f.Status, f.Since, f.Stage = d.pass.Ref, w.Status, w.Since, w.Stage
		switch by := d.explainedBy(f); {
		case by == nil:
			d.roots, spoken = append(d.roots, f), true
		case !saysNoMore(f, by):
			d.effects = append(d.effects, f)
		}
	}
	for i := range d.signs {
		if !d.claimed[i] && !d.signs[i].Context {
			left := d.signs[i]
			if left.Ref != d.pass.Ref {
				left.Pod = &d.pass.Ref
			}
			d.report.Unexplained = append(d.report.Unexplained, left)
			spoken = true
		}
	}
	if !spoken {
		d.report.Unexplained = append(d.report.Unexplained, d.pass.stall)
	}
}

// explainedBy finds the findings in the Pod that a finding follows from.
func (d *patient) explainedBy(f *Finding) []*Finding {
	var by []*Finding
	for i := range d.found {
		if g := &d.found[i]; d.c.explains(g.Cause, f.Cause) {
			by = append(by, g)
		}
	}
	return by
}

// saysNoMore tells whether all evidence of an effect is evidence of what explains it: then it need not be told.
func saysNoMore(f *Finding, by []*Finding) bool {
	for _, e := range f.Evidence {
		if !slices.ContainsFunc(by, func(g *Finding) bool { return holds(g.Evidence, e) }) {
			return false
		}
	}
	return true
}

// followSiblings gives findings that blame a node the cause that is proven of the same node in another Pod, where that explains theirs: what one
// Pod says of the node is true for all that are on it, or are kept off it. It is the cause that nothing else proven there explains.
func followSiblings(c *Catalogue, roots []*Finding) {
	proven := map[cluster.Ref][]string{}
	for _, f := range roots {
		if f.Blame.Kind == "Node" && f.Certainty == Proven && !slices.Contains(proven[f.Blame], f.Cause) {
			proven[f.Blame] = append(proven[f.Blame], f.Cause)
		}
	}
	for _, f := range roots {
		for _, id := range proven[f.Blame] {
			deeper := func(other string) bool { return c.explains(other, id) }
			if c.explains(id, f.Cause) && !slices.ContainsFunc(proven[f.Blame], deeper) {
				f.Cause, f.Variant = id, ""
				break
			}
		}
	}
}

// group makes one problem of the findings with the same cause and the same thing to blame.
// Those that block most Pods come first; among equals what is proven, then what is oldest.
func group(c *Catalogue, roots, effects []*Finding) []Problem {
	type key struct {
		cause string
		blame cluster.Ref
	}
	at := map[key]int{}
	ofPod := map[cluster.Ref][]int{}
	var out []Problem
	followSiblings(c, roots)
	for _, f := range roots {
		k := key{f.Cause, f.Blame}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, Problem{Cause: f.Cause, Stage: c.Cause(f.Cause).Stage, Certainty: f.Certainty, Blame: f.Blame, Since: f.Since})
		}
		p := &out[i]
		p.Findings = append(p.Findings, *f)
		if f.Certainty == Proven {
			p.Certainty = Proven
		}
		if earlier(f.Since, p.Since) {
			p.Since = f.Since
		}
		ofPod[f.Pod] = append(ofPod[f.Pod], i)
	}
	for _, e := range effects {
		for _, i := range ofPod[e.Pod] {
			if c.explains(out[i].Cause, e.Cause) {
				out[i].Effects = append(out[i].Effects, *e)
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(-cmp.Compare(a.Pods(), b.Pods()), -strings.Compare(a.Certainty, b.Certainty), a.Since.Compare(b.Since),
			strings.Compare(a.Cause, b.Cause), a.Blame.Compare(b.Blame))
	})
	for i := range out {
		sortFindings(out[i].Findings)
		sortFindings(out[i].Effects)
	}
	return out
}

func sortFindings(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(-strings.Compare(a.Certainty, b.Certainty), a.Pod.Compare(b.Pod), strings.Compare(a.Container, b.Container), strings.Compare(a.Cause, b.Cause))
	})
}

func earlier(a, b time.Time) bool { return !a.IsZero() && (b.IsZero() || a.Before(b)) }

// Pods counts the Pods that a problem blocks.
func (p *Problem) Pods() int {
	seen := map[cluster.Ref]bool{}
	for i := range p.Findings {
		seen[p.Findings[i].Pod] = true
	}
	return len(seen)
}
