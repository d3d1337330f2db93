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

// TestLawOwnWords holds law 3 (proven means that the evidence admits no other reading): what a program said that ran in
// a container is its own, whatever its words; it works with files, nodes and registries of its own.
func TestLawOwnWords(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	for _, w := range []string{"flag provided but not defined: -listen", "kernel does not support user namespaces",
		"error while loading shared libraries: libssl.so.1.1: cannot open shared object file", "too many open files",
		`secret "db" not found`, `exec: "git": executable file not found in $PATH`, "avc: denied { read }",
		"mkdir /sys/fs/cgroup/memory/x: permission denied", "resource temporarily unavailable",
		"connection is unauthorized: Unauthorized", `serviceaccounts "x" not found`, "structure needs cleaning",
		`image "x" is not a valid container image: unsupported media type`, "no matching entries in passwd file",
		"stale NFS file handle", "IP 10.0.0.1 is already in use", `runtimeclass "x" not found`,
		"port is already allocated", "write /var/lib/app/wal: no space left on device",
		`Failed to pull image "a": manifest unknown`, "x509: certificate signed by unknown authority"} {
		s := saying(t, "Killing", "")
		p := cluster.Objects[corev1.Pod](s)[0]
		p.Status.ContainerStatuses[0].State.Waiting.Reason = "CrashLoopBackOff"
		p.Status.ContainerStatuses[0].LastTerminationState.Terminated = &corev1.ContainerStateTerminated{Reason: "Error",
			ExitCode: 1, Message: w, StartedAt: *p.Status.StartTime, FinishedAt: *p.Status.StartTime, ContainerID: "c://1"}
		r := diagnose.Run(s, cat, diagnose.Options{})
		if len(r.Problems) != 1 || r.Problems[0].Cause != "container-crashing" {
			t.Errorf("%q: %d problems, first %v", w, len(r.Problems), r.Problems)
		}
	}
}
