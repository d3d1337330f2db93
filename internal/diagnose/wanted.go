package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/workload"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Pods that were wanted and never made: there is no Pod to look at, so the workload that wants them is.

// wanted is a workload that wants Pods which are not made.
type wanted struct {
	ref     cluster.Ref // what has to be edited: the Deployment, not its ReplicaSet
	pod     *corev1.Pod // as its template would make it, without a name
	missing int         // how many are not made; 1 where nobody says how many
	status  string      // ready and wanted, as kubectl shows it: 0/3
	since   time.Time
	signs   []cluster.Sign
	stalled string // the field that shows that nobody acts, or what holds it up, where nothing is said
	asleep  bool   // none is missing by its own account: it counts where a cause knows better
}

// wanting returns the workloads of which Pods are not made, in order.
func (x *index) wanting() []*wanted {
	byRef := map[cluster.Ref]*wanted{}
	for i := range x.workloads() {
		if w := &x.workloads()[i]; w.Object.GetDeletionTimestamp() == nil && !workload.Never(w.Object) {
			x.addWanted(byRef, w)
		}
	}
	for _, ref := range x.snapshot.EventSubjects() {
		x.addUnseen(byRef, ref)
	}
	var out []*wanted
	for _, w := range byRef {
		if w.missing > 0 && (len(w.signs) > 0 || w.stalled != "") {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b *wanted) int { return a.ref.Compare(b.ref) })
	return out
}

// addWanted adds what one workload lacks and what is said of it to the workload that has to be edited.
func (x *index) addWanted(byRef map[cluster.Ref]*wanted, w *workload.Workload) {
	if w.State == workload.NoNode {
		byRef[w.Ref] = &wanted{ref: w.Ref, pod: wantedPod(w), missing: 1, status: "0/0", stalled: FitsNone, asleep: true}
		return
	}
	if w.Observed && x.hasReplicaSet(w.Ref) {
		return // its ReplicaSets say more
	}
	failing := slices.DeleteFunc(workload.Refused(w.Object), func(c workload.Condition) bool {
		return x.passes(c.Message, c.LastTransitionTime.Time)
	})
	events := slices.DeleteFunc(x.refusals(w.Ref, w.Object), func(e *corev1.Event) bool {
		return x.passes(e.Message, e.FirstTimestamp.Time)
	})
	missing := w.Missing()
	if w.Ref.Kind == "CronJob" && w.State == workload.Idle && len(events) > 0 {
		missing = 1
	}
	stalled := x.stalled(w, len(failing)+len(events))
	if missing == 0 || len(failing)+len(events) == 0 && stalled == "" {
		return
	}
	pod := wantedPod(w)
	top := x.workload(pod)
	t := byRef[top]
	if t == nil {
		t = &wanted{ref: top, pod: pod, status: fmt.Sprintf("%d/%d", w.Ready, w.Desired)}
		byRef[top] = t
	}
	t.missing += missing
	t.stalled = stalled
	if stalled != "" {
		t.since = w.Object.GetCreationTimestamp().Time
	}
	for _, c := range failing {
		t.add(cluster.Sign{Ref: w.Ref, Path: fmt.Sprintf("status.conditions[%d].message", c.Index),
			Kind: cluster.SignCondition, Reason: c.Reason, Message: c.Message, First: c.LastTransitionTime.Time})
	}
	for _, e := range events {
		t.addEvent(e, w.Ref)
	}
}

// passes reports whether what is said since then passes by itself: two wrote the same object at once (a quota, mostly,
// of which many Pods are counted), and the controller tries again. Source: OptimisticLockErrorMsg of the API server.
func (x *index) passes(message string, since time.Time) bool {
	return strings.Contains(message, "the object has been modified; please apply your changes to the latest version") &&
		x.snapshot.At.Sub(since) < time.Minute
}

