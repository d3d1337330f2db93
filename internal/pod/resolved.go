package pod

import (
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// pullErrors is what an Event says of fetching an image; it is over once the image is there.
var pullErrors = match.MustExpr(`pull|inspect image|ErrImage|InvalidImageName|RegistryUnavailable|` +
	`SignatureValidation|image tag`)

// configErrors is what an Event says of what a container is configured from; it is over once the runtime was asked to
// make that container.
var configErrors = match.MustExpr(`(configmap|secret)s? "[^"]+" not found|couldn't find key `)

// Unresolved returns the complaints whose matter is not over at a time: one that was followed by progress is history.
func Unresolved(p *corev1.Pod, now time.Time, complaints, events []*corev1.Event) []*corev1.Event {
	return slices.DeleteFunc(complaints, func(e *corev1.Event) bool { return Resolved(p, now, e, events) })
}

// Resolved reports whether the Pod has passed the step that an Event complains of, so that the Event is history.
func Resolved(p *corev1.Pod, now time.Time, e *corev1.Event, events []*corev1.Event) bool {
	if e.Reason == "FailedScheduling" {
		return p.Spec.NodeName != "" || retried(p, e, events)
	}
	if e.Reason == "Unhealthy" && Rejected(p) {
		return true // nobody asks it any more
	}
	if e.Reason == "FailedKillPod" && p.DeletionTimestamp != nil {
		return true // it is to end, not to start
	}
	if e.Reason == "FailedToRetrieveImagePullSecret" {
		// until 1.36 it comes with every start, also where the image is there or open to all
		return !pullFails(p, now, events)
	}
	at := e.LastTimestamp.Time
	if c := containerOf(e.InvolvedObject.FieldPath); c != "" {
		return containerResolved(p, now, c, e, events)
	}
	if _, ok := sandboxReasons[e.Reason]; !ok {
		return false
	}
	if e.Reason == "SandboxChanged" {
		at = at.Add(time.Second) // the kubelet says so in the second in which it makes the new one
	}
	if sandboxSince(e, events) || overcome(p, now, e, events) {
		return true
	}
	if c := Condition(p, corev1.PodReadyToStartContainers); c != nil && c.Status == corev1.ConditionTrue &&
		!c.LastTransitionTime.Time.Before(at) {
		return true
	}
	return ProgressedSince(p, events, at)
}

// counted is a verdict of the scheduler that was reached node by node.
var counted = match.Lazy(`^\d+/\d+ nodes are available: \d+ `)

// retried reports whether the scheduler has since tried again, and failed for another reason: the condition of the Pod
// has its last word, where an Event says the same or may come late or never, and of two Events the later one.
func retried(p *corev1.Pod, e *corev1.Event, events []*corev1.Event) bool {
	c := Condition(p, corev1.PodScheduled)
	last := c != nil && c.Status == corev1.ConditionFalse && c.Reason == corev1.PodReasonUnschedulable && c.Message != ""
	if last && verdict(e.Message) == verdict(c.Message) {
		return false
	}
	return last && counted().MatchString(c.Message) || slices.ContainsFunc(events, func(o *corev1.Event) bool {
		return o.Reason == e.Reason && o.Message != e.Message &&
			(last && o.Message == c.Message || o.LastTimestamp.After(e.LastTimestamp.Time))
	})
}

// verdict is what the scheduler says of the nodes, in any order, without what it says of making room there.
func verdict(message string) string {
	message, _, _ = strings.Cut(message, " preemption:")
	_, reasons, _ := strings.Cut(strings.TrimRight(message, ". "), ": ")
	return strings.Join(slices.Sorted(strings.SplitSeq(reasons, ", ")), ", ")
}

// unreachable is what the kubelet says where no runtime answers.
var unreachable = match.MustExpr(`code = Unavailable desc = (connection error|transport|error reading from server)`)

// sandboxSince reports whether the kubelet has since tried to make a sandbox, and failed in another way. It tries only
// once all volumes are mounted, and a runtime that answers is there: that the network is not ready is its answer, too.
func sandboxSince(e *corev1.Event, events []*corev1.Event) bool {
	mount := sandboxReasons[e.Reason] == StageVolumes
	if !mount && !(e.Reason == "FailedCreatePodSandBox" && unreachable.Match(e.Message)) {
		return false
	}
	return slices.ContainsFunc(events, func(o *corev1.Event) bool {
		tried := o.Reason == "FailedCreatePodSandBox" && (mount || !unreachable.Match(o.Message))
		return (tried || !mount && o.Reason == "NetworkNotReady") && o.LastTimestamp.After(e.LastTimestamp.Time)
	})
}

// ProgressedSince reports whether the Pod has come as far as its containers at or after a time.
func ProgressedSince(p *corev1.Pod, events []*corev1.Event, at time.Time) bool {
	for _, e := range events {
		switch e.Reason {
		case "Pulling", "Pulled", "Created", "Started":
			if !e.LastTimestamp.Time.Before(at) {
				return true
			}
		}
	}
	return startedSince(p, at)
}

// pullFails reports whether an image of the Pod cannot be had at present.
func pullFails(p *corev1.Pod, now time.Time, events []*corev1.Event) bool {
	for _, list := range statuses(p) {
		for i := range list {
			if w := list[i].State.Waiting; w != nil {
				if stage, ok := waitingStage(w.Reason); ok && stage == StageImage {
					return true
				}
			}
		}
	}
	for _, e := range events {
		if e.Reason == "Failed" && pullErrors.Match(e.Message) && !Resolved(p, now, e, events) {
			return true
		}
	}
	return false
}

// startedSince reports whether a container of the Pod was started at or after a time.
func startedSince(p *corev1.Pod, at time.Time) bool {
	for _, list := range statuses(p) {
		for i := range list {
			s := &list[i]
			for _, r := range []*corev1.ContainerStateRunning{s.State.Running, s.LastTerminationState.Running} {
				if r != nil && !r.StartedAt.Time.Before(at) {
					return true
				}
			}
			for _, t := range []*corev1.ContainerStateTerminated{s.State.Terminated,
				s.LastTerminationState.Terminated} {
				if t != nil && t.ContainerID != "" && !t.StartedAt.Time.Before(at) {
					return true
				}
			}
		}
	}
	return false
}

// named is the image that an Event about fetching it names, as the container did (kubelet, images.go).
var named = match.Lazy(`^(?:Error: )?(?:Failed to (?:pull|inspect|apply default)|Back-off pulling|Pulling|Container)` +
	` image (?:tag )?"([^"]+)"`)

// replaced reports whether an Event is about an image that its container had before, since another is spoken of that it
// has now: a Pod's images can be changed.
func replaced(p *corev1.Pod, container string, e *corev1.Event, events []*corev1.Event) bool {
	m := named().FindStringSubmatch(e.Message)
	now := ContainerImage(p, container)
	if m == nil || now == "" || imageOf(m[1]) == imageOf(now) {
		return false
	}
	return slices.ContainsFunc(events, func(o *corev1.Event) bool {
		m := named().FindStringSubmatch(o.Message)
		return m != nil && imageOf(m[1]) == imageOf(now) && o.InvolvedObject.FieldPath == e.InvolvedObject.FieldPath &&
			o.LastTimestamp.After(e.LastTimestamp.Time)
	})
}

func imageOf(reference string) string { return strings.TrimSuffix(reference, ":latest") }

// containerResolved reports whether one container has passed what an Event about it complains of.
func containerResolved(p *corev1.Pod, now time.Time, container string, e *corev1.Event, events []*corev1.Event) bool {
	if replaced(p, container, e, events) {
		return true
	}
	for _, list := range statuses(p) {
		for i := range list {
			s := &list[i]
			if s.Name != container {
				continue
			}
			if s.State.Running != nil && (Restarting(p, s, now) || probeFails(p, s, e)) {
				return false
			}
			if s.State.Running != nil || s.State.Terminated != nil && s.State.Terminated.ExitCode == 0 &&
				s.RestartCount == 0 {
				return true
			}
		}
	}
	pull := func() bool { return e.Reason == "InspectFailed" || pullErrors.Match(e.Message) }
	for _, later := range events {
		if containerOf(later.InvolvedObject.FieldPath) != container ||
			later.LastTimestamp.Time.Before(e.LastTimestamp.Time) {
			continue
		}
		switch later.Reason {
		case "Pulled":
			if pull() {
				return true
			}
		case "Started":
			if e.Reason == "Failed" && later.LastTimestamp.After(e.LastTimestamp.Time) || pull() {
				return true
			}
		case "Failed":
			further := !configErrors.Match(later.Message) && !pullErrors.Match(later.Message)
			if further && later.LastTimestamp.After(e.LastTimestamp.Time) && configErrors.Match(e.Message) {
				return true
			}
		}
	}
	return false
}

// probeFails reports whether an Event says of a container that runs that a probe fails which it still has to pass.
func probeFails(p *corev1.Pod, s *corev1.ContainerStatus, e *corev1.Event) bool {
	c := Container(p, s.Name)
	if c == nil || e.Reason != "Unhealthy" || s.Ready || e.LastTimestamp.Before(&s.State.Running.StartedAt) {
		return false
	}
	_, field := Probed(c, s)
	return ProbeField(e) == field
}

// ProbeField is the field of the probe that an Event says to fail; "" where it says none.
func ProbeField(e *corev1.Event) string {
	switch kind, _, _ := strings.Cut(strings.TrimPrefix(e.Message, match.Combined), " "); {
	case e.Reason != "Unhealthy":
	case strings.EqualFold(kind, "readiness"):
		return "readinessProbe"
	case strings.EqualFold(kind, "liveness"):
		return "livenessProbe"
	case strings.EqualFold(kind, "startup"):
		return "startupProbe"
	}
	return ""
}
