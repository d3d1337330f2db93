package diagnose

import (
	"maps"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/remedy"
)

// Which findings in a Pod count, and which of them follow from others: the last steps of a podRun.

// joinLogs makes a line of a log, which often does not name what it is about so that the workload is blamed, evidence
// of what the API says of the same cause.
func (d *podRun) joinLogs() {
	workload := d.pass.Workload()
	joined := func(f *Finding) bool {
		if f.Blame != workload || !onlyLogs(f) {
			return false
		}
		for i := range d.found {
			if g := &d.found[i]; g.Cause == f.Cause && g.Blame != workload && !onlyLogs(g) {
				g.Evidence = append(g.Evidence, f.Evidence...)
				return true
			}
		}
		return false
	}
	d.keep(func(f *Finding) bool { return !joined(f) })
}

// dropGuesses drops what only guesses at signs of which the node's own facts prove something else.
func (d *podRun) dropGuesses() {
	d.keep(func(f *Finding) bool { return f.Certainty != Likely || !d.disproved(f) })
}

// disproved reports whether facts of the node prove other causes of all that a finding has for evidence against the
// Pod.
func (d *podRun) disproved(f *Finding) bool {
	any := false
	for _, e := range f.Evidence {
		if e.Context || !holds(d.signs, e) {
			continue
		}
		any = true
		other := func(g Finding) bool {
			return g.Cause != f.Cause && g.Certainty == Proven && byFacts(&g) && holds(g.Evidence, e)
		}
		if !slices.ContainsFunc(d.found, other) {
			return false
		}
	}
	return any
}

// dropContext drops what is said of the surroundings alone, unless it explains what else was found. Where there is
// nothing else, it is likely to be what a silent Pod waits for.
func (d *podRun) dropContext() {
	if !slices.ContainsFunc(d.found, func(f Finding) bool { return onlyContext(&f) }) {
		return
	}
	own := slices.ContainsFunc(d.found, func(f Finding) bool { return !onlyContext(&f) })
	counts := func(f *Finding) bool { return !onlyContext(f) || !own && d.mayBlock(f) }
	d.keep(func(f *Finding) bool {
		return counts(f) || slices.ContainsFunc(d.found, func(g Finding) bool {
			return d.catalogue.explains(f.Cause, g.Cause) && counts(&g)
		})
	})
	if own {
		return
	}
	for i := range d.found {
		f := &d.found[i]
		f.Certainty = Likely
		f.Evidence = append(f.Evidence, d.pass.stall)
	}
}

// mayBlock reports whether something said of the surroundings can be what a silent Pod waits for:
// it must be at the step that the Pod waits in, or before it once the Pod is bound.
func (d *podRun) mayBlock(f *Finding) bool {
	step := d.catalogue.Cause(f.Cause).Stage.Step()
	return d.pass.Silent && step <= d.pass.Stage.Step() &&
		(step >= pod.StageAccept.Step() || d.pass.Stage == pod.StageSchedule)
}

// keep drops the findings that do not count. What counts is decided while all are still there.
func (d *podRun) keep(counts func(*Finding) bool) {
	keep := make([]bool, len(d.found))
	for i := range d.found {
		keep[i] = counts(&d.found[i])
	}
	n := 0
	for i := range d.found {
		if keep[i] {
			d.found[n] = d.found[i]
			n++
		}
	}
	d.found = d.found[:n]
}

// separateEffects separates the findings that are causes from those that only follow from them.
func (d *podRun) separateEffects() {
	var target *remedy.Target
	if !d.index.snapshot.Outlined(d.waiter.Pod) { // else nobody knows to what it has to be done
		target = d.index.targetOf(d.pass.Pod, d.waiter.Stage)
	}
	for i := range d.found {
		f := &d.found[i]
		f.Pod, f.Status, f.Since, f.Stage = d.waiter.Pod, d.waiter.Status, d.waiter.Since, d.waiter.Stage
		f.workload, f.target, f.parts, f.known = d.pass.Workload(), target, d.rolePods(f), d.remedyArgs(f)
		if alike := d.run.known[f.Cause]; maps.Equal(alike, f.known) {
			f.known = alike // most Pods with one problem know the same
		}
		d.run.known[f.Cause] = f.known
		f.unattest()
		f.system = d.index.systemOf(f.Args["node"])
		if d.missing > 0 {
			f.Pod, f.Workload, f.Missing = cluster.Ref{}, d.waiter.Pod, d.missing
		}
		switch by := d.explainedBy(f); {
		case by == nil:
			d.roots = append(d.roots, f)
		case !redundant(f, by):
			d.effects = append(d.effects, f)
		}
	}
}

// explainedBy finds the findings in the Pod that a finding follows from.
func (d *podRun) explainedBy(f *Finding) []*Finding {
	var by []*Finding
	for i := range d.found {
		if g := &d.found[i]; d.catalogue.explains(g.Cause, f.Cause) {
			by = append(by, g)
		}
	}
	return by
}

// keepUnexplained keeps the signs against the Pod that no finding has for evidence. Where nothing speaks at all, that
// the Pod waits is the sign.
func (d *podRun) keepUnexplained() {
	silent := len(d.found) == 0
	for i := range d.signs {
		if d.claimed[i] || d.signs[i].Context {
			continue
		}
		left := d.signs[i]
		if left.Ref != d.waiter.Pod {
			left.Pod = &d.waiter.Pod
		}
		d.report.Unexplained = append(d.report.Unexplained, left)
		silent = false
	}
	if silent {
		d.report.Unexplained = append(d.report.Unexplained, d.pass.stall)
		d.report.Unexplained = append(d.report.Unexplained, d.illNode()...)
	}
}

// addEvidence adds what is not yet evidence of a finding; most is how much there may be.
func (f *Finding) addEvidence(signs []cluster.Sign, most int) {
	for _, s := range signs {
		if holds(f.Evidence, s) {
			continue
		}
		if len(f.Evidence) == cap(f.Evidence) {
			f.Evidence = slices.Grow(f.Evidence, most)
		}
		f.Evidence = append(f.Evidence, s)
	}
}

// holds reports whether a sign is among the evidence.
func holds(evidence []cluster.Sign, e cluster.Sign) bool {
	return slices.ContainsFunc(evidence, func(s cluster.Sign) bool { return s.Ref == e.Ref && s.Path == e.Path })
}

// redundant reports whether all evidence of an effect is evidence of what explains it: then it need not be shown.
func redundant(f *Finding, by []*Finding) bool {
	for _, e := range f.Evidence {
		if !slices.ContainsFunc(by, func(g *Finding) bool { return holds(g.Evidence, e) }) {
			return false
		}
	}
	return true
}

// onlyContext reports whether a finding has no evidence but what is said of the Pod's surroundings.
func onlyContext(f *Finding) bool {
	return !slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool { return !s.Context })
}

// onlyLogs reports whether a finding has no evidence but lines of logs.
func onlyLogs(f *Finding) bool {
	return !slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool { return s.Kind != cluster.SignLog })
}

// byFacts reports whether a field of a node's facts is among the evidence of a finding.
func byFacts(f *Finding) bool {
	return slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool {
		return s.Ref.Kind == "NodeFacts" && s.Kind == cluster.SignField
	})
}
