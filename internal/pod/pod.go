// Package pod reads what a Pod's own status, spec and Events say: whether it waits, at which stage and since when,
// what speaks against it, and what it refers to. It knows of no other object.
package pod

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Waiting reports whether a Pod should have started and has not. It must be quick: it is asked about every Pod there
// is. A Pod counts that the kubelet refused or evicted, one whose container restarts again and again, though it may run
// at the moment, and one that runs and has never been ready. One that ran and failed, is done, or is being deleted does
// not.
func Waiting(p *corev1.Pod, at time.Time) bool {
	if p.DeletionTimestamp != nil {
		return false
	}
	switch p.Status.Phase {
	case corev1.PodSucceeded, corev1.PodUnknown:
		return false
	case corev1.PodFailed:
		return Rejected(p)
	case corev1.PodRunning:
		for _, list := range statuses(p) {
			for i := range list {
				if ContainerWaiting(p, &list[i]) || Restarting(p, &list[i], at) {
					return true
				}
			}
		}
		return NeverReady(p)
	}
	return true
}

// Rejected reports whether a Pod failed because the kubelet refused it or threw it out, rather than by its own
// containers.
func Rejected(p *corev1.Pod) bool {
	return p.Status.Phase == corev1.PodFailed && p.Status.Reason != "" && p.Status.Reason != "DeadlineExceeded"
}

// A State is how far a Pod has come, as its own status and Events say.
type State struct {
	Status string    // the word that kubectl shows
	Stage  Stage     // the one that it waits in
	Since  time.Time // since when, as near as its status says
}

// StateOf reads the state of a Pod that waits at a time. The Events that complain of what is not over are given, and
// all Events.
func StateOf(p *corev1.Pod, at time.Time, complaints, events []*corev1.Event) State {
	stage := CurrentStage(p, at, complaints, events)
	return State{Status: Status(p), Stage: stage, Since: Since(p, stage)}
}

// WaitingPath is the field that shows that a Pod waits.
func WaitingPath(p *corev1.Pod) string {
	if p.DeletionTimestamp != nil {
		return "metadata.deletionTimestamp"
	}
	for i := range p.Status.ContainerStatuses {
		if w := p.Status.ContainerStatuses[i].State.Waiting; w != nil {
			return fmt.Sprintf("status.containerStatuses[%d].state.waiting.reason", i)
		}
	}
	if i := conditionIndex(p, corev1.PodReady); i >= 0 && p.Status.Phase == corev1.PodRunning {
		return fmt.Sprintf("status.conditions[%d].status", i)
	}
	return "status.phase"
}

// SetsSysctl reports whether a Pod asks for a sysctl itself.
func SetsSysctl(p *corev1.Pod, name string) bool {
	c := p.Spec.SecurityContext
	return c != nil && slices.ContainsFunc(c.Sysctls, func(s corev1.Sysctl) bool {
		return strings.ReplaceAll(s.Name, "/", ".") == strings.ReplaceAll(name, "/", ".")
	})
}
