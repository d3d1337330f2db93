package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Options of a Run.
type Options struct {
	For time.Duration // how young a Pod that says nothing decisive is still starting; 0 means 30 s
	// Only tells which Pods are asked about, by the Pod and its workload; all where nil. The others still are part of the picture.
	Only func(p *corev1.Pod, workload cluster.Ref) bool
}

// Run diagnoses every Pod in the snapshot.
//
// Every sign against a Pod ends as evidence of a finding or in Unexplained: none is dropped. What is only
// context counts as a cause where it explains what ails the Pod, and not otherwise.
func Run(s *cluster.Snapshot, c *Catalogue, o Options) *Report {
	if o.For == 0 {
		o.For = 30 * time.Second
	}
	r := &run{c: c, m: match.NewMatcher(c.set), told: map[string]bool{}, w: newWorld(s), o: o, report: &Report{At: s.At, Gaps: slices.Clip(s.Gaps), Skipped: s.Skipped}}
	for _, p := range cluster.Objects[corev1.Pod](s) {
		if o.Only != nil && !o.Only(p, r.w.workload(p)) {
			continue
		}
		r.report.Pods.Seen++
		if pod.Waiting(p) && !(pod.Rejected(p) && r.w.replaced(p)) {
			r.diagnosePod(p)
		}
	}
	r.finish()
	return r.report
}

type run struct {
	c              *Catalogue
	w              *world
	o              Options
	report         *Report
	roots, effects []*Finding
	spare          []hit // memory for the next Pod's
	m              *match.Matcher
	told           map[string]bool // nodes whose gaps are told
}

// patient is one Pod under diagnosis.
type patient struct {
	*run
	pass    Pass
	signs   []cluster.Sign
	hits    []hit  // ordered by cause
	claimed []bool // by sign
	found   []Finding
	leans   map[*Cause]leaning
}

func (r *run) diagnosePod(p *corev1.Pod) {
	ref := cluster.RefOf(p)
	events := r.w.s.EventsAbout(ref, p)
	signs := r.w.signsOf(p, events)
	stage := pod.CurrentStage(p, signs, events)
	at := pod.Since(p, stage)
	waiter := Waiter{Pod: ref, Status: pod.Status(p), Stage: stage, Since: at}
	own := slices.ContainsFunc(signs, func(s cluster.Sign) bool { return !s.Context })
	young := !at.IsZero() && r.w.s.At.Sub(at) < r.o.For
	if young && !own {
		r.starting(waiter)
		return
	}
	d := &patient{run: r, signs: signs, claimed: make([]bool, len(signs))}
	d.pass = Pass{Snapshot: r.w.s, Pod: p, Ref: ref, Signs: signs, Events: events, Stage: stage, world: r.w, causes: r.c.causes, all: signs, base: baseArgs(p, r.w),
		Silent: !slices.ContainsFunc(signs, func(s cluster.Sign) bool { return !s.Context && !s.Symptom }),
		stall:  cluster.Sign{Ref: ref, Path: stallPath(p), Kind: cluster.SignStall, Reason: waiter.Status, Message: string(stage), First: at}}
	if !at.IsZero() {
		d.pass.Waited = r.w.s.At.Sub(at)
	}
	d.pass.report, d.pass.lean = d.take, d.leaning
	d.examine()
	d.judge()
	if young && !d.decisive() {
		r.starting(waiter)
		return
	}
	r.report.Pods.Stuck++
	r.unread(p.Spec.NodeName)
	d.close(waiter)
}

// decisive tells whether a young Pod counts as stuck all the same: its cause is proven, or it is likely and
// a container has failed already by the kubelet's own word, such as ImagePullBackOff.
func (d *patient) decisive() bool {
	if slices.ContainsFunc(d.found, func(f Finding) bool { return f.Certainty == Proven }) {
		return true
	}
	_, failed := pod.ContainerStage(d.pass.Pod)
	return failed && len(d.found) > 0
}

func (r *run) starting(w Waiter) {
	r.report.Pods.Starting++
	r.report.Starting = append(r.report.Starting, w)
}

// baseArgs are the arguments that every finding in a Pod has.
func baseArgs(p *corev1.Pod, w *world) map[string]string {
	owner := w.workload(p)
	args := map[string]string{"pod": p.Name, "namespace": p.Namespace, "workload": strings.ToLower(owner.Kind) + "/" + owner.Name}
	if p.Spec.NodeName != "" {
		args["node"] = p.Spec.NodeName
	}
	return args
}

// stallPath is the field that shows that a Pod waits.
func stallPath(p *corev1.Pod) string {
	for i := range p.Status.ContainerStatuses {
		if w := p.Status.ContainerStatuses[i].State.Waiting; w != nil {
			return fmt.Sprintf("status.containerStatuses[%d].state.waiting.reason", i)
		}
	}
	return "status.phase"
}

// leaning receives what facts say of a cause beside what they prove.
func (d *patient) leaning(l leaning) {
	if d.leans == nil {
		d.leans = map[*Cause]leaning{}
	}
	d.leans[d.pass.cause] = l
}

