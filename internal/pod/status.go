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
	if c := condition(p, corev1.PodScheduled); c != nil && c.Reason == corev1.PodReasonSchedulingGated {
		word = corev1.PodReasonSchedulingGated
	}
	if init, ok := initStatus(p); ok {
		word = init
	} else {
		for i := len(p.Status.ContainerStatuses) - 1; i >= 0; i-- {
			switch s := p.Status.ContainerStatuses[i].State; {
			case s.Waiting != nil && s.Waiting.Reason != "":
				word = s.Waiting.Reason
			case s.Terminated != nil:
				word = ended(s.Terminated)
			}
		}
	}
	if p.DeletionTimestamp != nil {
		word = "Terminating"
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
		case s.Started != nil && *s.Started && sidecar(p, s.Name):
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

// sidecar reports whether an init container is one that stays.
func sidecar(p *corev1.Pod, name string) bool {
	for i := range p.Spec.InitContainers {
		if c := &p.Spec.InitContainers[i]; c.Name == name {
			return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
		}
	}
	return false
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
