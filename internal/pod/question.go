package pod

import (
	"time"

	corev1 "k8s.io/api/core/v1"
)

// A Question is when Pods are asked about, and which of them count beside those that should have started and have not.
type Question struct {
	At    time.Time
	Ready bool // those that have been ready and are not
	Named bool // what is asked about was named: those, those that do not end or have failed, and debug containers
}

// Counts reports whether a Pod is to be looked at. Like Waiting it is asked about every Pod there is.
func (q Question) Counts(p *corev1.Pod) bool {
	lag := endLag
	if q.Named {
		lag /= 2
	}
	return Waiting(p, q.At) || overdue(p, q.At, lag) || (q.Ready || q.Named) && Unready(p) ||
		q.Named && (failed(p) || debugWaits(p)) || Lingers(p, q.At)
}

// failed reports whether a Pod has failed by its own containers, which nobody starts again.
func failed(p *corev1.Pod) bool {
	return p.Status.Phase == corev1.PodFailed && p.Status.Reason == "" && p.DeletionTimestamp == nil
}

// debugWaits reports whether a debug container that was put into a Pod which runs waits. It stays in the Pod for ever,
// so it counts only where somebody asks.
func debugWaits(p *corev1.Pod) bool {
	for i := range p.Status.EphemeralContainerStatuses {
		if p.Status.EphemeralContainerStatuses[i].State.Waiting != nil {
			return p.DeletionTimestamp == nil && p.Status.Phase == corev1.PodRunning
		}
	}
	return false
}

// endLag is how long after its grace period a Pod may still be there before that counts: what it holds is given back.
const endLag = time.Minute

// overdue reports whether a Pod should have been gone for some time: its grace period is in the time of its deletion
// already.
func overdue(p *corev1.Pod, at time.Time, lag time.Duration) bool {
	return p.DeletionTimestamp != nil && at.Sub(p.DeletionTimestamp.Time) >= lag
}

// Ended reports whether none of a Pod's containers runs any more.
func Ended(p *corev1.Pod) bool {
	for _, list := range statuses(p) {
		for i := range list {
			if list[i].State.Running != nil {
				return false
			}
		}
	}
	return true
}
