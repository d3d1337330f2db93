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
	var pods map[cluster.Ref][]cluster.Ref
	for _, j := range cluster.Objects[batchv1.Job](x.snapshot) {
		late := slices.ContainsFunc(j.Status.Conditions, func(c batchv1.JobCondition) bool {
			return c.Type == batchv1.JobFailed && c.Status == corev1.ConditionTrue &&
				c.Reason == batchv1.JobReasonDeadlineExceeded
		})
		if !late {
			continue
		}
		if pods == nil {
			pods = toldOf(x.snapshot)
		}
		p := x.gone(j, pods[cluster.Ref{Kind: "Job", Namespace: j.Namespace, Name: j.Name}])
		if p != nil && (only == nil || only(p, x.workload(p))) {
			out = append(out, p)
		}
	}
	return out
}

// toldOf are the Pods that Events tell of, by the Jobs whose Pods have such names: behind that of the Job stands the
// index, of an Indexed Job, and what makes each Pod's name its own.
func toldOf(s *cluster.Snapshot) map[cluster.Ref][]cluster.Ref {
	out := map[cluster.Ref][]cluster.Ref{}
	for _, r := range s.EventSubjects() {
		if r.Kind != "Pod" || len(r.Name) > longestName {
			continue
		}
		name, digits := r.Name, true
		for digits {
			i := strings.LastIndexByte(name, '-')
			if i < 0 {
				break
			}
			name = name[:i]
			job := cluster.Ref{Kind: "Job", Namespace: r.Namespace, Name: name}
			out[job] = append(out[job], r)
			digits = strings.Trim(name[strings.LastIndexByte(name, '-')+1:], "0123456789") == ""
		}
	}
	return out
}

// longestName is the length of the longest name that an object can have. Source: DNS-1123, subdomain.
const longestName = 253

// gone is the one of the Pods of a Job of which Events tell last; nil where one is there, or where it had started.
func (x *index) gone(j *batchv1.Job, pods []cluster.Ref) *corev1.Pod {
	var last *corev1.Pod
	for _, r := range pods {
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
