package diagnose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
)

// signsOf collects what speaks against a Pod: first what is said of itself, then what is said of its surroundings.
// What is over is left out: a complaint that was followed by progress is history.
func (w *world) signsOf(p *corev1.Pod, events []*corev1.Event) []cluster.Sign {
	ref := cluster.RefOf(p)
	signs := podSigns(make([]cluster.Sign, 0, len(events)+2*len(p.Status.ContainerStatuses)+4), ref, p)
	if !rejected(p) { // what the containers of such a Pod show is that they were ended with it
		signs = containerSigns(signs, ref, p, "status.initContainerStatuses", p.Status.InitContainerStatuses)
		signs = containerSigns(signs, ref, p, "status.containerStatuses", p.Status.ContainerStatuses)
	}
	for _, e := range events {
		if complains(e) && !over(p, e, events) {
			signs = append(signs, eventSign(e))
		}
	}
	signs = w.attachmentSigns(signs, p)
	for i := range signs {
		signs[i].Echo = echoes(&signs[i])
	}
	signs = append(signs, w.logSigns(p, signs, events)...)
	return append(signs, w.context(p, signs)...)
}

func podSigns(signs []cluster.Sign, ref cluster.Ref, p *corev1.Pod) []cluster.Sign {
	if rejected(p) {
		signs = append(signs, cluster.Sign{Ref: ref, Path: "status.message", Kind: cluster.SignRejected, Reason: p.Status.Reason, Message: p.Status.Message})
	}
	for i := range p.Status.Conditions {
		if c := &p.Status.Conditions[i]; c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse && p.Spec.NodeName == "" {
			signs = append(signs, cluster.Sign{Ref: ref, Path: fmt.Sprintf("status.conditions[%d].message", i), Kind: cluster.SignCondition,
				Reason: c.Reason, Message: c.Message, First: c.LastTransitionTime.Time})
		}
	}
	return signs
}

func containerSigns(signs []cluster.Sign, ref cluster.Ref, p *corev1.Pod, path string, list []corev1.ContainerStatus) []cluster.Sign {
	for i := range list {
		s := &list[i]
		if !waiting(p, s) || s.State.Terminated != nil && s.State.Terminated.ExitCode == 0 && strings.HasPrefix(path, "status.init") {
			continue
		}
		if w := s.State.Waiting; w != nil && w.Reason != "" && w.Reason != "ContainerCreating" && w.Reason != "PodInitializing" {
			signs = append(signs, cluster.Sign{Ref: ref, Path: fmt.Sprintf("%s[%d].state.waiting.message", path, i), Container: s.Name,
				Kind: cluster.SignWaiting, Reason: w.Reason, Message: w.Message})
		}
		for _, t := range []struct {
			at   string
			seen *corev1.ContainerStateTerminated
		}{{"state", s.State.Terminated}, {"lastState", s.LastTerminationState.Terminated}} {
			if t.seen != nil {
				signs = append(signs, cluster.Sign{Ref: ref, Path: fmt.Sprintf("%s[%d].%s.terminated", path, i, t.at), Container: s.Name,
					Kind: cluster.SignTerminated, Reason: ended(t.seen), Message: lastWords(t.seen), First: t.seen.StartedAt.Time, Last: t.seen.FinishedAt.Time})
				break
			}
		}
	}
	return signs
}

// lastWords is what a container that ended left: its message, after the exit code that every cause wants to see.
func lastWords(t *corev1.ContainerStateTerminated) string {
	return strings.TrimSpace(fmt.Sprintf("exit code %d: %s", t.ExitCode, strings.TrimSpace(t.Message)))
}

func eventSign(e *corev1.Event) cluster.Sign {
	return cluster.Sign{Ref: cluster.Ref{Kind: "Event", Namespace: e.Namespace, Name: e.Name}, Path: "message", Container: containerOf(e.InvolvedObject.FieldPath),
		Kind: cluster.SignEvent, Reason: e.Reason, Message: strings.TrimPrefix(e.Message, combined), Count: int(e.Count), First: e.FirstTimestamp.Time, Last: e.LastTimestamp.Time}
}

