package pod

import (
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestRestartingDoesNotFlap asks every second about a Pod whose container ends after a while, again and again, as the
// kubelet starts it: once it has ended twice, the Pod waits, whatever the moment.
func TestRestartingDoesNotFlap(t *testing.T) {
	for _, run := range []time.Duration{0, time.Second, 12 * time.Second, 20 * time.Second, 2 * time.Minute} {
		for reason, often := range map[string]int{"Error": oftenEnded, "OOMKilled": 1} {
			restarting(t, run, reason, often)
		}
	}
}

// restarting is a container that runs for a while and ends for a reason: it counts once it has ended so often.
func restarting(t *testing.T, run time.Duration, reason string, often int) {
	t.Run(fmt.Sprint(run, reason), func(t *testing.T) {
		at := noon
		p := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app"}}},
			Status: corev1.PodStatus{Phase: corev1.PodRunning, ContainerStatuses: []corev1.ContainerStatus{{Name: "app"}}}}
		s := &p.Status.ContainerStatuses[0]
		for ends := range 12 {
			s.RestartCount = int32(ends)
			began := at
			s.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.NewTime(began)}}
			for ; at.Sub(began) < run; at = at.Add(time.Second) {
				if got := Waiting(p, at); got != (ends >= often) {
					t.Fatalf("waits %v %s after its start, having ended %d times", got, at.Sub(began), ends)
				}
			}
			ended := &corev1.ContainerStateTerminated{ExitCode: 1, Reason: reason,
				StartedAt: metav1.NewTime(began), FinishedAt: metav1.NewTime(at)}
			s.LastTerminationState = corev1.ContainerState{Terminated: ended}
			s.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}}
			if !Waiting(p, at) {
				t.Fatalf("does not wait in its back-off, having ended %d times", ends+1)
			}
			at = at.Add(min(10*time.Second<<ends, 5*time.Minute))
		}
	})
}