// addUnseen adds a workload of which nothing is known but that Events say that its Pods cannot be made: of a kind that
// a snapshot does not keep, or one that was not read. How many Pods it lacks is not known.
func (x *index) addUnseen(byRef map[cluster.Ref]*wanted, ref cluster.Ref) {
	if x.snapshot.Has(ref) || x.snapshot.Absent(ref) || x.madeSince(ref) {
		return
	}
	recent := func(e *corev1.Event) bool { return x.snapshot.At.Sub(e.LastTimestamp.Time) <= retried }
	events := slices.DeleteFunc(x.refusals(ref, nil), func(e *corev1.Event) bool { return !recent(e) })
	if len(events) == 0 {
		return
	}
	w := &wanted{ref: ref, missing: 1,
		pod: &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: ref.Namespace}}}
	w.pod.OwnerReferences = ownedBy(ref)
	for _, e := range events {
		w.addEvent(e, ref)
	}
	byRef[ref] = w
}

// madeSince reports whether an object that is not known is by its name a ReplicaSet of a Deployment that has all its
// Pods.
func (x *index) madeSince(ref cluster.Ref) bool {
	i := strings.LastIndexByte(ref.Name, '-')
	if ref.Kind != "ReplicaSet" || i < 0 {
		return false
	}
	w, ok := workload.Of(x.snapshot.Get(cluster.Ref{Kind: "Deployment", Namespace: ref.Namespace, Name: ref.Name[:i]}))
	return ok && w.Observed && w.Missing() == 0
}

// retried is the longest time between two tries of a controller to make a Pod, and some more. Source: the rate limiter
// of client-go's workqueue, at most 1000 s.
const retried = 20 * time.Minute

func (w *wanted) add(s cluster.Sign) {
	if earlier(s.First, w.since) {
		w.since = s.First
	}
	w.signs = append(w.signs, s)
}

func (w *wanted) addEvent(e *corev1.Event, about cluster.Ref) {
	s := pod.EventSign(e)
	s.About = &about
	w.add(s)
}

// refusals are the Events which say that an object cannot make its Pods, or what makes them, since it last could.
func (x *index) refusals(ref cluster.Ref, o metav1.Object) []*corev1.Event {
	var out []*corev1.Event
	for _, e := range x.snapshot.EventsAbout(ref, o) {
		switch {
		case workload.Makes(e):
			out = nil
		case workload.Refuses(e):
			out = append(out, e)
		}
	}
	return out
}

// Fields that show what holds up a workload of which nothing is said.
const (
	FitsNone = "status.desiredNumberScheduled" // of a DaemonSet: it has found no node for its Pods
	Held     = "status.replicas"               // of a StatefulSet: the name of one of its Pods is another's
)

// stalled is the field which shows that nobody acts on a workload of which nothing is said, or that it cannot be acted
// on; "" where it may well be.
func (x *index) stalled(w *workload.Workload, said int) string {
	made := w.Object.GetCreationTimestamp().Time
	switch {
	case said > 0 || w.State != workload.Active || w.Ref.Kind == "CronJob":
	case !w.Observed:
		return "status.observedGeneration"
	case w.Ref.Kind == "Deployment" && w.Made == 0 && x.snapshot.Complete("ReplicaSet", w.Ref.Namespace) &&
		!made.IsZero():
		return "status.updatedReplicas"
	case w.Ref.Kind == "StatefulSet" && w.Missing() > 0 && x.holder(w.Object) != nil:
		return Held
	}
	return ""
}

// Holder is the Pod that has the name of one that the StatefulSet of the Pass wants, where it is [Held].
func (p *Pass) Holder() cluster.Ref {
	if o := p.podRun.index.holder(p.Snapshot.Get(p.Ref)); o != nil {
		return cluster.RefOf(o)
	}
	return cluster.Ref{}
}

