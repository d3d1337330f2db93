package live

import (
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// replica is a Pod of many that are alike.
func replica(name string, began time.Time) *corev1.Pod {
	yes := true
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name, UID: "uid-of-web-1",
		Labels: map[string]string{"app": "web"}, Annotations: map[string]string{"note": "long"},
		OwnerReferences: []metav1.OwnerReference{{Kind: "ReplicaSet", Name: "web", UID: "u", Controller: &yes}}},
		Spec: corev1.PodSpec{NodeName: "n1", Containers: []corev1.Container{{Name: "app", Image: "web:1",
			Args: []string{"--password=hunter2"}}},
			Volumes: []corev1.Volume{{Name: "kube-api-access-" + name},
				{Name: "logs", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/var/log"}}}}}}
	p.Status.Phase, p.Status.PodIP = corev1.PodRunning, "10.0.0.1"
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue,
		LastTransitionTime: metav1.NewTime(began)}}
	p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "app", Image: "web:1", Ready: true,
		ContainerID: "containerd://" + name,
		State:       corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.NewTime(began)}}}}
	return p
}

// TestAlike reads Pods that run, from protobuf and as a watch brings them: what they have in common is there once, and
// is what is kept of one alone.
func TestAlike(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	th := newThinner(pod.Question{At: at}.Counts)
	var read []*corev1.Pod
	for i, name := range []string{"web-1", "web-2"} {
		item, err := replica(name, at.Add(time.Duration(i-10)*time.Minute)).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		p, thin, err := th.read(item, false)
		if err != nil || !thin {
			t.Fatalf("%s: thin %t, %v", name, thin, err)
		}
		read = append(read, p)
	}
	watched, thin := th.take(replica("web-3", at))
	if !thin {
		t.Error("what a watch brings is not thin")
	}
	for _, p := range append(read, watched) {
		want := trimPod(replica(p.Name, at))
		want.Status.Conditions[0].LastTransitionTime = metav1.Time{}
		want.Status.ContainerStatuses[0].State.Running.StartedAt = metav1.Time{}
		want.Status.ContainerStatuses[0].ContainerID = ""
		if diff := cmp.Diff(want, p); diff != "" {
			t.Errorf("wanted (-) and kept (+) differ:\n%s", diff)
		}
		if unsafe.SliceData(p.Spec.Containers) != unsafe.SliceData(read[0].Spec.Containers) {
			t.Errorf("%s has containers of its own", p.Name)
		}
	}
	ended := corev1.ContainerStateTerminated{ExitCode: 1}
	for name, change := range map[string]func(*corev1.Pod){
		"not ready":  func(p *corev1.Pod) { p.Status.Conditions[0].Status = corev1.ConditionFalse },
		"going":      func(p *corev1.Pod) { p.DeletionTimestamp = &metav1.Time{Time: at} },
		"restarted":  func(p *corev1.Pod) { p.Status.ContainerStatuses[0].LastTerminationState.Terminated = &ended },
		"pending":    func(p *corev1.Pod) { p.Status.Phase = corev1.PodPending },
		"of a file":  func(p *corev1.Pod) { p.Annotations[corev1.MirrorPodAnnotationKey] = "x" },
		"disrupted":  func(p *corev1.Pod) { p.Status.Conditions[0].Type = corev1.DisruptionTarget },
		"with words": func(p *corev1.Pod) { p.Status.Message = "node is shutting down" },
	} {
		p := replica("web-4", at)
		change(p)
		item, err := p.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if _, thin, err := th.read(item, false); thin || err != nil {
			t.Errorf("%s: thin %t, %v", name, thin, err)
		}
	}
}
