package diagnose

import (
	"cmp"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// podRun is one Pod under diagnosis. Its methods are the steps of diagnosePod, in this order.
type podRun struct {
	*run
	waiter  Waiter
	pass    Pass // is handed to one cause after another
	signs   []cluster.Sign
	hits    []hit  // ordered by cause
	claimed []bool // by sign: it is evidence of a finding
	found   []Finding
	facts   map[*Cause]factsFor
	missing int // how many Pods are not made, where this is about a workload
}

func (r *run) newPodRun(p *corev1.Pod, state pod.State, events []*corev1.Event, signs []cluster.Sign) *podRun {
	ref := cluster.RefOf(p)
	if r.index.toldByLog(p) {
		state.Status, state.Stage = "", pod.StageStart
	}
	d := &podRun{run: r, signs: signs, claimed: make([]bool, len(signs)),
		waiter: Waiter{Pod: ref, Status: state.Status, Stage: state.Stage, Since: state.Since}}
	d.pass = Pass{
		Snapshot: r.index.snapshot,
		Pod:      p,
		Ref:      ref,
		Signs:    signs,
		Events:   events,
		Stage:    state.Stage,
		Silent:   !slices.ContainsFunc(signs, func(s cluster.Sign) bool { return !s.Context && !s.Symptom }),
		podRun:   d,
		stall: cluster.Sign{Ref: ref, Path: pod.WaitingPath(p), Kind: cluster.SignStall,
			Reason: state.Status, Message: string(state.Stage), First: state.Since},
		baseArgs: baseArgs(p, r.index.workload(p)),
	}
	if !state.Since.IsZero() {
		d.pass.Waited = r.index.snapshot.At.Sub(state.Since)
	}
	return d
}

// baseArgs are the arguments that every finding in a Pod has.
func baseArgs(p *corev1.Pod, workload cluster.Ref) map[string]string {
	args := map[string]string{
		"namespace": p.Namespace,
		"workload":  workload.TypeName(),
	}
	if p.Name != "" {
		args["pod"] = p.Name
	}
	if p.Spec.NodeName != "" {
		args["node"] = p.Spec.NodeName
	}
	return args
}

// probed reports whether the Pod stands where it does because it has still to pass a probe.
func (d *podRun) probed() bool {
	return d.pass.Stage == pod.StageReady || d.pass.Stage == pod.StageStart && pod.SidecarProbed(d.pass.Pod)
}

// young reports whether the Pod waits for so short a time that it may well be starting: a moment, or what its probes
// allow before they count as failed.
func (d *podRun) young() bool {
	minAge := d.options.For
	if d.probed() && !d.options.Named {
		minAge = max(minAge, pod.ReadyBudget(d.pass.Pod))
	}
	return !d.waiter.Since.IsZero() && d.pass.Waited < minAge
}

// hasComplaint reports whether anything speaks against the Pod itself.
func (d *podRun) hasComplaint() bool {
	return slices.ContainsFunc(d.signs, func(s cluster.Sign) bool { return !s.Context })
}

// matchSigns finds the patterns that match the signs.
func (d *podRun) matchSigns() {
	d.hits = d.hitsBuf[:0]
	for i := range d.signs {
		s := &d.signs[i]
		plain, hits := d.matcher.Match(s.Kind, s.Reason, s.Message)
		for _, h := range hits {
			if !d.catalogue.speaks(s, h.Pattern) {
				continue
			}
			d.hits = append(d.hits, hit{h, d.catalogue.origins[h.Pattern], i, plain})
		}
	}
	slices.SortStableFunc(d.hits, func(a, b hit) int { return a.cause - b.cause })
	d.hitsBuf = d.hits
}

// prove asks causes what is proven by the signs that nothing has claimed as of now.
func (d *podRun) prove(causes []int) {
	d.pass.Signs = d.unclaimed()
	open := d.open()
	left := d.hits
	for _, i := range causes {
		c := d.catalogue.causes[i]
		d.pass.cause, d.pass.hits = c, selectHits(hitsOf(i, &left), false, open)
		find := c.Find
		if d.missing > 0 {
			find = c.FindMissing
		}
		if find != nil {
			find(&d.pass)
		} else {
			d.pass.reportHits(cmp.Or(c.Certainty, Likely))
		}
	}
}

// hint reports as likely what the signs that nothing has claimed as of now hint at, unless facts rule it out.
func (d *podRun) hint(causes []int) {
	open := d.open()
	left := d.hits
	for _, i := range causes {
		c := d.catalogue.causes[i]
		d.pass.cause, d.pass.hits = c, selectHits(hitsOf(i, &left), true, open)
		if facts := d.facts[c]; !facts.ruledOut {
			d.pass.reportHits(Likely, facts.support...)
		}
	}
}

// hitsOf returns the hits of one cause, and leaves those of the causes after it.
func hitsOf(cause int, left *[]hit) []hit {
	hits := *left
	for len(hits) > 0 && hits[0].cause < cause {
		hits = hits[1:]
	}
	n := 0
	for n < len(hits) && hits[n].cause == cause {
		n++
	}
	*left = hits[n:]
	return hits[:n]
}

// selectHits returns the hits of signs or of hints, one for each sign of the Pod that may be asked about.
func selectHits(hits []hit, hints bool, open []bool) []hit {
	var out []hit
	for i, h := range hits {
		asked := func(o hit) bool { return o.sign == h.sign }
		if h.hint != hints || !open[h.sign] || slices.ContainsFunc(out, asked) {
			continue
		}
		if out == nil {
			out = make([]hit, 0, len(hits)-i)
		}
		out = append(out, h)
	}
	return out
}

// open returns for each sign whether nothing has claimed it as of now.
func (d *podRun) open() []bool {
	open := make([]bool, len(d.claimed))
	for i, claimed := range d.claimed {
		open[i] = !claimed
	}
	return open
}

// unclaimed returns the signs that nothing has claimed.
func (d *podRun) unclaimed() []cluster.Sign {
	n := 0
	for _, claimed := range d.claimed {
		if !claimed {
			n++
		}
	}
	if n == len(d.signs) {
		return d.signs
	}
	left := make([]cluster.Sign, 0, n)
	for i := range d.signs {
		if !d.claimed[i] {
			left = append(left, d.signs[i])
		}
	}
	return left
}

// add takes what a cause reports: a finding, or further evidence of one that is there.
func (d *podRun) add(f Finding) {
	for _, e := range f.Evidence {
		for i := range d.signs {
			if d.signs[i].Ref == e.Ref && d.signs[i].Path == e.Path {
				d.claimed[i] = true
			}
		}
	}
	for i := range d.found {
		g := &d.found[i]
		if g.Cause == f.Cause && g.Blame == f.Blame && g.Container == f.Container && g.Variant == f.Variant {
			g.addEvidence(f.Evidence, len(d.signs))
			return
		}
	}
	d.found = append(d.found, f)
}

// attachSymptoms makes each symptom that nothing has claimed evidence of what it is a symptom of.
func (d *podRun) attachSymptoms() {
	for i := range d.signs {
		s := &d.signs[i]
		if !s.Symptom || d.claimed[i] {
			continue
		}
		for j := range d.found {
			if f := &d.found[j]; d.isSymptomOf(s, f) {
				f.Evidence = append(f.Evidence, *s)
				d.claimed[i] = true
				break
			}
		}
	}
}

// isSymptomOf reports whether a symptom can be one of a finding: of the same container, or of the same half of the
// start where it names none.
func (d *podRun) isSymptomOf(s *cluster.Sign, f *Finding) bool {
	if f.Container != s.Container || onlyContext(f) {
		return false
	}
	return s.Container != "" || s.Reason == "FailedSync" ||
		pod.BeforeSandbox(s.Reason) == (d.catalogue.Cause(f.Cause).Stage.Step() <= pod.StageNetwork.Step())
}

// decisive reports whether a young Pod counts as stuck all the same: its cause is proven, or it is likely and
// a container has failed already by the kubelet's own word, such as ImagePullBackOff.
func (d *podRun) decisive() bool {
	if slices.ContainsFunc(d.found, func(f Finding) bool { return f.Certainty == Proven }) {
		return true
	}
	_, failed := pod.ContainerStage(d.pass.Pod, d.index.snapshot.At)
	return failed && len(d.found) > 0
}