// attachmentSigns adds what the storage backend said of attaching the Pod's volumes to its node.
func (w *world) attachmentSigns(signs []cluster.Sign, p *corev1.Pod) []cluster.Sign {
	if p.Spec.NodeName == "" || !slices.ContainsFunc(p.Spec.Volumes, func(v corev1.Volume) bool { return v.PersistentVolumeClaim != nil || v.Ephemeral != nil }) {
		return signs
	}
	for _, v := range w.volumesOf(p) {
		if v.PV == nil {
			continue
		}
		for _, a := range w.attachments(v.PV.Name) {
			if a.Spec.NodeName != p.Spec.NodeName || a.Status.Attached {
				continue
			}
			signs = appendVolumeError(signs, a, "attachError", a.Status.AttachError)
			signs = appendVolumeError(signs, a, "detachError", a.Status.DetachError)
		}
	}
	return signs
}

func appendVolumeError(signs []cluster.Sign, a *storagev1.VolumeAttachment, reason string, e *storagev1.VolumeError) []cluster.Sign {
	if e == nil {
		return signs
	}
	return append(signs, cluster.Sign{Ref: cluster.Ref{Kind: "VolumeAttachment", Name: a.Name}, Path: "status." + reason + ".message",
		Kind: cluster.SignAttachment, Reason: reason, Message: e.Message, First: e.Time.Time, Last: e.Time.Time})
}

// context collects what is said of the nodes that the Pod is on or was kept from by a taint, and of its claims.
func (w *world) context(p *corev1.Pod, own []cluster.Sign) []cluster.Sign {
	var signs []cluster.Sign
	if p.Spec.NodeName != "" {
		signs = append(signs, w.nodeSigns(p.Spec.NodeName)...)
	} else if slices.ContainsFunc(own, func(s cluster.Sign) bool { return strings.Contains(s.Message, "taint") }) {
		for _, n := range w.sick() {
			if keptOff(n, own) {
				signs = append(signs, w.nodeSigns(n.Name)...)
			}
		}
	}
	for _, v := range w.volumesOf(p) {
		if v.Claim == "" {
			continue
		}
		claim := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: p.Namespace, Name: v.Claim}
		for _, e := range w.s.EventsAbout(claim, nil) {
			if v.PVC != nil && v.PVC.Status.Phase == corev1.ClaimBound {
				continue
			}
			s := eventSign(e)
			s.Context, s.About = true, &claim
			signs = append(signs, s)
		}
	}
	return signs
}

// keptOff tells whether one of the signs says that a taint which this node has kept the Pod away.
// From 1.35 schedulers speak of "untolerated taint(s)" and no longer name them: then any taint that keeps Pods off fits.
func keptOff(n *corev1.Node, signs []cluster.Sign) bool {
	for _, t := range n.Spec.Taints {
		for i := range signs {
			m := signs[i].Message
			if strings.Contains(m, "{"+t.Key) || strings.Contains(m, "taint") && !strings.Contains(m, "taint {") && t.Effect != corev1.TaintEffectPreferNoSchedule {
				return true
			}
		}
	}
	return false
}

// complainsSince is the instant from which on a Warning about a node still counts: an hour ago. What was said before a node
// was heard to be Ready is over, and what lasts is said of it again every minute. One that is not Ready was so until two
// minutes before, or until the kubelet last told of it: what made it unready is told in that time.
func (w *world) complainsSince(n *corev1.Node, events []*corev1.Event) time.Time {
	since := w.s.At.Add(-time.Hour)
	later := func(t time.Time) {
		if t.After(since) {
			since = t
		}
	}
	for _, c := range n.Status.Conditions {
		switch {
		case c.Type != corev1.NodeReady:
		case c.Status == corev1.ConditionTrue:
			later(w.s.At.Add(-2 * time.Minute))
			later(c.LastHeartbeatTime.Time)
			later(c.LastTransitionTime.Time)
		default:
			later(c.LastTransitionTime.Add(-2 * time.Minute))
		}
	}
	for _, e := range events {
		if e.Reason == "NodeReady" {
			later(e.LastTimestamp.Time)
		}
	}
	return since
}

