package rollout

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// waitingPod is a Pod whose only container waits for its image.
func waitingPod(name string) *corev1.Pod {
	waiting := &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}
	return &corev1.Pod{
		ObjectMeta: meta(name),
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "app"}}},
		Status: corev1.PodStatus{
			Phase:             corev1.PodPending,
			ContainerStatuses: []corev1.ContainerStatus{{Name: "app", State: corev1.ContainerState{Waiting: waiting}}},
		},
	}
}

// runningPod is a Pod whose container runs.
func runningPod(name string) *corev1.Pod {
	p := waitingPod(name)
	p.Status.Phase = corev1.PodRunning
	p.Status.ContainerStatuses[0].State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
	return p
}

// podOf is a Pod of a workload that runs, with a label.
func podOf(kind, owner, name, label, value string) *corev1.Pod {
	p, yes := runningPod(name), true
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
	daemon := &appsv1.DaemonSet{ObjectMeta: meta("agent"), Status: appsv1.DaemonSetStatus{ObservedGeneration: 3,
		DesiredNumberScheduled: 2}}
	daemon.Annotations = map[string]string{appsv1.DeprecatedTemplateGeneration: "5"}
	job := func(change func(*batchv1.Job)) *batchv1.Job {
		j := &batchv1.Job{ObjectMeta: meta("load"), Spec: batchv1.JobSpec{Parallelism: number(2),
			Completions: number(3)}}
		change(j)
		return j
	}
	failed := func(j *batchv1.Job) {
		j.Status.Conditions = []batchv1.JobCondition{{Type: batchv1.JobFailed, Status: corev1.ConditionTrue,
			Message: "too often"}}
	}
	bothDB := []metav1.Object{podOf("StatefulSet", "db", "db-0", revision, "old"), podOf("StatefulSet", "db", "db-1",
		revision, "new")}
	probed := runningPod("slow")
	probed.Status.ContainerStatuses[0].Started = new(bool)
	unready := runningPod("unready")
	unready.Status.StartTime = &metav1.Time{Time: time.Now()}
	unready.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionFalse,
		LastTransitionTime: *unready.Status.StartTime}}
	lost := unready.DeepCopy()
	lost.Status.Conditions[0].LastTransitionTime = metav1.NewTime(time.Now().Add(time.Minute))
	again := runningPod("again")
	now := metav1.Now()
	again.Status.ContainerStatuses[0].RestartCount = 3
	again.Status.ContainerStatuses[0].State.Running.StartedAt = now
	again.Status.ContainerStatuses[0].LastTerminationState.Terminated = &corev1.ContainerStateTerminated{ExitCode: 1,
		StartedAt: metav1.NewTime(now.Add(-20 * time.Second)), FinishedAt: now}
	done := runningPod("done")
	done.Status.Phase = corev1.PodFailed
	for _, c := range []struct {
		name    string
		kind    string // of the owner
		owner   string
		pod     string // that is named
		objects []metav1.Object
		want    string // started of want, what it waits for, done
	}{
		{"an old Pod of a StatefulSet", "StatefulSet", "db", "", append(bothDB, set(func(*appsv1.StatefulSet) {})),
			"1/2 unmade false"},
		{"below a partition", "StatefulSet", "db", "", append(bothDB, set(func(s *appsv1.StatefulSet) {
			s.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateStatefulSetStrategy{Partition: number(1)}
		})), "2/2  true"},
		{"replaced when somebody deletes it", "StatefulSet", "db", "",
			append(bothDB, set(func(s *appsv1.StatefulSet) { s.Spec.UpdateStrategy.Type = "OnDelete" })), "2/2  true"},
		{"not yet observed", "StatefulSet", "db", "",
			append(bothDB, set(func(s *appsv1.StatefulSet) { s.Generation = 4 })), "0/2 unobserved false"},
		{"a DaemonSet", "DaemonSet", "agent", "", []metav1.Object{daemon, podOf("DaemonSet", "agent", "a", generation,
			"5"), podOf("DaemonSet", "agent", "b", generation, "4")}, "1/2 unmade false"},
		{"a Job", "Job", "load", "", []metav1.Object{job(func(*batchv1.Job) {}), podOf("Job", "load", "a", "", ""),
			podOf("Job", "load", "b", "", "")}, "2/2  true"},
		{"the last of a Job", "Job", "load", "", []metav1.Object{job(func(j *batchv1.Job) { j.Status.Succeeded = 2 }),
			podOf("Job", "load", "a", "", "")}, "1/1  true"},
		{"a Job that failed", "Job", "load", "", []metav1.Object{job(failed)}, "0/2 unmade false failed"},
		{"a Job of another name", "Job", "other", "", []metav1.Object{job(failed)}, "0/0  false not found"},
		{"no Pods at all", "", "", "", nil, "0/1  false"},
		{"all Pods", "", "", "", []metav1.Object{runningPod("a"), waitingPod("b"), done}, "1/2  false"},
		{"a startup probe", "", "", "", []metav1.Object{probed}, "0/1  false"},
		{"a Pod that has never been ready", "", "", "", []metav1.Object{unready}, "0/1  false"},
		{"a Pod that was ready once", "", "", "", []metav1.Object{lost}, "1/1  true"},
		{"a Pod that restarts again and again", "", "", "", []metav1.Object{again}, "0/1  false"},
		{"a Pod that failed", "", "", "done", []metav1.Object{done}, "1/1  false failed"},
		{"a Pod that is not there", "", "", "gone", nil, "0/1  false not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := cluster.NewBuilder(time.Now())
			for _, o := range c.objects {
				b.Add(map[bool]string{true: "Pod", false: c.kind}[isPod(o)], o)
			}
			target := Target{Pod: c.pod}
			if c.kind != "" {
				target.Workload = cluster.Ref{Kind: c.kind, Namespace: "shop", Name: c.owner}
			}
			p := Of(b.Snapshot(), target)
			got := fmt.Sprintf("%d/%d %s %v", p.Started, p.Desired, p.Pending, p.Complete())
			if p.Failed {
				got += " failed"
			}
			if p.NotFound {
				got += " not found"
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestDeployment counts the Pods of the ReplicaSet with the revision of the Deployment, and no others.
func TestDeployment(t *testing.T) {
	const revision = "deployment.kubernetes.io/revision"
	yes := true
	replicaSet := func(name, r string) *appsv1.ReplicaSet {
		rs := &appsv1.ReplicaSet{ObjectMeta: meta(name), Spec: appsv1.ReplicaSetSpec{Replicas: number(2)}}
		rs.Generation = 0
		rs.Annotations = map[string]string{revision: r}
		rs.OwnerReferences = []metav1.OwnerReference{{Kind: "Deployment", Name: "web", UID: "web", Controller: &yes}}
		return rs
	}
	refused := replicaSet("web-2", "2")
	refused.Status.Conditions = []appsv1.ReplicaSetCondition{{Type: appsv1.ReplicaSetReplicaFailure,
		Status: corev1.ConditionTrue, Message: "exceeded quota"}}
	ofOld := []*corev1.Pod{podOf("ReplicaSet", "web-1", "a", "", ""), podOf("ReplicaSet", "web-1", "b", "", "")}
	ofNew := []*corev1.Pod{podOf("ReplicaSet", "web-2", "c", "", ""), podOf("ReplicaSet", "web-2", "d", "", "")}
	for name, c := range map[string]struct {
		revision    string
		observed    int64
		updated     int32
		replicaSets []*appsv1.ReplicaSet
		pods        []*corev1.Pod
		want        Progress
	}{
		"both new ones run": {"2", 3, 2, []*appsv1.ReplicaSet{replicaSet("web-1", "1"), replicaSet("web-2", "2")},
			append(ofNew, ofOld[0]), Progress{Desired: 2, Started: 2}},
		"one new one is there": {"2", 3, 1, []*appsv1.ReplicaSet{replicaSet("web-1", "1"), replicaSet("web-2", "2")},
			append(ofNew[:1:1], ofOld...), Progress{Desired: 2, Started: 1, Pending: Unmade}},
		"its ReplicaSet is not made yet": {"2", 3, 0, []*appsv1.ReplicaSet{replicaSet("web-1", "1")},
			ofOld, Progress{Desired: 2, Pending: Unmade}},
		"the rollout is paused": {"1", 3, 0, []*appsv1.ReplicaSet{replicaSet("web-1", "1")},
			ofOld, Progress{Desired: 2, Started: 2, Pending: Unmade}},
		"the change has not been seen": {"1", 2, 2, []*appsv1.ReplicaSet{replicaSet("web-1", "1")},
			ofOld, Progress{Desired: 2, Pending: Unobserved}},
		"the quota is used up": {"2", 3, 0, []*appsv1.ReplicaSet{refused},
			nil, Progress{Desired: 2, Pending: Unmade, Message: "exceeded quota"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := &appsv1.Deployment{ObjectMeta: meta("web"), Spec: appsv1.DeploymentSpec{Replicas: number(2)},
				Status: appsv1.DeploymentStatus{ObservedGeneration: c.observed, UpdatedReplicas: c.updated}}
			d.Annotations = map[string]string{revision: c.revision}
			b := cluster.NewBuilder(time.Now())
			b.Add("Deployment", d)
			for _, r := range c.replicaSets {
				b.Add("ReplicaSet", r)
			}
			for _, p := range c.pods {
				b.Add("Pod", p)
			}
			got := Of(b.Snapshot(), Target{Workload: cluster.Ref{Kind: "Deployment", Namespace: "shop", Name: "web"}})
			got.Current = nil
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func isPod(o metav1.Object) bool { _, ok := o.(*corev1.Pod); return ok }
