package causes

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var at = time.Date(2026, 1, 2, 3, 50, 0, 0, time.UTC)

type complaint struct{ reason, message string }

// path is what the kubelet writes into Events about a container.
func (c complaint) path() string {
	if c.reason == "Failed" || c.reason == "BackOff" {
		return "spec.containers{app}"
	}
	return ""
}

// A Pod of two containers whose image is not there has these ten signs: it is the most common stuck Pod there is.
const noImage = `Failed to pull image "registry.example.com/shop/app:9": rpc error: code = NotFound desc = failed to ` +
	`pull and unpack image "registry.example.com/shop/app:9": failed to resolve reference ` +
	`"registry.example.com/shop/app:9": registry.example.com/shop/app:9: not found`

var pull = []complaint{{"Failed", noImage}, {"Failed", noImage}, {"Failed", "Error: ErrImagePull"},
	{"Failed", "Error: ErrImagePull"}, {"Failed", "Error: ImagePullBackOff"}, {"Failed", "Error: ImagePullBackOff"},
	{"BackOff", `Back-off pulling image "registry.example.com/shop/app:9"`},
	{"BackOff", `Back-off pulling image "registry.example.com/shop/app:9"`},
	{"FailedToRetrieveImagePullSecret",
		"Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed."},
	{"Failed", noImage}}

// A Pod on a node without free addresses: every sandbox has an id of its own, so every message is new.
const noAddress = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for ` +
	`sandbox "%064x": plugin type="bridge" name="net" failed (add): failed to allocate for range 0: no IP addresses ` +
	`available in range set: 10.244.1.1-10.244.1.254`

var sandbox = []complaint{{"FailedCreatePodSandBox", noAddress}, {"FailedCreatePodSandBox", noAddress},
	{"FailedCreatePodSandBox", noAddress}, {"FailedCreatePodSandBox", noAddress}, {"FailedCreatePodSandBox", noAddress},
	{"FailedCreatePodSandBox", noAddress}, {"FailedCreatePodSandBox", noAddress}, {"FailedCreatePodSandBox", noAddress},
	{"FailedCreatePodSandBox", "(combined from similar events): " + noAddress},
	{"SandboxChanged", "Pod sandbox changed, it will be killed and re-created."}}

// Ten different things wrong at once: worse than any real Pod.
var worst = []complaint{
	{"FailedCreatePodSandBox", noAddress},
	{"FailedCreatePodSandBox", "(combined from similar events): " + noAddress},
	{"FailedMount", `MountVolume.SetUp failed for volume "creds" : secret "creds-%d" not found`},
	{"FailedMount", `MountVolume.SetUp failed for volume "kube-api-access-%d" : failed to sync configmap cache: timed ` +
		`out waiting for the condition`},
	{"FailedMount", `Unable to attach or mount volumes: unmounted volumes=[data-%d], unattached volumes=[data creds]: ` +
		`timed out waiting for the condition`},
	{"FailedAttachVolume", `AttachVolume.Attach failed for volume "pvc-%d" : rpc error: code = Internal desc = volume ` +
		`is not ready for workloads`},
	{"SandboxChanged", `Pod sandbox changed, it will be killed and re-created. %d`},
	{"NetworkNotReady", `network is not ready: container runtime network not ready: NetworkReady=false ` +
		`reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized %d`},
	{"Failed", noImage},
	{"BackOff", `Back-off restarting failed container app in pod app-%d`},
}

// manyPods is a snapshot of n Pods of which the first stuck ones wait, each with ten signs.
func manyPods(n, stuck int, complaints []complaint) *cluster.Snapshot {
	b := cluster.NewBuilder(at)
	for i := range n {
		b.Add("Pod", somePod(i, i < stuck))
		if i >= stuck {
			continue
		}
		for j, c := range complaints {
			b.Add("Event", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("app-%d.%d", i, j), Namespace: "shop"},
				Type: "Warning", Reason: c.reason,
				Message: strings.SplitN(fmt.Sprintf(c.message, i*10+j), "%!(EXTRA", 2)[0], Count: 9,
				FirstTimestamp: metav1.NewTime(at.Add(-time.Hour)),
				LastTimestamp:  metav1.NewTime(at.Add(-time.Duration(j) * time.Second)),
				InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "shop", Name: fmt.Sprintf("app-%d", i),
					FieldPath: c.path()}})
		}
	}
	return b.Snapshot()
}

func somePod(i int, stuck bool) *corev1.Pod {
	start := metav1.NewTime(at.Add(-time.Hour))
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("app-%d", i), Namespace: "shop",
		CreationTimestamp: start}}
	p.Spec.NodeName = fmt.Sprintf("n%d", i%200)
	p.Spec.Containers = []corev1.Container{{Name: "app", Image: "registry.example.com/shop/app:9"}}
	p.Spec.Volumes = []corev1.Volume{{Name: "creds",
		VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "creds"}}}}
	p.Status.StartTime, p.Status.Phase = &start, corev1.PodRunning
	s := corev1.ContainerStatus{Name: "app",
		State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: start}}}
	if stuck {
		p.Status.Phase, s.State = corev1.PodPending,
			corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}
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
		says     []complaint
	}{{"pull/1000", 1000, 1000, pull}, {"pull/10000", 10000, 10000, pull}, {"sandbox/1000", 1000, 1000, sandbox},
		{"worst/1000", 1000, 1000, worst},
		{"healthy/1000", 1000, 0, nil}, {"healthy/10000", 10000, 0, nil}, {"healthy/100000", 100000, 0, nil},
		{"mixed/100000", 100000, 5000, sandbox}} {
		b.Run(c.name, func(b *testing.B) {
			s := manyPods(c.n, c.stuck, c.says)
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

// BenchmarkContainers tells what a container costs in a Pod of many, none of which has its image: ns/container must not
// grow with their number.
func BenchmarkContainers(b *testing.B) {
	cat := catalogue(b)
	for _, n := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := manyContainers(n)
			for b.Loop() {
				if r := diagnose.Run(s, cat, diagnose.Options{}); len(r.Problems) != n {
					b.Fatalf("%d problems of %d containers", len(r.Problems), n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/container")
		})
	}
}

// manyContainers is a snapshot of one Pod of n containers, each of which has an image of its own that is not there.
func manyContainers(n int) *cluster.Snapshot {
	b := cluster.NewBuilder(at)
	p := somePod(0, true)
	p.Spec.Containers, p.Status.ContainerStatuses = nil, nil
	for i := range n {
		name, image := fmt.Sprintf("c%d", i), fmt.Sprintf("registry.example.com/shop/app%d:9", i)
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: name, Image: image})
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: name, Image: image,
			State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ErrImagePull",
				Message: strings.ReplaceAll(noImage, "registry.example.com/shop/app:9", image)}}})
	}
	b.Add("Pod", p)
	return b.Snapshot()
}

// BenchmarkNewCatalogue is what a program that diagnoses costs before it has seen a Pod.
func BenchmarkNewCatalogue(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := diagnose.NewCatalogue(All()); err != nil {
			b.Fatal(err)
		}
	}
}
