package diagnose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/placement"
	"github.com/kubestuck/stuck/internal/workload"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Workload is what an object that makes Pods says of itself.
type Workload struct {
	Ref cluster.Ref `json:"ref"` // which one
	// active, or why it has the Pods that it has: paused, suspended, zero, no-node, complete, failed, idle
	State   string `json:"state"`
	Desired int    `json:"desired"`           // how many Pods it wants
	Ready   int    `json:"ready"`             // how many of them are ready
	Message string `json:"message,omitempty"` // of a Job that failed: why; of what fits no node: what it requires there
	// of a Deployment whose update lets all old Pods go at once: Recreate, maxUnavailable 100%
	Strategy string `json:"strategy,omitempty"`
	// of a StatefulSet that makes one Pod after the other: those that wait until the Pod of the problem is ready
	Behind string `json:"behind,omitempty"`
}

// Short reports whether it has fewer ready Pods than it wants, or has given up. Pods of a Job end, and need not be
// ready.
func (w *Workload) Short() bool {
	if w.State == string(workload.Failed) {
		return true
	}
	return w.State == "active" && w.Ref.Kind != "Job" && w.Ready < w.Desired
}

// workloadsOf reads the workloads of a snapshot, in order.
func workloadsOf(s *cluster.Snapshot) []workload.Workload {
	var out []workload.Workload
	for _, kind := range workload.Kinds {
		for _, o := range s.OfKind(kind) {
			if w, ok := workload.Of(o); ok {
				out = append(out, w)
			}
		}
	}
	slices.SortFunc(out, func(a, b workload.Workload) int { return a.Ref.Compare(b.Ref) })
	return out
}

// described is what a workload says of itself; nil where it is not in the snapshot.
func (x *index) described(r cluster.Ref) *Workload {
	w, ok := workload.Of(x.snapshot.Get(r))
	if !ok || workload.Never(w.Object) {
		return nil
	}
	return reported(&w)
}

func reported(w *workload.Workload) *Workload {
	out := &Workload{Ref: w.Ref, State: cmp.Or(string(w.State), "active"), Desired: w.Desired, Ready: w.Ready,
		Message: w.Message, Strategy: w.Strategy}
	if w.State == workload.NoNode {
		out.Message = placement.AnyOf(placement.Required(&w.Template.Spec))
	}
	return out
}

// serving says how many Pods are ready of the one workload that a problem holds up, where that is less than it wants.
func (x *index) serving(p *Problem) *Workload {
	of := p.Findings[0].workload
	for i := range p.Findings {
		if p.Findings[i].workload != of {
			return nil
		}
	}
	if w := x.described(of); w != nil && w.Short() {
		w.Behind = x.behind(p)
		return w
	}
	return nil
}

// idle are the workloads that make no Pods because somebody wants it so, or because they have given up.
func (x *index) idle(only func(*corev1.Pod, cluster.Ref) bool) []Workload {
	var out []Workload
	for i := range x.workloads() {
		w := &x.workloads()[i]
		switch {
		case metav1.GetControllerOf(w.Object) != nil, w.State == workload.Active, w.State == workload.Complete,
			w.State == workload.Idle && !x.skips(w), workload.Never(w.Object), w.Object.GetDeletionTimestamp() != nil:
		case only == nil || only(wantedPod(w), w.Ref):
			out = append(out, *reported(w))
		}
	}
	return out
}

// skips reports whether a CronJob has let a run go by because the one before goes on; that one goes on is nothing
// unusual. Source: JobAlreadyActive, kube-controller-manager.
func (x *index) skips(w *workload.Workload) bool {
	return w.Message != "" && slices.ContainsFunc(x.snapshot.EventsAbout(w.Ref, w.Object), func(e *corev1.Event) bool {
		return e.Reason == "JobAlreadyActive"
	})
}

// manifest reports whether a Pod was never in a cluster: it has neither a UID nor a status, and no time when it was
// made.
func manifest(p *corev1.Pod) bool {
	return workload.Never(p) && p.Status.Phase == "" && p.Status.StartTime == nil && len(p.Status.Conditions) == 0 &&
		len(p.Status.ContainerStatuses) == 0
}

// manifests counts the workloads that were never in a cluster.
func (x *index) manifests(only func(*corev1.Pod, cluster.Ref) bool) int {
	n := 0
	for i := range x.workloads() {
		if w := &x.workloads()[i]; workload.Never(w.Object) && (only == nil || only(wantedPod(w), w.Ref)) {
			n++
		}
	}
	return n
}

// empty says of a namespace without Pods whether it is being deleted, and what it says that holds it; nil for none.
func (x *index) empty(name string) *Namespace {
	if name == "" {
		return nil
	}
	out := &Namespace{Name: name}
	n, _ := cluster.Get[corev1.Namespace](x.snapshot, "", name)
	if n == nil || n.DeletionTimestamp == nil {
		return out
	}
	out.Since = n.DeletionTimestamp.Time
	for _, c := range n.Status.Conditions {
		if c.Status == corev1.ConditionTrue && c.Message != "" {
			out.Held = append(out.Held, c.Message)
		}
	}
	if len(n.Finalizers) > 0 {
		out.Held = append(out.Held, "metadata.finalizers: "+strings.Join(n.Finalizers, ", "))
	}
	return out
}
