package pod

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// Signs returns what speaks against a Pod at a time in its own status and in the Events that complain of it. All Events
// tell which containers were ended on purpose.
func Signs(p *corev1.Pod, at time.Time, complaints, events []*corev1.Event) []cluster.Sign {
	if p.DeletionTimestamp != nil {
		return endSigns(p, events)
	}
	ref := cluster.RefOf(p)
	signs := podSigns(make([]cluster.Sign, 0, len(complaints)+len(p.Status.ContainerStatuses)+1), ref, p)
	if !Rejected(p) { // what the containers of such a Pod show is that they were ended with it
		signs = containerSigns(signs, ref, p, at, events, "status.initContainerStatuses", p.Status.InitContainerStatuses)
		signs = containerSigns(signs, ref, p, at, events, "status.containerStatuses", p.Status.ContainerStatuses)
		signs = containerSigns(signs, ref, p, at, events, "status.ephemeralContainerStatuses",
			p.Status.EphemeralContainerStatuses)
	}
	for _, e := range complaints {
		signs = append(signs, EventSign(e))
	}
	for i := range signs {
		signs[i].Symptom = isSymptom(&signs[i])
	}
	return signs
}

// endSigns are what is said of the end of a Pod that was deleted. All else that was said of it is history.
func endSigns(p *corev1.Pod, events []*corev1.Event) []cluster.Sign {
	var signs []cluster.Sign
	for _, e := range events {
		grace := time.Duration(0)
		if s := p.DeletionGracePeriodSeconds; s != nil {
			grace = time.Duration(*s) * time.Second
		}
		if endReasons[e.Reason] && !e.LastTimestamp.Time.Before(p.DeletionTimestamp.Add(-grace)) {
			signs = append(signs, EventSign(e))
		}
	}
	return signs
}

// endReasons are the reasons of Events that say that a Pod cannot be ended.
var endReasons = map[string]bool{"FailedKillPod": true, "ExceededGracePeriod": true, "FailedPreStopHook": true}

func podSigns(signs []cluster.Sign, ref cluster.Ref, p *corev1.Pod) []cluster.Sign {
	if Rejected(p) {
		signs = append(signs, cluster.Sign{Ref: ref, Path: "status.message", Kind: cluster.SignRejected,
			Reason: p.Status.Reason, Message: p.Status.Message})
	}
	for i := range p.Status.Conditions {
		if c := &p.Status.Conditions[i]; c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse &&
			p.Spec.NodeName == "" && c.Reason+c.Message != "" { // a description has neither
			signs = append(signs, cluster.Sign{Ref: ref, Path: fmt.Sprintf("status.conditions[%d].message", i),
				Kind:   cluster.SignCondition,
				Reason: c.Reason, Message: c.Message, First: c.LastTransitionTime.Time})
		}
	}
	if i := conditionIndex(p, corev1.PodReady); i >= 0 && len(ShutGates(p)) > 0 {
		c := &p.Status.Conditions[i]
		signs = append(signs, cluster.Sign{Ref: ref, Path: fmt.Sprintf("status.conditions[%d].message", i),
			Kind: cluster.SignCondition, Reason: c.Reason, Message: c.Message, First: c.LastTransitionTime.Time})
	}
	if c := sandboxCondition(p); c != nil {
		signs = append(signs, cluster.Sign{Ref: ref,
			Path: fmt.Sprintf("status.conditions[%d].message", conditionIndex(p, c.Type)),
			Kind: cluster.SignCondition, Reason: c.Reason, Message: c.Message, First: c.LastTransitionTime.Time})
	}
	return signs
}

