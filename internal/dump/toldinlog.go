package dump

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What the kubelet tells the API server in Events and in the status of Pods stands in its log as well, in other words.
// Where only the log tells of a Pod, it is put as the API server would have it.

// failedContainer is how the kubelet says which container it could not start, and why: what the Pod's status shows as
// well. Source: pkg/kubelet/container, PodSyncResult.
var failedContainer = match.Lazy(`failed to \\*"?(?:StartContainer|InitContainer)\\*"? for \\*"([^"\\]+)\\*" with ` +
	`(\w+): \\*"(.*?)\\*"(?:$|[,\]])`)

// volumeFailed is how the kubelet says what an Event about the Pod says as well: FailedMount and FailedAttachVolume.
// Source: pkg/volume/util/operationexecutor, and pod_workers.go of what is not mounted in time.
var volumeFailed = match.Lazy(`(?s)\b((?:MountVolume|MapVolume|UnmountVolume|AttachVolume)\.\w+ ` +
	`failed for volume "[^"]*") (?:\(UniqueName: "[^"]*"\) )?(?:pod "[^"]*" \(UID: "[^"]*"\) ?)?(: .*)|` +
	`(unmounted volumes=\[.*)`)

var (
	// sandboxFailed is how it says that it could not make the sandbox: FailedCreatePodSandBox. Source: pkg/kubelet.
	sandboxFailed = match.Lazy(`(?s)with CreatePodSandboxError: ` +
		`\\*"Failed to create sandbox for pod \\*"[^"\\]*\\*": (.*?)\\*"$`)
	secretMissing = match.Lazy(`^Unable to retrieve some image pull secrets `)
	denied        = match.Lazy(`(?s)^Pod admission denied: (\w+): (.*)`) // nodelog.Denied
)

// tells reports whether a line says what the kubelet tells the API server as well.
func tells(line string) bool {
	for _, said := range []*regexp.Regexp{failedContainer(), volumeFailed(), sandboxFailed(), secretMissing(), denied()} {
		if said.MatchString(line) {
			return true
		}
	}
	return false
}

// eventOf is the Event that the kubelet recorded with a line; nil where it is none, or where a cause knows the line.
func eventOf(p *corev1.Pod, l *nodefacts.LogLine, n int, knows func(string) bool) *corev1.Event {
	e := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: fmt.Sprintf("%s.log.%d", p.Name, n)},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: p.Namespace, Name: p.Name, UID: p.UID},
		Type:           corev1.EventTypeWarning,
		Source:         corev1.EventSource{Component: l.Component}, Count: int32(min(l.Count, 1<<30)),
		FirstTimestamp: l.First, LastTimestamp: l.Last}
	if m := volumeFailed().FindStringSubmatch(l.Message); m != nil {
		e.Reason, e.Message = "FailedMount", m[1]+" "+m[2]
		if m[1] == "" {
			e.Message = "Unable to attach or mount volumes: " + m[3]
		}
		if strings.HasPrefix(m[1], "AttachVolume") {
			e.Reason = "FailedAttachVolume"
		}
		return e
	}
	if secretMissing().MatchString(l.Message) {
		e.Reason, e.Message = "FailedToRetrieveImagePullSecret", l.Message
		return e
	}
	if m := sandboxFailed().FindStringSubmatch(l.Message); m != nil && !knows(l.Message) {
		e.Reason, e.Message = "FailedCreatePodSandBox", "Failed to create pod sandbox: "+strings.ReplaceAll(m[1], `\`, "")
		return e
	}
	return nil
}

// waits notes what a line says of a Pod that only lines tell of: of a container, or that the Pod was turned away.
func waits(p *corev1.Pod, l *nodefacts.LogLine) {
	if m := denied().FindStringSubmatch(l.Message); m != nil {
		p.Status = corev1.PodStatus{Phase: corev1.PodFailed, Reason: m[1], Message: m[2], StartTime: &l.Last}
		return
	}
	m := failedContainer().FindStringSubmatch(l.Message)
	if m == nil {
		return
	}
	state := corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: m[2],
		Message: strings.ReplaceAll(m[3], `\`, "")}}
	for i := range p.Status.ContainerStatuses {
		if s := &p.Status.ContainerStatuses[i]; s.Name == m[1] {
			s.State = state
			return
		}
	}
	if len(p.Spec.Containers) == 0 {
		p.Status.ContainerStatuses = nil // of one of whatever name
	}
	p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: m[1]})
	p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: m[1], State: state})
}
