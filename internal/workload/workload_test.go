package workload

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestOf reads how many Pods an object wants and lacks, and why it makes none.
func TestOf(t *testing.T) {
	n := func(i int32) *int32 { return &i }
	yes := true
	failed := []batchv1.JobCondition{{Type: batchv1.JobFailed, Status: corev1.ConditionTrue, Reason: "DeadlineExceeded",
		Message: "late"}}
	for name, c := range map[string]struct {
		o       metav1.Object
		missing int
		state   State
		seen    bool
		message string
	}{
		"one by default": {&appsv1.ReplicaSet{}, 1, Active, true, ""},
		"those of an old template do not count": {&appsv1.Deployment{Spec: appsv1.DeploymentSpec{Replicas: n(3)},
			Status: appsv1.DeploymentStatus{Replicas: 4, UpdatedReplicas: 1}}, 2, Active, true, ""},
		"unseen": {&appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Generation: 2},
			Status: appsv1.DeploymentStatus{ObservedGeneration: 1}}, 1, Active, false, ""},
		"zero is zero, paused or not": {&appsv1.Deployment{Spec: appsv1.DeploymentSpec{Replicas: n(0), Paused: true}}, 0,
			Zero, true, ""},
		"paused":   {&appsv1.Deployment{Spec: appsv1.DeploymentSpec{Replicas: n(2), Paused: true}}, 0, Paused, true, ""},
		"stateful": {&appsv1.StatefulSet{Status: appsv1.StatefulSetStatus{Replicas: 1}}, 0, Active, true, ""},
		"nodes": {&appsv1.DaemonSet{Status: appsv1.DaemonSetStatus{DesiredNumberScheduled: 5, CurrentNumberScheduled: 3}}, 2,
			Active, true, ""},
		"no node": {&appsv1.DaemonSet{}, 0, NoNode, true, ""},
		"what is left of a Job": {&batchv1.Job{Spec: batchv1.JobSpec{Parallelism: n(4), Completions: n(5)},
			Status: batchv1.JobStatus{Succeeded: 3, Active: 1}}, 1, Active, true, ""},
		"suspended": {&batchv1.Job{Spec: batchv1.JobSpec{Suspend: &yes}}, 0, Suspended, true, ""},
		"failed":    {&batchv1.Job{Status: batchv1.JobStatus{Conditions: failed}}, 0, Failed, true, "DeadlineExceeded: late"},
		"idle":      {&batchv1.CronJob{}, 0, Idle, true, ""},
	} {
		w, ok := Of(c.o)
		if !ok || w.Missing() != c.missing || w.State != c.state || w.Observed != c.seen || w.Message != c.message {
			t.Errorf("%s: %+v lacks %d", name, w, w.Missing())
		}
	}
	if _, ok := Of(&corev1.Pod{}); ok {
		t.Error("a Pod is no workload")
	}
}

// TestRefuses tells Events that a Pod cannot be made from those that something else cannot.
func TestRefuses(t *testing.T) {
	event := func(kind, eventType, reason, message string) *corev1.Event {
		return &corev1.Event{InvolvedObject: corev1.ObjectReference{Kind: kind}, Type: eventType, Reason: reason,
			Message: message}
	}
	for _, c := range []struct {
		e    *corev1.Event
		want bool
	}{
		{event("ReplicaSet", "Warning", "FailedCreate", "Error creating: pods ..."), true},
		{event("RayCluster", "Warning", "FailedToCreateHeadPod", "Failed to create head Pod shop/x"), true},
		{event("CronJob", "Warning", "InvalidSchedule", "invalid schedule: x"), true},
		{event("Backup", "Warning", "InvalidSchedule", "invalid schedule: x"), false},
		{event("Widget", "Warning", "CreateFailed", "cannot create the DNS record"), false},
		{event("Pod", "Warning", "FailedCreatePodSandBox", "Failed to create pod sandbox"), false},
		{event("ReplicaSet", "Normal", "SuccessfulCreate", "Created pod: x"), false},
	} {
		if got := Refuses(c.e); got != c.want {
			t.Errorf("%s %s: %v", c.e.InvolvedObject.Kind, c.e.Reason, got)
		}
	}
}
