package pod

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Stage is one step of a Pod's startup.
type Stage string

// Stages in the order in which a Pod passes through them. The last is not on the way: it is the end of a Pod, which
// stands in the way of another.
const (
	StageAdmission Stage = "admission" // the API server takes the Pod in, which its workload's controller makes
	StageSchedule  Stage = "schedule"  // a node is found
	StageAccept    Stage = "accept"    // its kubelet takes the Pod up
	StageVolumes   Stage = "volumes"   // volumes are attached and mounted
	StageSandbox   Stage = "sandbox"   // cgroup and sandbox are made
	StageNetwork   Stage = "network"   // the sandbox gets its address
	StageImage     Stage = "image"     // images are pulled
	StageCreate    Stage = "create"    // containers are configured and created
	StageStart     Stage = "start"     // they start and stay up
	StageReady     Stage = "ready"     // they pass their probes, and the Pod is ready for the first time
	StageTerminate Stage = "terminate" // the Pod ends, and what it held is given back
)

// Stages lists all stages in order.
var Stages = []Stage{StageAdmission, StageSchedule, StageAccept, StageVolumes, StageSandbox, StageNetwork, StageImage,
	StageCreate, StageStart, StageReady, StageTerminate}

// Step is how far a stage is on the way. What happens before there is a sandbox cannot be distinguished
// from outside while nobody says anything, so volumes, sandbox and network are one step.
func (s Stage) Step() int {
	switch s {
	case StageAdmission:
		return -1
	case StageSchedule:
		return 0
	case StageAccept:
		return 1
	case StageVolumes, StageSandbox, StageNetwork:
		return 2
	case StageImage:
		return 3
	case StageCreate:
		return 4
	case StageStart:
		return 5
	case StageReady:
		return 6
	}
	return 7
}

// CurrentStage finds the stage that a Pod waits in at a time, from its conditions, its container states and what was
// last said of it: the Events that complain of what is not over, and all Events.
func CurrentStage(p *corev1.Pod, at time.Time, complaints, events []*corev1.Event) Stage {
	switch {
	case p.DeletionTimestamp != nil:
		return StageTerminate
	case Rejected(p):
		return StageAccept
	case p.Spec.NodeName == "" && !onNode(p):
		return StageSchedule
	case p.Status.StartTime == nil && len(p.Status.ContainerStatuses)+len(p.Status.InitContainerStatuses) == 0:
		return StageAccept
	}
	if Lingers(p, at) {
		return StageTerminate
	}
	if s, ok := ContainerStage(p, at); ok {
		return s
	}
	if Unready(p) {
		return StageReady
	}
	if !hasSandbox(p, events) {
		for _, e := range slices.Backward(complaints) {
			if s, ok := sandboxReasons[e.Reason]; ok {
				return s
			}
		}
		return beforeSandbox(p)
	}
	switch last := lastProgress(events); last {
	case "Created":
		return StageCreate
	case "Started":
		return StageStart
	}
	return StageImage
}

// sandboxReasons are the Event reasons of the steps before there is a sandbox, and the stage each belongs to.
var sandboxReasons = map[string]Stage{
	"FailedMount": StageVolumes, "FailedMapVolume": StageVolumes, "FailedAttachVolume": StageVolumes,
	"VolumePermissionChangeInProgress": StageVolumes,
	"FailedCreatePodSandBox":           StageSandbox, "FailedCreatePodContainer": StageSandbox,
	"FailedPodSandBoxStatus": StageSandbox, "SandboxChanged": StageSandbox, "FailedKillPod": StageSandbox,
	// the last is of Terway
	SandboxNotReady:                 StageSandbox, // which no Event has
	"FailedPrepareDynamicResources": StageSandbox, "NetworkNotReady": StageNetwork, "AllocIPFailed": StageNetwork,
}

// BeforeSandbox reports whether Events of a reason speak of the steps before there is a sandbox.
func BeforeSandbox(reason string) bool {
	_, ok := sandboxReasons[reason]
	return ok
}

// ContainerStage is the stage that the containers' own states show at a time; not ok where they show none.
func ContainerStage(p *corev1.Pod, at time.Time) (Stage, bool) {
	for _, list := range statuses(p) {
		for i := range list {
			s := &list[i]
			if w := s.State.Waiting; w != nil {
				if stage, ok := waitingStage(w.Reason); ok {
					return stage, true
				}
			}
			if t := s.State.Terminated; t != nil && (t.ExitCode != 0 || ContainerWaiting(p, s)) || Restarting(p, s, at) {
				return StageStart, true
			}
		}
	}
	if debugWaits(p) && !Unready(p) {
		for i := range p.Status.EphemeralContainerStatuses {
			if w := p.Status.EphemeralContainerStatuses[i].State.Waiting; w != nil {
				return waitingStage(w.Reason)
			}
		}
	}
	for i := range p.Status.InitContainerStatuses {
		if p.Status.InitContainerStatuses[i].State.Running != nil && p.Status.Phase == corev1.PodPending {
			return StageStart, true
		}
	}
	return "", false
}

