package diagnose

import (
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// A Timeline is how a Pod has started, or how far it has come.
type Timeline struct {
	Pod      cluster.Ref `json:"pod"`                // which one
	Workload cluster.Ref `json:"workload,omitzero"`  // what makes it
	Node     string      `json:"node,omitempty"`     // that it is on
	Status   string      `json:"status"`             // its STATUS as kubectl shows it
	Created  time.Time   `json:"created"`            // when it was made
	Ready    time.Time   `json:"ready,omitzero"`     // when it was ready for the first time, as far as that is known
	Missing  bool        `json:"noEvents,omitempty"` // there is no Event about it: much of what they told is not known
	Spans    []pod.Span  `json:"spans"`              // step by step
}

// Timelines are those of the Pods in a snapshot that are asked about, whether they wait or run; and how many these are,
// with those of which nothing is known.
func Timelines(s *cluster.Snapshot, o Options) (all []Timeline, asked int) {
	x := newIndex(s, o)
	for _, p := range cluster.Objects[corev1.Pod](s) {
		if o.Only != nil && !o.Only(p, x.workload(p)) || manifest(p) || s.MadeUp(cluster.RefOf(p)) {
			continue
		}
		asked++
		if t, ok := x.timeline(p); ok {
			all = append(all, t)
		}
	}
	return all, asked
}

// EachTimeline tells of each Pod that is stuck how far it has come. It is found out when it is asked for: it would be
// a good part of a report about many Pods, and few forms show it.
func (r *Report) EachTimeline(yield func(*Timeline) bool) {
	for i := range r.Timelines {
		if !yield(&r.Timelines[i]) {
			return
		}
	}
	if len(r.stuck) == 0 {
		return
	}
	x := newIndex(r.snapshot, Options{})
	for _, p := range r.stuck {
		if t, ok := x.timeline(p); ok && !yield(&t) {
			return
		}
	}
}

// timeline is that of one Pod; not ok where nothing is known of one.
func (x *index) timeline(p *corev1.Pod) (Timeline, bool) {
	events, now := x.snapshot.EventsAbout(cluster.RefOf(p), p), x.snapshot.At
	if as := x.snapshot.AsOf; !as.IsZero() { // nothing told when it was taken
		now = as
	}
	t := Timeline{Pod: cluster.RefOf(p), Workload: x.workload(p), Node: p.Spec.NodeName, Status: pod.Status(p),
		Created: p.CreationTimestamp.UTC(), Missing: len(events) == 0,
		Spans: pod.TimelineOf(p, now, events, x.beside(p))}
	if n := len(t.Spans); n > 0 && t.Spans[n-1].State == pod.SpanDone {
		t.Ready = t.Spans[n-1].To.UTC()
	}
	return t, len(t.Spans) > 0
}

// beside is what other objects tell of a Pod's start.
func (x *index) beside(p *corev1.Pod) pod.Beside {
	var b pod.Beside
	for i := range p.Spec.Volumes {
		claim := pod.ClaimName(p, &p.Spec.Volumes[i])
		if claim == "" {
			continue
		}
		pv := x.boundTo(p.Namespace, claim)
		if pv == nil {
			continue
		}
		for _, a := range x.attachments(pv.Name) {
			if a.Spec.NodeName == p.Spec.NodeName {
				b.Attachments = append(b.Attachments, pod.Attachment{Since: a.CreationTimestamp.Time,
					Attached: a.Status.Attached})
			}
		}
	}
	facts, _ := cluster.Get[nodefacts.NodeFacts](x.snapshot, "", p.Spec.NodeName)
	if facts == nil || facts.Sandboxes == nil {
		return b
	}
	for _, s := range facts.Sandboxes.Odd {
		if s.PodUID == string(p.UID) && !s.Future && s.Created.After(b.Sandbox) {
			b.Sandbox = s.Created.Time
		}
	}
	return b
}
