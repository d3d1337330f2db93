package diagnose

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// tooLate are the last Pods of Jobs that have run out of their time: the controller deletes what is active then, and
// only Events are left of a Pod that never started. They are as the Job's template makes them, and wait.
func (x *index) tooLate(only func(*corev1.Pod, cluster.Ref) bool) []*corev1.Pod {
	var out []*corev1.Pod
	for _, j := range cluster.Objects[batchv1.Job](x.snapshot) {
		late := slices.ContainsFunc(j.Status.Conditions, func(c batchv1.JobCondition) bool {
			return c.Type == batchv1.JobFailed && c.Status == corev1.ConditionTrue &&
				c.Reason == batchv1.JobReasonDeadlineExceeded
		})
		if !late {
			continue
		}
		if p := x.gone(j); p != nil && (only == nil || only(p, x.workload(p))) {
			out = append(out, p)
		}
	}
	return out
}

// gone is the Pod of a Job of which Events tell last; nil where one is there, or where it had started.
func (x *index) gone(j *batchv1.Job) *corev1.Pod {
	var last *corev1.Pod
	for _, r := range x.snapshot.EventSubjects() {
		rest, of := strings.CutPrefix(r.Name, j.Name+"-")
		own := of && !strings.Contains(strings.TrimLeft(rest, "0123456789-"), "-") // the index of an Indexed Job is before
		if r.Kind != "Pod" || r.Namespace != j.Namespace || !own {
			continue
		}
		events := x.snapshot.EventsAbout(r, nil)
		if x.snapshot.Has(r) || slices.ContainsFunc(events, func(e *corev1.Event) bool { return e.Reason == "Started" }) {
			return nil
		}
		first := events[0]
		if last != nil && last.CreationTimestamp.After(first.FirstTimestamp.Time) {
			continue
		}
		last = &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: r.Namespace, Name: r.Name,
			UID: first.InvolvedObject.UID, CreationTimestamp: first.FirstTimestamp,
			Labels: j.Spec.Template.Labels, OwnerReferences: ownedBy(cluster.Ref{Kind: "Job", Name: j.Name})},
			Spec: j.Spec.Template.Spec}
		last.OwnerReferences[0].UID = j.UID
		last.Status.Phase, last.Status.StartTime = corev1.PodPending, &first.FirstTimestamp
		for _, e := range events {
			if e.Source.Component == "kubelet" && e.Source.Host != "" {
				last.Spec.NodeName = e.Source.Host
			}
		}
	}
	return last
}
