package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// podOf is a Pod of a workload that runs, with a label.
func podOf(kind, owner, name, label, value string) *corev1.Pod {
	p, yes := runs(waitingPod(name)), true
	p.Labels = map[string]string{label: value}
	p.OwnerReferences = []metav1.OwnerReference{{Kind: kind, Name: owner, UID: types.UID(owner), Controller: &yes}}
	return p
}

func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: "shop", UID: types.UID(name), Generation: 3}
}

func number(n int32) *int32 { return &n }

func TestProgress(t *testing.T) {
	const revision, generation = appsv1.ControllerRevisionHashLabelKey, "pod-template-generation"
	set := func(change func(*appsv1.StatefulSet)) *appsv1.StatefulSet {
		s := &appsv1.StatefulSet{ObjectMeta: meta("db"), Spec: appsv1.StatefulSetSpec{Replicas: number(2)},
			Status: appsv1.StatefulSetStatus{ObservedGeneration: 3, UpdateRevision: "new", UpdatedReplicas: 1}}
		change(s)
		return s
	}
	daemon := &appsv1.DaemonSet{ObjectMeta: meta("agent"), Status: appsv1.DaemonSetStatus{ObservedGeneration: 3, DesiredNumberScheduled: 2}}
	daemon.Annotations = map[string]string{appsv1.DeprecatedTemplateGeneration: "5"}
	job := func(change func(*batchv1.Job)) *batchv1.Job {
		j := &batchv1.Job{ObjectMeta: meta("load"), Spec: batchv1.JobSpec{Parallelism: number(2), Completions: number(3)}}
		change(j)
		return j
	}
	failed := func(j *batchv1.Job) {
		j.Status.Conditions = []batchv1.JobCondition{{Type: batchv1.JobFailed, Status: corev1.ConditionTrue, Message: "too often"}}
	}
	bothDB := []metav1.Object{podOf("StatefulSet", "db", "db-0", revision, "old"), podOf("StatefulSet", "db", "db-1", revision, "new")}
	probed := runs(waitingPod("slow"))
	probed.Status.ContainerStatuses[0].Started = new(bool)
	done := runs(waitingPod("done"))
	done.Status.Phase = corev1.PodFailed
	for _, c := range []struct {
		name    string
		kind    string // of the owner
		owner   string
		pod     string // that is named
		objects []metav1.Object
		want    string // started of want, what it waits for, done
	}{
		{"an old Pod of a StatefulSet", "StatefulSet", "db", "", append(bothDB, set(func(*appsv1.StatefulSet) {})), "1/2 unmade false"},
		{"below a partition", "StatefulSet", "db", "", append(bothDB, set(func(s *appsv1.StatefulSet) {
			s.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateStatefulSetStrategy{Partition: number(1)}
		})), "2/2  true"},
		{"replaced when somebody deletes it", "StatefulSet", "db", "", append(bothDB, set(func(s *appsv1.StatefulSet) { s.Spec.UpdateStrategy.Type = "OnDelete" })), "2/2  true"},
		{"not yet observed", "StatefulSet", "db", "", append(bothDB, set(func(s *appsv1.StatefulSet) { s.Generation = 4 })), "0/2 unobserved false"},
		{"a DaemonSet", "DaemonSet", "agent", "", []metav1.Object{daemon, podOf("DaemonSet", "agent", "a", generation, "5"), podOf("DaemonSet", "agent", "b", generation, "4")}, "1/2 unmade false"},
		{"a Job", "Job", "load", "", []metav1.Object{job(func(*batchv1.Job) {}), podOf("Job", "load", "a", "", ""), podOf("Job", "load", "b", "", "")}, "2/2  true"},
		{"the last of a Job", "Job", "load", "", []metav1.Object{job(func(j *batchv1.Job) { j.Status.Succeeded = 2 }), podOf("Job", "load", "a", "", "")}, "1/1  true"},
		{"a Job that failed", "Job", "load", "", []metav1.Object{job(failed)}, "0/2 unmade false dead"},
		{"a Job of another name", "Job", "other", "", []metav1.Object{job(failed)}, "0/0  false missing"},
		{"no Pods at all", "", "", "", nil, "0/1  false"},
		{"all Pods", "", "", "", []metav1.Object{runs(waitingPod("a")), waitingPod("b"), done}, "1/2  false"},
		{"a startup probe", "", "", "", []metav1.Object{probed}, "0/1  false"},
		{"a Pod that failed", "", "", "done", []metav1.Object{done}, "1/1  false dead"},
		{"a Pod that is not there", "", "", "gone", nil, "0/1  false missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := cluster.NewBuilder(time.Now())
			for _, o := range c.objects {
				b.Add(map[bool]string{true: "Pod", false: c.kind}[isPod(o)], o)
			}
			scope := Scope{Namespace: "shop", Name: c.pod}
			if c.kind != "" {
				scope.Owner = cluster.Ref{Kind: c.kind, Namespace: "shop", Name: c.owner}
			}
			p := ProgressOf(b.Snapshot(), scope)
			got := fmt.Sprintf("%d/%d %s %v", p.Started, p.Want, p.Waits, p.Done())
			for word, is := range map[string]bool{" dead": p.Dead, " missing": p.Missing} {
				if is {
					got += word
				}
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func isPod(o metav1.Object) bool { _, ok := o.(*corev1.Pod); return ok }
