// Package pod reads what a Pod's own status, spec and Events say: whether it waits, at which stage and since when,
// what speaks against it, and what it refers to. It knows of no other object.
package pod

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Waiting reports whether a Pod should have started and has not. It must be quick: it is asked about every Pod there
// is. A Pod that the kubelet refused or evicted counts; one that ran and failed, is done, or is being deleted does not.
func Waiting(p *corev1.Pod) bool {
	if p.DeletionTimestamp != nil {
		return false
	}
	switch p.Status.Phase {
	case corev1.PodSucceeded:
		return false
	case corev1.PodFailed:
		return Rejected(p)
	case corev1.PodRunning:
		for i := range p.Status.ContainerStatuses {
			if ContainerWaiting(p, &p.Status.ContainerStatuses[i]) {
				return true
			}
		}
		for i := range p.Status.InitContainerStatuses {
			if s := &p.Status.InitContainerStatuses[i]; s.State.Terminated == nil && ContainerWaiting(p, s) {
				return true
			}
		}
		return false
	case corev1.PodUnknown:
		return false
	}
	return true
}

// Rejected reports whether a Pod failed because the kubelet refused it or threw it out, rather than by its own
// containers.
func Rejected(p *corev1.Pod) bool {
	return p.Status.Phase == corev1.PodFailed && p.Status.Reason != "" && p.Status.Reason != "DeadlineExceeded"
}

// ContainerWaiting reports whether a container is not running and will be started again.
func ContainerWaiting(p *corev1.Pod, s *corev1.ContainerStatus) bool {
	if s.State.Running != nil {
		return false
	}
	if t := s.State.Terminated; t != nil {
		switch p.Spec.RestartPolicy {
		case corev1.RestartPolicyNever:
			return false
		case corev1.RestartPolicyOnFailure:
			return t.ExitCode != 0
		}
		return t.ExitCode != 0 || s.RestartCount > 0
	}
	return true
}

// A State is how far a Pod has come, as its own status and Events say.
type State struct {
	Status string    // the word that kubectl shows
	Stage  Stage     // the one that it waits in
	Since  time.Time // since when, as near as its status says
}

// StateOf reads the state of a Pod that waits. The Events that complain of what is not over are given, and all Events.
func StateOf(p *corev1.Pod, complaints, events []*corev1.Event) State {
	stage := CurrentStage(p, complaints, events)
	return State{Status: Status(p), Stage: stage, Since: Since(p, stage)}
}

// WaitingPath is the field that shows that a Pod waits.
func WaitingPath(p *corev1.Pod) string {
	for i := range p.Status.ContainerStatuses {
		if w := p.Status.ContainerStatuses[i].State.Waiting; w != nil {
			return fmt.Sprintf("status.containerStatuses[%d].state.waiting.reason", i)
		}
	}
	return "status.phase"
}