// holder is a Pod that has the name of one of a StatefulSet's and is not, nor will be, one of them: it belongs to
// another, or has not their labels. Source: StatefulSet controller, which adopts the rest, and says nothing of these.
func (x *index) holder(o metav1.Object) *corev1.Pod {
	set, ok := o.(*appsv1.StatefulSet)
	if !ok {
		return nil
	}
	selector, err := metav1.LabelSelectorAsSelector(set.Spec.Selector)
	if err != nil {
		return nil
	}
	for _, name := range workload.Names(set, 1000) {
		p, _ := cluster.Get[corev1.Pod](x.snapshot, set.Namespace, name)
		if p == nil {
			continue
		}
		adopts := selector.Matches(labels.Set(p.Labels))
		if c := metav1.GetControllerOf(p); c != nil {
			adopts = c.Kind == "StatefulSet" && c.Name == set.Name
		}
		if !adopts {
			return p
		}
	}
	return nil
}

// hasReplicaSet reports whether a ReplicaSet of a Deployment is in the snapshot.
func (x *index) hasReplicaSet(deployment cluster.Ref) bool {
	if x.rolledOut == nil {
		x.rolledOut = map[cluster.Ref]bool{}
		for _, r := range cluster.Objects[appsv1.ReplicaSet](x.snapshot) {
			if c := metav1.GetControllerOf(r); c != nil && c.Kind == "Deployment" {
				x.rolledOut[cluster.Ref{Kind: c.Kind, Namespace: r.Namespace, Name: c.Name}] = true
			}
		}
	}
	return x.rolledOut[deployment]
}

// Attested reports whether a sign of a workload is one that only its controller writes: a condition in its status.
// Whoever may create Events can write one, and what it alone says makes nobody change what others rely on.
func Attested(s *cluster.Sign) bool { return s.Kind == cluster.SignCondition }

// wantedPod is a Pod as a workload's template would make it, without a name.
func wantedPod(w *workload.Workload) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: w.Ref.Namespace, OwnerReferences: ownedBy(w.Ref)}}
	if w.Template != nil {
		p.Labels, p.Annotations, p.Spec = w.Template.Labels, w.Template.Annotations, w.Template.Spec
	}
	return p
}

func ownedBy(r cluster.Ref) []metav1.OwnerReference {
	yes := true
	return []metav1.OwnerReference{{Kind: r.Kind, Name: r.Name, Controller: &yes}}
}

// diagnoseWanted is the way of one workload whose Pods are not made through a Run: that of a Pod, as far as there is
// one, with the causes of the stage before there are Pods.
func (r *run) diagnoseWanted(w *wanted) {
	d := r.newWantedRun(w)
	d.matchSigns()
	d.prove(r.catalogue.admission)
	d.hint(r.catalogue.admission)
	if len(d.found) == 0 {
		d.prove(r.catalogue.notMade)
	}
	if len(w.signs) == 0 && len(d.found) == 0 && (w.asleep || d.young()) {
		return
	}
	r.report.Pods.Missing += w.missing
	d.separateEffects()
	d.keepUnexplained()
	d.keepUnproven()
	d.deadEnd()
}

func (r *run) newWantedRun(w *wanted) *podRun {
	d := &podRun{run: r, signs: w.signs, claimed: make([]bool, len(w.signs)), missing: w.missing,
		waiter: Waiter{Pod: w.ref, Status: w.status, Stage: pod.StageAdmission, Since: w.since}}
	d.pass = Pass{
		Snapshot: r.index.snapshot,
		Pod:      w.pod,
		Ref:      w.ref,
		Signs:    w.signs,
		Stage:    pod.StageAdmission,
		Missing:  w.missing,
		Silent:   len(w.signs) == 0,
		Asked:    r.options.Named,
		podRun:   d,
		stall: cluster.Sign{Ref: w.ref, Path: w.stalled, Kind: cluster.SignStall, Reason: w.status,
			Message: string(pod.StageAdmission), First: w.since},
		baseArgs: baseArgs(w.pod, w.ref),
	}
	if !w.since.IsZero() {
		d.pass.Waited = r.index.snapshot.At.Sub(w.since)
	}
	return d
}
