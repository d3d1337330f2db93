package causes

import (
	"slices"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestLawStages holds law 3 (proven means that the evidence admits no other reading): a sign speaks of the causes of
// its own stage, whatever its words: that a volume cannot be mounted is no cause of images, and so on.
func TestLawStages(t *testing.T) {
	cat := catalogue(t)
	says := []struct {
		reason, before string
		stages         []pod.Stage
	}{
		{"FailedMount", `MountVolume.SetUp failed for volume "data" : `, []pod.Stage{pod.StageVolumes}},
		{"NetworkNotReady", "network is not ready: ", []pod.Stage{pod.StageNetwork}},
		{"Failed", `Failed to pull image "a": `, []pod.Stage{pod.StageImage}},
		{"FailedScheduling", "0/1 nodes are available: ", []pod.Stage{pod.StageSchedule, pod.StageVolumes}},
	}
	words := []string{"driver/library version mismatch", "version mismatch", "unsupported protocol scheme", "SELinux",
		`x509: certificate signed by unknown authority`, "permission denied", "403 Forbidden", "no such device",
		`exec format error`, "stale file handle", "structure needs cleaning", "image not known",
		`failed to find plugin "bridge" in path [/opt/cni/bin]`, `pull access denied`, `unknown blob`,
		`secret "api-tls" not found`, `executable file not found in $PATH`, "connection is unauthorized: Unauthorized"}
	for _, say := range says {
		for _, w := range words {
			for _, p := range diagnose.Run(saying(t, say.reason, say.before+w), cat, diagnose.Options{}).Problems {
				c := cat.Cause(p.Cause)
				if !slices.Contains(say.stages, c.Stage) && !slices.ContainsFunc(c.Also, func(s string) bool {
					return slices.Contains(say.stages, pod.Stage(s))
				}) {
					t.Errorf("%s %q: %s, of stage %s", say.reason, w, c.ID, c.Stage)
				}
			}
		}
	}
}

// saying is a cluster in which a Pod waits and one thing is said of it.
func saying(t *testing.T, reason, words string) *cluster.Snapshot {
	t.Helper()
	at := metav1.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop", UID: "u", CreationTimestamp: at},
		Spec: corev1.PodSpec{NodeName: "n1", Containers: []corev1.Container{{Name: "app", Image: "a"}}},
		Status: corev1.PodStatus{Phase: corev1.PodPending, StartTime: &at, ContainerStatuses: []corev1.ContainerStatus{
			{Name: "app", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}}}}}
	if reason == "FailedScheduling" {
		p.Spec.NodeName, p.Status.StartTime, p.Status.ContainerStatuses = "", nil, nil
	}
	e := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "web.1", Namespace: "shop"}, Type: corev1.EventTypeWarning,
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "shop", Name: "web", UID: "u"},
		Reason:         reason, Message: words, FirstTimestamp: at, LastTimestamp: at, Count: 3}
	b := cluster.NewBuilder(at.Add(20 * time.Minute))
	b.Add("Pod", p)
	b.Add("Event", e)
	return b.Snapshot()
}
