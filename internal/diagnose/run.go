package diagnose

import (
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Options of a Run.
type Options struct {
	For time.Duration // how young a Pod that says nothing decisive is still starting; 0 means 30 s
	// Only selects the Pods that are asked about, by the Pod and its workload; all where nil. A Pod that is not made
	// has no name.
	// The others still are part of the picture.
	Only  func(p *corev1.Pod, workload cluster.Ref) bool
	Ready bool // Pods count, too, that have been ready and are not
	// Named says that what is asked about was named: then it is told as well why a Pod does not end, and a Pod that is
	// not ready is told at once, though its probes have time left.
	Named bool
	// Workload is what was asked about by its name; none where its Name is empty.
	Workload cluster.Ref
	// Namespace is what was asked about, where that is all of one.
	Namespace string
}

// Run diagnoses every Pod in the snapshot, and every workload whose Pods are not made.
//
// Every sign against a Pod ends as evidence of a finding or in Unexplained: none is dropped. What is only
// context counts as a cause where it explains what ails the Pod, and not otherwise.
func Run(s *cluster.Snapshot, c *Catalogue, o Options) *Report {
	if o.For == 0 {
		o.For = 30 * time.Second
	}
	r := &run{
		catalogue: c,
		index:     newIndex(s, o),
		matcher:   match.NewMatcher(c.set),
		options:   o,
		report:    &Report{At: s.At, Gaps: slices.Clip(s.Gaps), Skipped: s.Skipped, snapshot: s},
		gapsOf:    map[string]bool{},
		known:     map[string]map[string]string{},
	}
	if !s.AsOf.IsZero() {
		r.report.At, r.report.AsOf = s.AsOf, true
	}
	for _, p := range cluster.Objects[corev1.Pod](s) {
		if o.Only != nil && !o.Only(p, r.index.workload(p)) {
			continue
		}
		if manifest(p) {
			r.report.Manifests++
			continue
		}
		if s.MadeUp(cluster.RefOf(p)) {
			r.diagnoseLines(p)
			continue
		}
		r.report.Pods.Seen++
		if r.index.counts(p) {
			r.diagnosePod(p)
		}
	}
	if o.Named {
		for _, p := range r.index.tooLate(o.Only) {
			r.report.Pods.Seen++
			r.diagnosePod(p)
		}
	}
	for _, w := range r.index.wanting() {
		if o.Only == nil || o.Only(w.pod, w.ref) {
			r.diagnoseWanted(w)
		}
	}
	if o.Workload.Name != "" {
		r.report.Asked = r.index.described(o.Workload)
	}
	if r.report.Pods.Seen == 0 {
		r.report.Namespace = r.index.empty(o.Namespace)
	}
	r.report.Idle = r.index.idle(o.Only)
	r.report.Manifests += r.index.manifests(o.Only)
	r.finish()
	return r.report
}

// run is one Run: what it reads, and what it has found so far.
type run struct {
	catalogue      *Catalogue
	index          *index
	options        Options
	report         *Report
	roots, effects []*Finding
	gapsOf         map[string]bool              // nodes whose gaps are in the report
	unproven       []pod.Stage                  // stages of what is stuck and of which nothing is proven
	known          map[string]map[string]string // by cause: what the last finding of it knew for its remedies
	eventless      []string                     // namespaces whose Events might tell more, and were not read

	matcher    *match.Matcher
	hitsBuf    []hit   // memory for the hits of the next Pod
	matchesBuf []Match // memory for the matches of the next cause
}

// diagnosePod is the way of one Pod through a Run, from top to bottom.
func (r *run) diagnosePod(p *corev1.Pod) {
	// How far it has come, and what speaks against it: without what it has left behind.
	events := r.index.snapshot.EventsAbout(cluster.RefOf(p), p)
	complaints := pod.Unresolved(p, r.index.snapshot.At, pod.Complaints(events), events)
	state := pod.StateOf(p, r.index.snapshot.At, complaints, events)
	signs := r.index.signsOf(p, complaints, events)

	d := r.newPodRun(p, state, events, signs)
	if d.young() && (!d.hasComplaint() || d.probed()) {
		r.addStarting(d)
		return
	}

	// Which causes know these signs.
	d.matchSigns()

	// The causes are asked: what is proven, what the signs that nothing proves hint at, and the catch-alls at last.
	ordinary, fallbacks := d.concerned(r.catalogue.ordinary), d.concerned(r.catalogue.fallbacks)
	d.prove(ordinary)
	d.hint(ordinary)
	d.attachSymptoms()
	d.prove(fallbacks)
	d.attachSymptoms()
	d.hint(fallbacks)
	d.attachSymptoms()

	// Which of the findings count.
	d.joinLogs()
	d.dropGuesses()
	d.dropContext()
	if d.young() && !d.decisive() {
		r.addStarting(d)
		return
	}

	// Causes and consequences, and what nothing explains.
	r.report.Pods.Stuck++
	r.report.stuck = append(r.report.stuck, p)
	r.addFactGaps(p.Spec.NodeName)
	d.separateEffects()
	d.addUpdates()
	d.addDrift()
	d.keepUnexplained()
	d.keepUnproven()
	d.deadEnd()
}

func (r *run) addStarting(d *podRun) {
	w := d.waiter
	if c, probe, field := pod.NextProbe(d.pass.Pod); probe != nil && d.probed() {
		w.Container, w.Probe = c.Name, field+" "+pod.ProbeText(probe)
		w.Until = w.Since.Add(max(d.options.For, pod.ReadyBudget(d.pass.Pod)))
	}
	r.report.Pods.Starting++
	r.report.Starting = append(r.report.Starting, w)
}

// Signs returns what speaks against a Pod and its surroundings, as Run sees it; nil for a Pod that does not count.
func Signs(s *cluster.Snapshot, p *corev1.Pod) []cluster.Sign {
	x := newIndex(s, Options{})
	if !x.counts(p) {
		return nil
	}
	events := s.EventsAbout(cluster.RefOf(p), p)
	return x.signsOf(p, pod.Unresolved(p, s.At, pod.Complaints(events), events), events)
}
