package rollout

import (
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// started reports whether all containers of a Pod run, past their startup probes, or have done their work.
func started(p *corev1.Pod) bool {
	switch p.Status.Phase {
	case corev1.PodSucceeded:
		return true
	case corev1.PodFailed:
		return p.Status.Reason == "" // its containers ran; otherwise the kubelet threw it out
	case corev1.PodRunning:
	default:
		return false
	}
	if pod.Waiting(p) {
		return false
	}
	for _, c := range p.Status.ContainerStatuses {
		if c.State.Running != nil && c.Started != nil && !*c.Started {
			return false
		}
	}
	return true
}
