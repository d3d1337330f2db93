package rollout

import (
	"time"

	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// started reports whether a Pod has come as far as being ready for the first time, and at a time runs, or has done its
// work. One whose containers restart again and again has not, though they may run at the moment.
func started(p *corev1.Pod, at time.Time) bool {
	switch p.Status.Phase {
	case corev1.PodSucceeded:
		return true
	case corev1.PodFailed:
		return p.Status.Reason == "" // its containers ran; otherwise the kubelet threw it out
	case corev1.PodRunning:
	default:
		return false
	}
	if pod.Waiting(p, at) {
		return false
	}
	for _, c := range p.Status.ContainerStatuses {
		if c.State.Running != nil && c.Started != nil && !*c.Started {
			return false
		}
	}
	return true
}