// take receives what a cause reports.
func (d *patient) take(f Finding) {
	for _, e := range f.Evidence {
		for i := range d.signs {
			if d.signs[i].Ref == e.Ref && d.signs[i].Path == e.Path {
				d.claimed[i] = true
			}
		}
	}
	for i := range d.found {
		if g := &d.found[i]; g.Cause == f.Cause && g.Blame == f.Blame && g.Container == f.Container && g.Variant == f.Variant {
			for _, e := range f.Evidence {
				if !holds(g.Evidence, e) {
					if len(g.Evidence) == cap(g.Evidence) {
						g.Evidence = slices.Grow(g.Evidence, len(d.signs)) // there will hardly be more evidence than signs
					}
					g.Evidence = append(g.Evidence, e)
				}
			}
			return
		}
	}
	d.found = append(d.found, f)
}

func holds(evidence []cluster.Sign, e cluster.Sign) bool {
	return slices.ContainsFunc(evidence, func(s cluster.Sign) bool { return s.Ref == e.Ref && s.Path == e.Path })
}

// examine asks the causes in three rounds: what the signs prove; what the signs that nothing proves hint at;
// and for what is then left, the catch-alls.
func (d *patient) examine() {
	d.hits = d.spare[:0]
	for i := range d.signs {
		s := &d.signs[i]
		plain, hits := d.m.Match(s.Kind, s.Reason, s.Message)
		for _, h := range hits {
			d.hits = append(d.hits, hit{h, d.c.origin[h.Pattern], i, plain})
		}
	}
	slices.SortStableFunc(d.hits, func(a, b hit) int { return a.cause - b.cause })
	d.pass.every = d.hits
	d.round(false, false, func(int) bool { return true })
	d.round(false, true, d.free())
	d.attachSymptoms()
	d.pass.Signs = d.unclaimed()
	d.round(true, false, d.free())
	d.attachSymptoms()
	d.round(true, true, d.free())
	d.attachSymptoms()
	d.spare = d.hits
}

// free tells which signs nothing has claimed as of now.
func (d *patient) free() func(int) bool {
	before := slices.Clone(d.claimed)
	return func(i int) bool { return !before[i] }
}

func (d *patient) unclaimed() []cluster.Sign {
	n := 0
	for _, c := range d.claimed {
		if !c {
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

// round asks each of some causes, about the signs that may be asked about.
func (d *patient) round(last, hints bool, may func(int) bool) {
	left := d.hits
	for i, c := range d.c.causes {
		n := 0
		for n < len(left) && left[n].cause == i {
			n++
		}
		mine := left[:n]
		left = left[n:]
		if c.Fallback != last || hints && n == 0 || n == 0 && c.Find == nil {
			continue
		}
		d.pass.cause, d.pass.hits = c, asked(mine, hints, may)
		switch {
		case hints && d.leans[c].ruledOut:
		case hints:
			d.pass.reportHits(Likely, d.leans[c].beside...)
		case c.Find != nil:
			c.Find(&d.pass)
		default:
			d.pass.reportHits(cmp.Or(c.Certainty, Likely))
		}
	}
}

// asked are the hits of one cause that a round is about, one for each sign.
func asked(mine []hit, hints bool, may func(int) bool) []hit {
	var out []hit
	for i, h := range mine {
		if h.hint == hints && may(h.sign) && !slices.ContainsFunc(out, func(o hit) bool { return o.sign == h.sign }) {
			if out == nil {
				out = make([]hit, 0, len(mine)-i)
			}
			out = append(out, h)
		}
	}
	return out
}

// attachSymptoms makes each symptom that nothing has claimed evidence of what it is a symptom of.
func (d *patient) attachSymptoms() {
	for i := range d.signs {
		s := &d.signs[i]
		if !s.Symptom || d.claimed[i] {
			continue
		}
		for j := range d.found {
			f := &d.found[j]
			own := slices.ContainsFunc(f.Evidence, func(e cluster.Sign) bool { return !e.Context })
			if own && f.Container == s.Container && (s.Container != "" || s.Reason == "FailedSync" || pod.BeforeSandbox(s.Reason) == (d.c.Cause(f.Cause).Stage.Step() <= pod.StageNetwork.Step())) {
				f.Evidence = append(f.Evidence, *s)
				d.claimed[i] = true
				break
			}
		}
	}
}

// finish groups the findings and puts all in order.
func (r *run) finish() {
	rep := r.report
	rep.Problems = group(r.c, r.roots, r.effects)
	rep.Texts = map[string]Text{}
	for _, f := range slices.Concat(r.roots, r.effects) {
		rep.Texts[f.Cause] = r.c.Cause(f.Cause).Text
	}
	locate := func(signs []cluster.Sign) {
		for i := range signs {
			signs[i] = r.w.s.Locate(signs[i])
		}
	}
	for i := range rep.Problems {
		for _, fs := range [][]Finding{rep.Problems[i].Findings, rep.Problems[i].Effects} {
			for j := range fs {
				locate(fs[j].Evidence)
			}
		}
	}
	locate(rep.Unexplained)
	slices.SortStableFunc(rep.Unexplained, func(a, b cluster.Sign) int {
		return cmp.Or(a.Ref.Compare(b.Ref), strings.Compare(a.Path, b.Path))
	})
}

// Signs returns what speaks against a Pod and its surroundings, as Run sees it; nil for a Pod that does not wait.
func Signs(s *cluster.Snapshot, p *corev1.Pod) []cluster.Sign {
	w := newWorld(s)
	if !pod.Waiting(p) || pod.Rejected(p) && w.replaced(p) {
		return nil
	}
	return w.signsOf(p, s.EventsAbout(cluster.RefOf(p), p))
}
