package live

import (
	"cmp"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Progress is how far the Pods of a scope have come. Pods of an older revision of a workload do not count.
type Progress struct {
	Missing bool                 // the workload, or the Pod that was named, is not there
	Waits   string               // what a controller has yet to do: one of the constants below
	Want    int                  // how many Pods have to start
	Started int                  // how many of them have
	Current map[cluster.Ref]bool // the Pods that count
	Dead    bool                 // what was to start has failed for good, without being stuck
	Said    string               // why a controller makes no Pods, in its own words
}

// What a controller has yet to do.
const (
	Unobserved = "unobserved" // it has not seen the latest change of the workload
	Unmade     = "unmade"     // it has not yet made all Pods of the latest revision
)

// Done tells whether all has started.
func (p Progress) Done() bool { return !p.Missing && !p.Dead && p.Waits == "" && p.Started >= p.Want }

// ProgressOf tells from a snapshot of Follow, with Options.Workload, how far the Pods of the scope have come.
func ProgressOf(s *cluster.Snapshot, scope Scope) Progress {
	p := Progress{Current: map[cluster.Ref]bool{}}
	switch o := scope.Owner; o.Kind {
	case "":
		p.ofPods(s, scope)
	case "Deployment":
		p.ofDeployment(s, o)
	case "ReplicaSet":
		if r, ok := workload[appsv1.ReplicaSet](s, o, &p); ok {
			p.observe(r.Generation, r.Status.ObservedGeneration)
			p.count(s, r, orOne(r.Spec.Replicas), nil)
			p.Said = refusal(r)
		}
	case "StatefulSet":
		if w, ok := workload[appsv1.StatefulSet](s, o, &p); ok {
			p.ofStatefulSet(s, w)
		}
	case "DaemonSet":
		if d, ok := workload[appsv1.DaemonSet](s, o, &p); ok {
			p.observe(d.Generation, d.Status.ObservedGeneration)
			p.count(s, d, int(d.Status.DesiredNumberScheduled), onDelete(string(d.Spec.UpdateStrategy.Type),
				"pod-template-generation", d.Annotations[appsv1.DeprecatedTemplateGeneration]))
		}
	case "Job":
		if j, ok := workload[batchv1.Job](s, o, &p); ok {
			p.ofJob(s, j)
		}
	}
	return p
}

func workload[T any](s *cluster.Snapshot, o cluster.Ref, p *Progress) (*T, bool) {
	w, found := cluster.Get[T](s, o.Namespace, o.Name)
	p.Missing = found != cluster.Present
	return w, !p.Missing
}

// ofPods is for a scope of Pods that share no workload: all that there are, and at least one. Those that have ended are history.
func (p *Progress) ofPods(s *cluster.Snapshot, scope Scope) {
	for _, pod := range cluster.Objects[corev1.Pod](s) {
		ended := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
		switch {
		case scope.Name != "" && ended:
			p.Dead = pod.Status.Phase == corev1.PodFailed
			p.add(pod)
		case !ended && pod.DeletionTimestamp == nil:
			p.add(pod)
		}
	}
	p.Want = max(len(p.Current), 1)
	p.Missing = scope.Name != "" && len(p.Current) == 0
}

// ofDeployment counts the Pods of the ReplicaSet that has the revision of the Deployment.
func (p *Progress) ofDeployment(s *cluster.Snapshot, o cluster.Ref) {
	d, ok := workload[appsv1.Deployment](s, o, p)
	if !ok {
		return
	}
	const revision = "deployment.kubernetes.io/revision"
	p.Want, p.Waits = orOne(d.Spec.Replicas), Unmade
	for _, r := range cluster.Objects[appsv1.ReplicaSet](s) {
		if metav1.IsControlledBy(r, d) && r.Annotations[revision] == d.Annotations[revision] {
			p.Waits = ""
			p.count(s, r, p.Want, nil)
			p.Said = refusal(r)
		}
	}
	if int(d.Status.UpdatedReplicas) < p.Want { // a rollout that is paused leaves the old ReplicaSet the newest
		p.Waits = Unmade
	}
	p.observe(d.Generation, d.Status.ObservedGeneration)
}

// ofStatefulSet counts the Pods of the update revision; those below the partition stay as they were.
func (p *Progress) ofStatefulSet(s *cluster.Snapshot, w *appsv1.StatefulSet) {
	p.observe(w.Generation, w.Status.ObservedGeneration)
	update := w.Spec.UpdateStrategy
	current := onDelete(string(update.Type), appsv1.ControllerRevisionHashLabelKey, w.Status.UpdateRevision)
	want := orOne(w.Spec.Replicas)
	if u := update.RollingUpdate; u != nil && u.Partition != nil && *u.Partition > 0 {
		current = nil
		if int(w.Status.UpdatedReplicas) < want-int(*u.Partition) {
			p.Waits = cmp.Or(p.Waits, Unmade)
		}
	}
	p.count(s, w, want, current)
}

// ofJob counts the Pods of a Job: as many at once as it may have, and those that have ended have started.
func (p *Progress) ofJob(s *cluster.Snapshot, j *batchv1.Job) {
	want := orOne(j.Spec.Parallelism)
	if c := j.Spec.Completions; c != nil {
		want = min(want, int(*c-j.Status.Succeeded))
	}
	for _, c := range j.Status.Conditions {
		if c.Status == corev1.ConditionTrue && c.Type == batchv1.JobFailed {
			p.Dead, p.Said = true, c.Message
		}
		if c.Status == corev1.ConditionTrue && (c.Type == batchv1.JobComplete || c.Type == batchv1.JobSuccessCriteriaMet) {
			want = 0
		}
	}
	p.count(s, j, want, func(pod *corev1.Pod) bool { return pod.Status.Phase != corev1.PodSucceeded })
	if j.Spec.Suspend != nil && *j.Spec.Suspend {
		p.Waits = Unmade
	}
}

// onDelete selects the Pods with a label of the newest revision; all of them where a strategy leaves old ones until somebody deletes them.
func onDelete(strategy, label, revision string) func(*corev1.Pod) bool {
	if strategy == "OnDelete" || revision == "" {
		return nil
	}
	return func(p *corev1.Pod) bool { return p.Labels[label] == revision }
}

func (p *Progress) observe(generation, observed int64) {
	if observed >= generation {
		return
	}
	p.Waits = Unobserved
	p.Started = 0
	clear(p.Current) // whose Pods they are is not known before that
}

// count counts the Pods of an owner that are current.
func (p *Progress) count(s *cluster.Snapshot, owner metav1.Object, want int, current func(*corev1.Pod) bool) {
	p.Want = max(want, 0)
	if p.Waits == Unobserved {
		return
	}
	for _, pod := range cluster.Objects[corev1.Pod](s) {
		if metav1.IsControlledBy(pod, owner) && pod.DeletionTimestamp == nil && (current == nil || current(pod)) {
			p.add(pod)
		}
	}
	if len(p.Current) < p.Want {
		p.Waits = Unmade
	}
}

func (p *Progress) add(pod *corev1.Pod) {
	p.Current[cluster.RefOf(pod)] = true
	if started(pod) {
		p.Started++
	}
}

// started tells whether all containers of a Pod run, past their startup probes, or have done their work.
func started(p *corev1.Pod) bool {
	switch p.Status.Phase {
	case corev1.PodSucceeded:
		return true
	case corev1.PodFailed:
		return p.Status.Reason == "" // its containers ran; otherwise the kubelet threw it out
	case corev1.PodRunning:
	default:
		return false
	}
	if pod.Waiting(p) {
		return false
	}
	for _, c := range p.Status.ContainerStatuses {
		if c.State.Running != nil && c.Started != nil && !*c.Started {
			return false
		}
	}
	return true
}

// refusal is why a ReplicaSet cannot make Pods: a quota, an admission webhook.
func refusal(r *appsv1.ReplicaSet) string {
	for _, c := range r.Status.Conditions {
		if c.Type == appsv1.ReplicaSetReplicaFailure && c.Status == corev1.ConditionTrue {
			return c.Message
		}
	}
	return ""
}

func orOne(n *int32) int {
	if n == nil {
		return 1
	}
	return int(*n)
}

// startWorkload follows the workload of the scope. Of a Deployment its ReplicaSets belong to it, without their templates.
func (f *follower) startWorkload() {
	o := f.scope.Owner
	if o.Name == "" {
		return
	}
	all := func(o metav1.Object) metav1.Object { return o }
	f.start(o.Kind, metav1.ListOptions{ResourceVersion: "0", FieldSelector: "metadata.name=" + o.Name}, all)
	if o.Kind == "Deployment" {
		f.start("ReplicaSet", metav1.ListOptions{ResourceVersion: "0"}, func(object metav1.Object) metav1.Object {
			r := object.(*appsv1.ReplicaSet)
			if c := metav1.GetControllerOf(r); c == nil || c.Kind != o.Kind || c.Name != o.Name {
				return nil
			}
			r.Spec.Template = corev1.PodTemplateSpec{}
			return r
		})
	}
}