func waitingStage(reason string) (Stage, bool) {
	switch reason {
	case "", "ContainerCreating", "PodInitializing":
		return "", false
	case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "ImageInspectError", "InvalidImageName",
		"RegistryUnavailable", "SignatureValidationFailed":
		return StageImage, true
	case "CreateContainerConfigError", "CreateContainerError", "PreCreateHookError", "PreStartHookError":
		return StageCreate, true
	case "RunContainerError", "CrashLoopBackOff", "PostStartHookError", "RestartingAllContainers", "StartError",
		"Error": // of a table, which does not tell whether it waits
		return StageStart, true
	}
	return StageCreate, true // a free text: the kubelet lets raw errors of the image and create steps through
}

// hasSandbox reports whether the Pod's sandbox is there, so that volumes and network are behind it.
// From 1.37 the condition says why not; before 1.36 False says nothing while the first image is pulled.
func hasSandbox(p *corev1.Pod, events []*corev1.Event) bool {
	if c := Condition(p, corev1.PodReadyToStartContainers); c != nil &&
		(c.Status == corev1.ConditionTrue || c.Reason == SandboxNotReady) {
		return c.Status == corev1.ConditionTrue
	}
	return lastProgress(events) != ""
}

// lastProgress is the newest of the Events that say that the sandbox is there: "Pulling", "Pulled", "Created",
// "Started"; "" after it changed or failed.
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

// Condition returns a condition of a Pod; nil where it has none of the type.
func Condition(p *corev1.Pod, t corev1.PodConditionType) *corev1.PodCondition {
	if i := conditionIndex(p, t); i >= 0 {
		return &p.Status.Conditions[i]
	}
	return nil
}

// conditionIndex is where a condition of a Pod stands; -1 where it has none of the type.
func conditionIndex(p *corev1.Pod, t corev1.PodConditionType) int {
	return slices.IndexFunc(p.Status.Conditions, func(c corev1.PodCondition) bool { return c.Type == t })
}

// Since is the time since which a Pod waits at its stage, as near as its status says.
func Since(p *corev1.Pod, stage Stage) time.Time {
	if stage == StageTerminate && p.DeletionTimestamp != nil {
		return p.DeletionTimestamp.Time
	}
	at := p.CreationTimestamp.Time
	later := func(t *metav1.Time) {
		if t != nil && t.After(at) {
			at = t.Time
		}
	}
	if stage == StageSchedule {
		return at
	}
	if c := Condition(p, corev1.PodScheduled); c != nil && c.Status == corev1.ConditionTrue {
		later(&c.LastTransitionTime)
	}
	if stage == StageAccept {
		return at
	}
	later(p.Status.StartTime)
	if c := Condition(p, corev1.PodReadyToStartContainers); c != nil {
		later(&c.LastTransitionTime)
	}
	if stage == StageReady {
		return readySince(p, at)
	}
	if p.Status.Phase == corev1.PodRunning {
		if c := Condition(p, corev1.ContainersReady); c != nil && c.Status == corev1.ConditionFalse {
			later(&c.LastTransitionTime)
		}
	}
	return at
}

// readySince is the time since which a Pod that runs waits to be ready: since the last of its containers started that
// are not ready, or since only its gates keep it.
func readySince(p *corev1.Pod, at time.Time) time.Time {
	var last time.Time
	for _, list := range statuses(p) {
		for i := range list {
			if r := list[i].State.Running; r != nil && !list[i].Ready && r.StartedAt.After(last) {
				last = r.StartedAt.Time
			}
		}
	}
	if c := Condition(p, corev1.ContainersReady); c != nil && len(ShutGates(p)) > 0 {
		last = c.LastTransitionTime.Time
	}
	if c := Condition(p, corev1.PodReady); wasReady(p) && c.LastTransitionTime.After(last) {
		last = c.LastTransitionTime.Time
	}
	if last.IsZero() {
		return at
	}
	return last
}

// onNode reports whether a kubelet tells of a Pod's containers: a table without nodes does not show that it has one.
func onNode(p *corev1.Pod) bool {
	return slices.ContainsFunc(p.Status.ContainerStatuses, func(s corev1.ContainerStatus) bool {
		return s.State.Running != nil || s.State.Terminated != nil ||
			s.State.Waiting != nil && s.State.Waiting.Reason != "" && s.State.Waiting.Reason != "Pending"
	})
}
