package pod

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// Status is the word that kubectl shows in the STATUS column of a Pod.
func Status(p *corev1.Pod) string {
	word := string(p.Status.Phase)
	if p.Status.Reason != "" {
		word = p.Status.Reason
	}
	if c := Condition(p, corev1.PodScheduled); c != nil && c.Reason == corev1.PodReasonSchedulingGated {
		word = corev1.PodReasonSchedulingGated
	}
	init, initializing := initStatus(p)
	if initializing {
		word = init
	}
	if c := Condition(p, corev1.PodInitialized); !initializing || c != nil && c.Status == corev1.ConditionTrue {
		word = appStatus(p, word)
	}
	switch {
	case p.DeletionTimestamp == nil:
	case p.Status.Reason == "NodeLost":
		word = "Unknown"
	case p.Status.Phase != corev1.PodSucceeded && p.Status.Phase != corev1.PodFailed:
		word = "Terminating"
	}
	return word
}

// appStatus is the STATUS of a Pod whose init containers are done; the word otherwise where its containers show none.
func appStatus(p *corev1.Pod, word string) string {
	runs, failed := false, ""
	for i := len(p.Status.ContainerStatuses) - 1; i >= 0; i-- {
		switch s := &p.Status.ContainerStatuses[i]; {
		case s.State.Waiting != nil && s.State.Waiting.Reason != "":
			word = s.State.Waiting.Reason
		case s.State.Terminated != nil:
			word = ended(s.State.Terminated)
			if s.State.Terminated.ExitCode != 0 {
				failed = word
			}
		case s.Ready && s.State.Running != nil:
			runs = true
		}
	}
	ready := Condition(p, corev1.PodReady)
	switch {
	case word != "Completed":
	case runs && ready != nil && ready.Status == corev1.ConditionTrue:
		return "Running"
	case failed != "":
		return failed
	case runs:
		return "NotReady"
	}
	return word
}

// initStatus is the STATUS of a Pod whose init containers are not done: "Init:0/2", "Init:CrashLoopBackOff".
func initStatus(p *corev1.Pod) (string, bool) {
	for i := range p.Status.InitContainerStatuses {
		s := &p.Status.InitContainerStatuses[i]
		switch {
		case s.State.Terminated != nil && s.State.Terminated.ExitCode == 0:
			continue
		case s.Started != nil && *s.Started && Sidecar(p, s.Name):
			continue
		case s.State.Terminated != nil:
			return "Init:" + ended(s.State.Terminated), true
		case s.State.Waiting != nil && s.State.Waiting.Reason != "" && s.State.Waiting.Reason != "PodInitializing":
			return "Init:" + s.State.Waiting.Reason, true
		}
		return fmt.Sprintf("Init:%d/%d", i, len(p.Spec.InitContainers)), true
	}
	return "", false
}

func ended(t *corev1.ContainerStateTerminated) string {
	switch {
	case t.Reason != "":
		return t.Reason
	case t.Signal != 0:
		return fmt.Sprintf("Signal:%d", t.Signal)
	}
	return fmt.Sprintf("ExitCode:%d", t.ExitCode)
}
