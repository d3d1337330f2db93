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

var at = time.Date(2026, 1, 2, 3, 50, 0, 0, time.UTC)

// complaints are what the ten signs of a stuck Pod say: a sandbox that finds no address, a claim, a node, and their echoes.
var complaints = []struct{ reason, message string }{
	{"FailedCreatePodSandBox", `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "%064x": plugin type="bridge" name="net" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.254`},
	{"FailedCreatePodSandBox", `(combined from similar events): Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "%064x": plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.254`},
	{"FailedMount", `MountVolume.SetUp failed for volume "creds" : secret "creds-%d" not found`},
	{"FailedMount", `MountVolume.SetUp failed for volume "kube-api-access-%d" : failed to sync configmap cache: timed out waiting for the condition`},
	{"FailedMount", `Unable to attach or mount volumes: unmounted volumes=[data-%d], unattached volumes=[data creds]: timed out waiting for the condition`},
	{"FailedAttachVolume", `AttachVolume.Attach failed for volume "pvc-%d" : rpc error: code = Internal desc = volume is not ready for workloads`},
	{"SandboxChanged", `Pod sandbox changed, it will be killed and re-created. %d`},
	{"NetworkNotReady", `network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized %d`},
	{"Failed", `Failed to pull image "registry.example.com/shop/app:%d": rpc error: code = NotFound desc = failed to pull and unpack image: failed to resolve reference: registry.example.com/shop/app: not found`},
	{"BackOff", `Back-off restarting failed container app in pod app-%d`},
}

// manyPods is a snapshot of n Pods of which the first stuck ones wait, each with ten signs.
func manyPods(n, stuck int) *cluster.Snapshot {
	b := cluster.NewBuilder(at)
	for i := range n {
		b.Add("Pod", somePod(i, i < stuck))
		if i >= stuck {
			continue
		}
		for j, c := range complaints {
			b.Add("Event", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("app-%d.%d", i, j), Namespace: "shop"}, Type: "Warning", Reason: c.reason,
				Message: fmt.Sprintf(c.message, i), Count: 9, FirstTimestamp: metav1.NewTime(at.Add(-time.Hour)), LastTimestamp: metav1.NewTime(at.Add(-time.Duration(j) * time.Second)),
				InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "shop", Name: fmt.Sprintf("app-%d", i)}})
		}
	}
	return b.Snapshot()
}

func somePod(i int, stuck bool) *corev1.Pod {
	start := metav1.NewTime(at.Add(-time.Hour))
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("app-%d", i), Namespace: "shop", CreationTimestamp: start}}
	p.Spec.NodeName = fmt.Sprintf("n%d", i%200)
	p.Spec.Containers = []corev1.Container{{Name: "app", Image: "registry.example.com/shop/app:1"}}
	p.Spec.Volumes = []corev1.Volume{{Name: "creds", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "creds"}}}}
	p.Status.StartTime, p.Status.Phase = &start, corev1.PodRunning
	s := corev1.ContainerStatus{Name: "app", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: start}}}
	if stuck {
		p.Status.Phase, s.State = corev1.PodPending, corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}
	}
	p.Status.ContainerStatuses = []corev1.ContainerStatus{s}
	return p
}

// BenchmarkRun tells what a Pod costs. ns/pod is the figure: it must not grow with the number of Pods.
func BenchmarkRun(b *testing.B) {
	cat := catalogue(b)
	for _, c := range []struct {
		name     string
		n, stuck int
	}{{"stuck/1000", 1000, 1000}, {"stuck/10000", 10000, 10000}, {"healthy/1000", 1000, 0}, {"healthy/10000", 10000, 0}, {"healthy/100000", 100000, 0}, {"mixed/100000", 100000, 5000}} {
		b.Run(c.name, func(b *testing.B) {
			s := manyPods(c.n, c.stuck)
			diagnose.Run(s, cat, diagnose.Options{})
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				diagnose.Run(s, cat, diagnose.Options{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.n), "ns/pod")
		})
	}
}