// nodeSigns are the complaints of a node: conditions that are not as they should be, and Warning Events about it.
func (w *world) nodeSigns(name string) []cluster.Sign {
	if signs, ok := w.ofNode[name]; ok {
		return signs
	}
	var signs []cluster.Sign
	if n, presence := cluster.Get[corev1.Node](w.s, "", name); presence == cluster.Present {
		about := cluster.Ref{Kind: "Node", Name: name}
		for i, c := range n.Status.Conditions {
			if good := c.Type == corev1.NodeReady; good == (c.Status != corev1.ConditionTrue) {
				signs = append(signs, cluster.Sign{Ref: about, About: &about, Path: fmt.Sprintf("status.conditions[%d].message", i), Kind: cluster.SignCondition,
					Reason: string(c.Type), Message: c.Message, Context: true, First: c.LastTransitionTime.Time})
			}
		}
		events := w.s.EventsAbout(about, n)
		since := w.complainsSince(n, events)
		for _, e := range events {
			if e.Type == corev1.EventTypeWarning && e.LastTimestamp.After(since) {
				s := eventSign(e)
				s.Context, s.About = true, &about
				signs = append(signs, s)
			}
		}
	}
	w.ofNode[name] = signs
	return signs
}

// quiet are the reasons of Events that report progress or a matter that never stops a start, whatever their type.
var quiet = map[string]bool{"Scheduled": true, "Pulling": true, "Pulled": true, "Created": true, "Started": true, "Killing": true, "Preempting": true, "Resized": true,
	"SuccessfulAttachVolume": true, "SuccessfulMountVolume": true, "TriggeredScaleUp": true, "TaintManagerEviction": true, "NodeNotReady": true,
	"DNSConfigForming": true, "CheckLimitsForResolvConf": true, "ExceededGracePeriod": true, "AlreadyMountedVolume": true, "LeaderElection": true}

// complains tells whether an Event says that something is wrong. BackOff and SandboxChanged are Normal Events and yet do.
func complains(e *corev1.Event) bool {
	if quiet[e.Reason] {
		return false
	}
	return e.Type == corev1.EventTypeWarning || e.Reason == "BackOff" || e.Reason == "SandboxChanged" || e.Reason == "VolumePermissionChangeInProgress"
}

// An echo says that something went wrong, never what: it is evidence of whatever else is found, and a cause of nothing.
type echo struct {
	reasons string // separated by |; empty: any
	message *regexp.Regexp
}

var echoList = []echo{
	{"BackOff", regexp.MustCompile(`(?i)^back-off restarting failed container|^back-off pulling image "[^"]*"$|^back-off (\S+ )?restarting`)},
	{"CrashLoopBackOff", regexp.MustCompile(``)},
	{"ImagePullBackOff", regexp.MustCompile(`(?i)^back-off pulling image "[^"]*"$|^$`)},
	{"ErrImagePull", regexp.MustCompile(`^$`)},
	{"SandboxChanged", regexp.MustCompile(``)},
	{"Failed", regexp.MustCompile(`^Error: (ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable|SignatureValidationFailed)$`)},
	{"FailedSync", regexp.MustCompile(`^$|^Error syncing pod`)},
	{"", regexp.MustCompile(`(?is)unable to (attach or )?mount volumes.*(timed out waiting|timeout expired|deadline exceeded)`)},
	{"", regexp.MustCompile(`(?i)code = Aborted desc = .*an operation with the given volume.* already exists`)},
}

func echoes(s *cluster.Sign) bool {
	if s.Kind != cluster.SignEvent && s.Kind != cluster.SignWaiting {
		return false
	}
	for i := range echoList {
		e := &echoList[i]
		if e.reasons == "" && !strings.HasPrefix(s.Reason, "FailedM") && !strings.HasPrefix(s.Reason, "FailedA") {
			continue
		}
		if (e.reasons == "" || e.reasons == s.Reason) && e.message.MatchString(s.Message) {
			return true
		}
	}
	return false
}
