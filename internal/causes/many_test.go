package causes

import (
	"fmt"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestManyNodes lets Pods that may not be beside others wait in a cluster of many nodes in few zones. Whoever may
// create a Pod writes such a rule: what it costs grows with the nodes and with the Pods, and not with the one times the
// other, which would not end within the time that a test has.
func TestManyNodes(t *testing.T) {
	alone(t)
	at := time.Date(2026, 3, 2, 10, 20, 0, 0, time.UTC)
	b := cluster.NewBuilder(at)
	for i := range 4000 {
		n := fmt.Sprintf("n%d", i)
		b.Add("Node", &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: n, Labels: map[string]string{
			"zone": fmt.Sprint(i % 3), "host": n}}})
		for j := range 5 {
			b.Add("Pod", &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-%d", n, j), Namespace: "shop",
				Labels: map[string]string{"app": "web"}}, Spec: corev1.PodSpec{NodeName: n},
				Status: corev1.PodStatus{Phase: corev1.PodRunning}})
		}
	}
	all := &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	for i, words := range []string{"didn't match pod anti-affinity rules", "didn't match pod affinity rules",
		"didn't satisfy existing pods anti-affinity rules", "didn't match pod topology spread constraints"} {
		terms := []corev1.PodAffinityTerm{{TopologyKey: "zone", LabelSelector: all},
			{TopologyKey: "host", LabelSelector: all}}
		b.Add("Pod", &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("waits-", i), Namespace: "shop",
			CreationTimestamp: metav1.NewTime(at.Add(-time.Hour)), Labels: map[string]string{"app": "web"}},
			Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "x:1"}}, Affinity: &corev1.Affinity{
				PodAntiAffinity: &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: terms},
				PodAffinity:     &corev1.PodAffinity{RequiredDuringSchedulingIgnoredDuringExecution: terms}},
				TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{MaxSkew: 1, TopologyKey: "host",
					WhenUnsatisfiable: corev1.DoNotSchedule, LabelSelector: all}}},
			Status: corev1.PodStatus{Phase: corev1.PodPending, Conditions: []corev1.PodCondition{{Type: corev1.PodScheduled,
				Status: corev1.ConditionFalse, Reason: "Unschedulable", LastTransitionTime: metav1.NewTime(at.Add(-time.Hour)),
				Message: fmt.Sprintf("0/4000 nodes are available: 4000 node(s) %s.", words)}}}})
	}
	s := b.Snapshot()
	if r := diagnose.Run(s, catalogue(t), diagnose.Options{}); len(r.Problems) == 0 {
		t.Error("nothing is found")
	}
}
