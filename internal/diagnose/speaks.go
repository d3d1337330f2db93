package diagnose

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// Law 3 (proven means that the evidence admits no other reading): a sign proves, and hints at, only causes of stages
// that it can speak of. The same words ("version mismatch", "permission denied") mean something else at each of them.

// spoken are the stages that signs of a reason can speak of. What is not named may speak of any.
var spoken = map[string][]pod.Stage{
	"FailedMount":                   {pod.StageVolumes},
	"FailedMapVolume":               {pod.StageVolumes},
	"FailedAttachVolume":            {pod.StageVolumes},
	"VolumeResizeFailed":            {pod.StageVolumes},
	"FailedScheduling":              {pod.StageSchedule, pod.StageVolumes},
	"Unschedulable":                 {pod.StageSchedule, pod.StageVolumes},
	"FailedPrepareDynamicResources": {pod.StageSchedule, pod.StageAccept},
	"NetworkNotReady":               {pod.StageNetwork},
	"FailedCreatePodSandBox":        ofSandbox,
	"ErrImagePull":                  {pod.StageImage},
	"ImagePullBackOff":              {pod.StageImage},
	"ErrImageNeverPull":             {pod.StageImage},
	"InvalidImageName":              {pod.StageImage},
	"ImageInspectError":             {pod.StageImage},
	"InspectFailed":                 {pod.StageImage},
	"RegistryUnavailable":           {pod.StageImage},
	"SignatureValidationFailed":     {pod.StageImage},
	"Unhealthy":                     {pod.StageStart, pod.StageReady},
	"FailedPostStartHook":           {pod.StageStart},
	"PostStartHookError":            {pod.StageStart},
	"FailedPreStopHook":             {pod.StageTerminate},
}

// ofSandbox are the stages that what happens to a sandbox can speak of: its own image and container, too.
var ofSandbox = []pod.Stage{pod.StageAccept, pod.StageSandbox, pod.StageNetwork, pod.StageImage, pod.StageCreate}

// ofImages are the stages of what is said of pulling an image, and ofRuntime of what the runtime does for itself.
var (
	ofImages  = []pod.Stage{pod.StageImage}
	ofRuntime = []pod.Stage{pod.StageAccept, pod.StageSandbox, pod.StageImage, pod.StageCreate, pod.StageStart}
)

// ownMount is a mount that containerd makes for itself, of an image or of a container's root: no volume has a part in
// it.
var ownMount = match.Lazy(`mount source: "[^"]*", target: "[^"]*(?:containerd|/rootfs)`)

// speaksOf returns the stages that a sign can speak of; nil is any.
func speaksOf(s *cluster.Sign) []pod.Stage {
	switch s.Reason {
	case "Failed":
		if strings.HasPrefix(s.Message, "Failed to pull image") {
			return ofImages
		}
		fallthrough
	case "CreateContainerError", "RunContainerError", "StartError":
		if ownMount().MatchString(s.Message) {
			return ofRuntime
		}
		return nil
	}
	return spoken[s.Reason]
}

// inContainer is what the runtime's first process says in a container in the place of the program that it cannot run:
// runc, and docker before.
var inContainer = match.Lazy(`^exit code -?\d+: (?:exec /\S+: |standard_init_linux|exec user process)`)

// ownWords reports whether a sign is what a program said that ran in a container. It may say anything, of whatever it
// works with: nothing of that is about the cluster, or about why the container was started.
func ownWords(s *cluster.Sign) bool {
	return s.Kind == cluster.SignTerminated && s.Reason != "StartError" && s.Reason != "ContainerCannotRun" &&
		!inContainer().MatchString(s.Message)
}

// speaks reports whether a sign can speak of a cause. A pattern that names the sign's reason says so itself.
func speaks(s *cluster.Sign, c *Cause, p *match.Pattern) bool {
	if ownWords(s) {
		return strings.Contains(p.Kind, cluster.SignTerminated)
	}
	of := speaksOf(s)
	return of == nil || slices.Contains(of, c.Stage) ||
		slices.ContainsFunc(c.Also, func(also string) bool { return slices.Contains(of, pod.Stage(also)) }) ||
		p.Reason != "" && s.Reason != "Failed"
}