func containerSigns(signs []cluster.Sign, ref cluster.Ref, p *corev1.Pod, at time.Time, events []*corev1.Event,
	path string, list []corev1.ContainerStatus) []cluster.Sign {
	for i := range list {
		s := &list[i]
		if !ContainerWaiting(p, s) && !Restarting(p, s, at) && !(failed(p) && endedBadly(s)) {
			continue
		}
		if w := s.State.Waiting; w != nil && w.Reason != "" && w.Reason != "ContainerCreating" &&
			w.Reason != "PodInitializing" {
			signs = append(signs, cluster.Sign{Ref: ref, Path: fmt.Sprintf("%s[%d].state.waiting.message", path, i),
				Container: s.Name,
				Kind:      cluster.SignWaiting, Reason: w.Reason, Message: w.Message})
		}
		for _, t := range []struct {
			at   string
			seen *corev1.ContainerStateTerminated
		}{{"state", s.State.Terminated}, {"lastState", s.LastTerminationState.Terminated}} {
			if t.seen != nil && Replaced(s.Name, t.seen, events) {
				break
			}
			if t.seen != nil {
				signs = append(signs, cluster.Sign{Ref: ref, Path: fmt.Sprintf("%s[%d].%s.terminated", path, i, t.at),
					Container: s.Name,
					Kind:      cluster.SignTerminated, Reason: ended(t.seen), Message: terminationMessage(t.seen),
					First: t.seen.StartedAt.Time, Last: t.seen.FinishedAt.Time})
				break
			}
		}
	}
	return signs
}

// terminationMessage is what a container that ended left: its message, after the exit code that every cause wants to
// see.
func terminationMessage(t *corev1.ContainerStateTerminated) string {
	return strings.TrimSuffix(fmt.Sprintf("exit code %d: %s", t.ExitCode, strings.TrimSpace(t.Message)), ": ")
}

// synced is how the kubelet said until 1.8, about the Pod as a whole, which container it could not start.
var synced = match.Lazy(`failed to "(?:Start|Init)Container" for "([a-z0-9-]+)" with `)

// EventSign is what an Event says, of the Pod or of anything else.
func EventSign(e *corev1.Event) cluster.Sign {
	container := containerOf(e.InvolvedObject.FieldPath)
	if m := synced().FindStringSubmatch(e.Message); m != nil && container == "" && e.Reason == "FailedSync" {
		container = m[1]
	}
	return cluster.Sign{Ref: cluster.Ref{Kind: "Event", Namespace: e.Namespace, Name: e.Name}, Path: "message",
		Container: container,
		Kind:      cluster.SignEvent, Reason: e.Reason, Message: strings.TrimPrefix(e.Message, match.Combined),
		Count: int(e.Count), First: e.FirstTimestamp.Time, Last: e.LastTimestamp.Time}
}

// endedBadly reports whether a container ended with an error.
func endedBadly(s *corev1.ContainerStatus) bool {
	return s.State.Terminated != nil && s.State.Terminated.ExitCode != 0
}

// containerOf is the container that an Event's fieldPath names: spec.containers{app} -> app.
func containerOf(path string) string {
	_, rest, ok := strings.Cut(path, "{")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(rest, "}")
}

// notComplaints are the reasons of Events that report progress or a matter that never stops a start, whatever their
// type.
var notComplaints = map[string]bool{"Scheduled": true, "Pulling": true, "Pulled": true, "Created": true,
	"Started": true, "Killing": true, "Preempting": true, "Resized": true,
	"SuccessfulAttachVolume": true, "SuccessfulMountVolume": true, "TriggeredScaleUp": true,
	"TaintManagerEviction": true, "NodeNotReady": true,
	"DNSConfigForming": true, "CheckLimitsForResolvConf": true, "ExceededGracePeriod": true,
	"AlreadyMountedVolume": true, "LeaderElection": true}

// Complaints returns the Events that say that something is wrong.
func Complaints(events []*corev1.Event) []*corev1.Event {
	out := make([]*corev1.Event, 0, len(events))
	for _, e := range events {
		if complains(e) {
			out = append(out, e)
		}
	}
	return out
}

// complains reports whether an Event says that something is wrong. BackOff and SandboxChanged are Normal Events and yet
// do.
func complains(e *corev1.Event) bool {
	if notComplaints[e.Reason] {
		return false
	}
	return e.Type == corev1.EventTypeWarning || e.Reason == "BackOff" || e.Reason == "SandboxChanged" ||
		e.Reason == "VolumePermissionChangeInProgress"
}
