// Package rollout answers one question: has the newest revision of a workload started? It reads nothing but a Snapshot,
// so the same Snapshot gives the same answer, whether it was taken just now or saved years ago.
package rollout

import (
	"cmp"

	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Target is what has to start: a workload, a Pod by its name, or, where neither is named, all Pods of the Snapshot.
type Target struct {
	Workload cluster.Ref // a Deployment, ReplicaSet, StatefulSet, DaemonSet or Job
	Pod      string
}

// Progress is how far the Pods of a target have come. Pods of an older revision of a workload do not count.
type Progress struct {
	NotFound bool                 // the target is not there
	Failed   bool                 // what was to start has failed for good, without being stuck
	Pending  Pending              // what a controller has yet to do
	Desired  int                  // how many Pods have to start
	Started  int                  // how many of them have
	Current  map[cluster.Ref]bool // the Pods that count
	Message  string               // why a controller makes no Pods, in its own words
}

// Pending is what a controller has yet to do.
type Pending string

const (
	Nothing    Pending = ""           // all Pods of the newest revision are made
	Unobserved Pending = "unobserved" // it has not seen the latest change of the workload
	Unmade     Pending = "unmade"     // it has not yet made all Pods of the newest revision
)

// Complete reports whether all has started.
func (p *Progress) Complete() bool {
	return !p.NotFound && !p.Failed && p.Pending == Nothing && p.Started >= p.Desired
}

// Of returns how far a target has come. Of a workload the Snapshot has to hold the object and its Pods, and of a
// Deployment its ReplicaSets, too.
func Of(s *cluster.Snapshot, t Target) Progress {
	p := Progress{Current: map[cluster.Ref]bool{}}
	switch w := t.Workload; w.Kind {
	case "":
		p.ofPods(s, t.Pod)
	case "Deployment":
		if d, ok := get[appsv1.Deployment](s, w, &p); ok {
			p.ofDeployment(s, d)
		}
	case "ReplicaSet":
		if r, ok := get[appsv1.ReplicaSet](s, w, &p); ok {
			p.ofReplicaSet(s, r)
		}
	case "StatefulSet":
		if set, ok := get[appsv1.StatefulSet](s, w, &p); ok {
			p.ofStatefulSet(s, set)
		}
	case "DaemonSet":
		if d, ok := get[appsv1.DaemonSet](s, w, &p); ok {
			p.ofDaemonSet(s, d)
		}
	case "Job":
		if j, ok := get[batchv1.Job](s, w, &p); ok {
			p.ofJob(s, j)
		}
	}
	return p
}

func get[T any](s *cluster.Snapshot, w cluster.Ref, p *Progress) (*T, bool) {
	o, presence := cluster.Get[T](s, w.Namespace, w.Name)
	p.NotFound = presence != cluster.Present
	return o, !p.NotFound
}

// ofPods is for Pods that share no workload: the one of a name, or all that there are, and at least one. Those that
// have ended are history, unless one was named.
func (p *Progress) ofPods(s *cluster.Snapshot, name string) {
	for _, pod := range cluster.Objects[corev1.Pod](s) {
		ended := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
		switch {
		case name != "" && ended:
			p.Failed = pod.Status.Phase == corev1.PodFailed
			p.add(s, pod)
		case !ended && pod.DeletionTimestamp == nil:
			p.add(s, pod)
		}
	}
	p.Desired = max(len(p.Current), 1)
	p.NotFound = name != "" && len(p.Current) == 0
}

// ofDeployment counts the Pods of the ReplicaSet that has the revision of the Deployment.
func (p *Progress) ofDeployment(s *cluster.Snapshot, d *appsv1.Deployment) {
	const revision = "deployment.kubernetes.io/revision"
	p.Desired, p.Pending = orOne(d.Spec.Replicas), Unmade
	for _, r := range cluster.Objects[appsv1.ReplicaSet](s) {
		if metav1.IsControlledBy(r, d) && r.Annotations[revision] == d.Annotations[revision] {
			p.Pending = Nothing
			p.count(s, r, p.Desired, nil)
			p.Message = replicaFailure(r)
		}
	}
	if int(d.Status.UpdatedReplicas) < p.Desired { // a rollout that is paused leaves the old ReplicaSet the newest
		p.Pending = Unmade
	}
	p.observe(d.Generation, d.Status.ObservedGeneration)
}

func (p *Progress) ofReplicaSet(s *cluster.Snapshot, r *appsv1.ReplicaSet) {
	p.observe(r.Generation, r.Status.ObservedGeneration)
	p.count(s, r, orOne(r.Spec.Replicas), nil)
	p.Message = replicaFailure(r)
}

// ofStatefulSet counts the Pods of the update revision; those below the partition stay as they were.
func (p *Progress) ofStatefulSet(s *cluster.Snapshot, set *appsv1.StatefulSet) {
	p.observe(set.Generation, set.Status.ObservedGeneration)
	update := set.Spec.UpdateStrategy
	current := ofRevision(string(update.Type), appsv1.ControllerRevisionHashLabelKey, set.Status.UpdateRevision)
	desired := orOne(set.Spec.Replicas)
	if u := update.RollingUpdate; u != nil && u.Partition != nil && *u.Partition > 0 {
		current = nil
		if int(set.Status.UpdatedReplicas) < desired-int(*u.Partition) {
			p.Pending = cmp.Or(p.Pending, Unmade)
		}
	}
	p.count(s, set, desired, current)
}

func (p *Progress) ofDaemonSet(s *cluster.Snapshot, d *appsv1.DaemonSet) {
	p.observe(d.Generation, d.Status.ObservedGeneration)
	current := ofRevision(string(d.Spec.UpdateStrategy.Type), "pod-template-generation",
		d.Annotations[appsv1.DeprecatedTemplateGeneration])
	p.count(s, d, int(d.Status.DesiredNumberScheduled), current)
}

// ofJob counts the Pods of a Job: as many at once as it may have, and those that have ended have started.
func (p *Progress) ofJob(s *cluster.Snapshot, j *batchv1.Job) {
	desired := orOne(j.Spec.Parallelism)
	if c := j.Spec.Completions; c != nil {
		desired = min(desired, int(*c-j.Status.Succeeded))
	}
	for _, c := range j.Status.Conditions {
		if c.Status != corev1.ConditionTrue {
			continue
		}
		switch c.Type {
		case batchv1.JobFailed:
			p.Failed, p.Message = true, c.Message
		case batchv1.JobComplete, batchv1.JobSuccessCriteriaMet:
			desired = 0
		}
	}
	p.count(s, j, desired, func(pod *corev1.Pod) bool { return pod.Status.Phase != corev1.PodSucceeded })
	if j.Spec.Suspend != nil && *j.Spec.Suspend {
		p.Pending = Unmade
	}
}

// ofRevision selects the Pods with a label of the newest revision; all of them where the strategy OnDelete leaves old
// ones until somebody deletes them.
func ofRevision(strategy, label, revision string) func(*corev1.Pod) bool {
	if strategy == "OnDelete" || revision == "" {
		return nil
	}
	return func(p *corev1.Pod) bool { return p.Labels[label] == revision }
}

func (p *Progress) observe(generation, observed int64) {
	if observed >= generation {
		return
	}
	p.Pending = Unobserved
	p.Started = 0
	clear(p.Current) // whose Pods they are is not known before that
}

// count counts the Pods of an owner that are current.
func (p *Progress) count(s *cluster.Snapshot, owner metav1.Object, desired int, current func(*corev1.Pod) bool) {
	p.Desired = max(desired, 0)
	if p.Pending == Unobserved {
		return
	}
	for _, pod := range cluster.Objects[corev1.Pod](s) {
		if metav1.IsControlledBy(pod, owner) && pod.DeletionTimestamp == nil && (current == nil || current(pod)) {
			p.add(s, pod)
		}
	}
	if len(p.Current) < p.Desired {
		p.Pending = Unmade
	}
}

func (p *Progress) add(s *cluster.Snapshot, pod *corev1.Pod) {
	p.Current[cluster.RefOf(pod)] = true
	if started(pod, s.At) {
		p.Started++
	}
}

// replicaFailure is why a ReplicaSet cannot make Pods: a quota, an admission webhook.
func replicaFailure(r *appsv1.ReplicaSet) string {
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
