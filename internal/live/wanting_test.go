package live

import (
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/livetest"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const overQuota = `pods "web-5d-x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2`

// refusedWorkload is a Deployment of which a quota lets no Pod be made.
func refusedWorkload() (*appsv1.Deployment, *appsv1.ReplicaSet, *corev1.ResourceQuota) {
	now, yes, n := metav1.Now(), true, int32(1)
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop", UID: "d", Generation: 1,
		CreationTimestamp: now}, Spec: appsv1.DeploymentSpec{Replicas: &n},
		Status: appsv1.DeploymentStatus{ObservedGeneration: 1}}
	r := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Name: "web-5d", Namespace: "shop", UID: "r", Generation: 1,
		CreationTimestamp: now,
		OwnerReferences:   []metav1.OwnerReference{{Kind: "Deployment", Name: "web", UID: "d", Controller: &yes}}},
		Spec: appsv1.ReplicaSetSpec{Replicas: &n},
		Status: appsv1.ReplicaSetStatus{ObservedGeneration: 1, Conditions: []appsv1.ReplicaSetCondition{
			{Type: appsv1.ReplicaSetReplicaFailure, Status: corev1.ConditionTrue, Reason: "FailedCreate",
				Message: overQuota}}}}
	q := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "team", Namespace: "shop"},
		Status: corev1.ResourceQuotaStatus{Hard: corev1.ResourceList{"pods": resource.MustParse("2")}}}
	return d, r, q
}

// TestWanted finds why the Pods of a workload were not made although there is no Pod at all, with what stands in their
// way; asked about the namespace and about the workload.
func TestWanted(t *testing.T) {
	d, r, q := refusedWorkload()
	byName := cluster.Ref{Kind: "Deployment", Namespace: "shop", Name: "web"}
	for _, scope := range []Scope{{Namespace: "shop"}, {Namespace: "shop", Owner: byName}, {}} {
		f, c := serve(t)
		for _, o := range []metav1.Object{d, r, q} {
			f.Put(o)
		}
		s, err := Collect(t.Context(), c, scope, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(problems(t, s), "; "); got != "proven quota-exceeded ResourceQuota shop/team" {
			t.Errorf("%v: %s; asked %v", scope, got, f.Asked())
		}
	}
}

// TestWantedByAnOperator finds it by the Event of an object of a kind that is not listed.
func TestWantedByAnOperator(t *testing.T) {
	f, c := serve(t)
	now := metav1.Now()
	f.Put(&corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "train.1", Namespace: "shop"}, Type: "Warning",
		Reason:         "FailedToCreateHeadPod",
		InvolvedObject: corev1.ObjectReference{Kind: "RayCluster", Namespace: "shop", Name: "train"},
		FirstTimestamp: now, LastTimestamp: now, Message: "Failed to create head Pod: " + overQuota})
	s, err := Collect(t.Context(), c, Scope{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(problems(t, s), "; "); got != "proven quota-exceeded ResourceQuota shop/team" {
		t.Errorf("%s; asked %v", got, f.Asked())
	}
}

// TestFollowWanted says it within seconds of the refusal, and that it is over when the Pods are there.
func TestFollowWanted(t *testing.T) {
	same(t, follow(t, func(f *livetest.Server, begin func()) {
		begin()
		time.Sleep(time.Minute)
		d, r, q := refusedWorkload()
		for _, o := range []metav1.Object{d, r, q} {
			f.Put(o)
		}
		time.Sleep(2 * time.Minute)
		f.Remove(d)
		f.Remove(r)
		time.Sleep(2 * time.Minute)
	}), "0 seen, 0 starting: ", "0 seen, 0 starting: proven quota-exceeded 1", "0 seen, 0 starting: ")
}

// TestRefusedBefore says nothing of a refusal that a Deployment has left behind: its old ReplicaSet wants no Pods any
// more, and the new one has them.
func TestRefusedBefore(t *testing.T) {
	d, r, _ := refusedWorkload()
	f, c := serve(t)
	none, now := int32(0), metav1.Now()
	d.Status.UpdatedReplicas, d.Status.ReadyReplicas = 1, 1
	r.Spec.Replicas = &none
	for _, o := range []metav1.Object{d, r, &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "web.1", Namespace: "shop"},
		Type: "Warning", Reason: "FailedCreate",
		InvolvedObject: corev1.ObjectReference{Kind: "ReplicaSet", Namespace: "shop", Name: r.Name, UID: r.UID},
		FirstTimestamp: now, LastTimestamp: now, Message: "Error creating: " + overQuota}} {
		f.Put(o)
	}
	s, err := Collect(t.Context(), c, Scope{Namespace: "shop"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := problems(t, s); len(got) > 0 {
		t.Errorf("%s; asked %v", got, f.Asked())
	}
}
