package diagnose

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// waits tells whether a Pod should have started and has not. It must be quick: it is asked about every Pod there is.
// A Pod that the kubelet refused or evicted counts; one that ran and failed, is done, or is being deleted does not.
func waits(p *corev1.Pod) bool {
	if p.DeletionTimestamp != nil {
		return false
	}
	switch p.Status.Phase {
	case corev1.PodSucceeded:
		return false
	case corev1.PodFailed:
		return rejected(p)
	case corev1.PodRunning:
		for i := range p.Status.ContainerStatuses {
			if waiting(p, &p.Status.ContainerStatuses[i]) {
				return true
			}
		}
		for i := range p.Status.InitContainerStatuses {
			if s := &p.Status.InitContainerStatuses[i]; s.State.Terminated == nil && waiting(p, s) {
				return true
			}
		}
		return false
	case corev1.PodUnknown:
		return false
	}
	return true
}

// rejected tells whether a Pod failed because the kubelet refused it or threw it out, rather than by its own containers.
func rejected(p *corev1.Pod) bool {
	return p.Status.Phase == corev1.PodFailed && p.Status.Reason != "" && p.Status.Reason != "DeadlineExceeded"
}

// waiting tells whether a container is not running and will be started again.
func waiting(p *corev1.Pod, s *corev1.ContainerStatus) bool {
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

// stands finds the stage that a Pod waits in, from its conditions, its container states and what was last said of it.
func stands(p *corev1.Pod, signs []cluster.Sign, events []*corev1.Event) Stage {
	switch {
	case rejected(p):
		return Accept
	case p.Spec.NodeName == "":
		return Schedule
	case p.Status.StartTime == nil && len(p.Status.ContainerStatuses)+len(p.Status.InitContainerStatuses) == 0:
		return Accept
	}
	if s, ok := containerStage(p); ok {
		return s
	}
	if !hasSandbox(p, events) {
		for i := len(signs) - 1; i >= 0; i-- {
			if s, ok := sandboxReasons[signs[i].Reason]; ok && signs[i].Kind == cluster.SignEvent && !signs[i].Context {
				return s
			}
		}
		return Volumes
	}
	switch last := lastProgress(events); last {
	case "Created":
		return Create
	case "Started":
		return Start
	}
	return Image
}

// sandboxReasons are the Event reasons of the steps before there is a sandbox, and the stage each belongs to.
var sandboxReasons = map[string]Stage{
	"FailedMount": Volumes, "FailedMapVolume": Volumes, "FailedAttachVolume": Volumes, "VolumePermissionChangeInProgress": Volumes,
	"FailedCreatePodSandBox": Sandbox, "FailedCreatePodContainer": Sandbox, "FailedPodSandBoxStatus": Sandbox, "SandboxChanged": Sandbox, "FailedKillPod": Sandbox,
	"FailedPrepareDynamicResources": Sandbox, "NetworkNotReady": Network, "AllocIPFailed": Network, // the last is of Terway
}

// containerStage is the stage that the containers' own states tell of; not ok where they tell nothing.
func containerStage(p *corev1.Pod) (Stage, bool) {
	for _, list := range [][]corev1.ContainerStatus{p.Status.InitContainerStatuses, p.Status.ContainerStatuses} {
		for i := range list {
			s := &list[i]
			if w := s.State.Waiting; w != nil {
				if stage, ok := waitingStage(w.Reason); ok {
					return stage, true
				}
			}
			if t := s.State.Terminated; t != nil && (t.ExitCode != 0 || waiting(p, s)) {
				return Start, true
			}
		}
	}
	for i := range p.Status.InitContainerStatuses {
		if p.Status.InitContainerStatuses[i].State.Running != nil && p.Status.Phase == corev1.PodPending {
			return Start, true
		}
	}
	return "", false
}

func waitingStage(reason string) (Stage, bool) {
	switch reason {
	case "", "ContainerCreating", "PodInitializing":
		return "", false
	case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "ImageInspectError", "InvalidImageName", "RegistryUnavailable", "SignatureValidationFailed":
		return Image, true
	case "CreateContainerConfigError", "CreateContainerError", "PreCreateHookError", "PreStartHookError":
		return Create, true
	case "RunContainerError", "CrashLoopBackOff", "PostStartHookError", "RestartingAllContainers", "StartError":
		return Start, true
	}
	return Create, true // a free text: the kubelet lets raw errors of the image and create steps through
}

// hasSandbox tells whether the Pod's sandbox stands, so that volumes and network are behind it.
// From 1.37 the condition says why not; before 1.36 False says nothing while the first image is pulled.
func hasSandbox(p *corev1.Pod, events []*corev1.Event) bool {
	if c := condition(p, corev1.PodReadyToStartContainers); c != nil && (c.Status == corev1.ConditionTrue || c.Reason == "PodSandboxNotReady") {
		return c.Status == corev1.ConditionTrue
	}
	return lastProgress(events) != ""
}

// lastProgress is the newest of the Events that say that the sandbox stands: "Pulling", "Pulled", "Created", "Started"; "" after it changed or failed.
func lastProgress(events []*corev1.Event) string {
	last := ""
	for _, e := range events {
		switch e.Reason {
		case "Pulling", "Pulled", "Created", "Started":
			last = e.Reason
		case "SandboxChanged", "FailedCreatePodSandBox":
			last = ""
		}
	}
	return last
}

func condition(p *corev1.Pod, t corev1.PodConditionType) *corev1.PodCondition {
	for i := range p.Status.Conditions {
		if p.Status.Conditions[i].Type == t {
			return &p.Status.Conditions[i]
		}
	}
	return nil
}

// since is the time since which a Pod waits at its stage, as near as its status tells.
func since(p *corev1.Pod, stage Stage) time.Time {
	at := p.CreationTimestamp.Time
	later := func(t *metav1.Time) {
		if t != nil && t.After(at) {
			at = t.Time
		}
	}
	if stage == Schedule {
		return at
	}
	if c := condition(p, corev1.PodScheduled); c != nil && c.Status == corev1.ConditionTrue {
		later(&c.LastTransitionTime)
	}
	if stage == Accept {
		return at
	}
	later(p.Status.StartTime)
	if c := condition(p, corev1.PodReadyToStartContainers); c != nil {
		later(&c.LastTransitionTime)
	}
	if p.Status.Phase == corev1.PodRunning {
		if c := condition(p, corev1.ContainersReady); c != nil && c.Status == corev1.ConditionFalse {
			later(&c.LastTransitionTime)
		}
	}
	return at
}

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

// sidecar tells whether an init container is one that stays.
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

// containerOf is the container that an Event's fieldPath names: spec.containers{app} -> app.
func containerOf(path string) string {
	_, rest, ok := strings.Cut(path, "{")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(rest, "}")
}
