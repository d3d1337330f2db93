package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
)

// signsOf collects what speaks against a Pod: first what is said of itself, then what is said of its surroundings.
// The Events that complain of it are given, without what is over, and all Events.
func (x *index) signsOf(p *corev1.Pod, complaints, events []*corev1.Event) []cluster.Sign {
	signs := x.attachmentSigns(pod.Signs(p, x.snapshot.At, complaints, events), p)
	signs = append(signs, x.logSigns(p, signs, events)...)
	return append(signs, x.contextSigns(p, signs)...)
}

// attachmentSigns adds what the storage backend said of attaching the Pod's volumes to its node.
func (x *index) attachmentSigns(signs []cluster.Sign, p *corev1.Pod) []cluster.Sign {
	if p.Spec.NodeName == "" || !slices.ContainsFunc(p.Spec.Volumes, func(v corev1.Volume) bool {
		return v.PersistentVolumeClaim != nil || v.Ephemeral != nil
	}) {
		return signs
	}
	for _, v := range x.volumesOf(p) {
		if v.PV == nil {
			continue
		}
		for _, a := range x.attachments(v.PV.Name) {
			if a.Spec.NodeName != p.Spec.NodeName || a.Status.Attached {
				continue
			}
			signs = appendVolumeError(signs, a, "attachError", a.Status.AttachError)
			signs = appendVolumeError(signs, a, "detachError", a.Status.DetachError)
		}
	}
	return signs
}

func appendVolumeError(signs []cluster.Sign, a *storagev1.VolumeAttachment, reason string,
	e *storagev1.VolumeError) []cluster.Sign {
	if e == nil {
		return signs
	}
	return append(signs, cluster.Sign{Ref: cluster.Ref{Kind: "VolumeAttachment", Name: a.Name},
		Path: "status." + reason + ".message",
		Kind: cluster.SignAttachment, Reason: reason, Message: e.Message, First: e.Time.Time, Last: e.Time.Time})
}

// contextSigns collects what is said of the nodes that the Pod is on or was kept from by a taint, and of its claims.
func (x *index) contextSigns(p *corev1.Pod, own []cluster.Sign) []cluster.Sign {
	var signs []cluster.Sign
	if p.Spec.NodeName != "" {
		signs = append(signs, x.signsOfNode(p.Spec.NodeName)...)
	} else if slices.ContainsFunc(own, func(s cluster.Sign) bool { return strings.Contains(s.Message, "taint") }) {
		for _, n := range x.tainted() {
			if repels(n, own) {
				signs = append(signs, x.signsOfNode(n.Name)...)
			}
		}
	}
	for _, v := range x.volumesOf(p) {
		if v.Claim == "" {
			continue
		}
		claim := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: p.Namespace, Name: v.Claim}
		for _, e := range x.snapshot.EventsAbout(claim, nil) {
			if v.PVC != nil && v.PVC.Status.Phase == corev1.ClaimBound {
				continue
			}
			s := pod.EventSign(e)
			s.Context, s.About = true, &claim
			signs = append(signs, s)
		}
	}
	return signs
}

// repels reports whether one of the signs says that a taint which this node has kept the Pod away. From 1.35 schedulers
// speak of "untolerated taint(s)" and no longer name them: then any taint that keeps Pods off fits.
func repels(n *corev1.Node, signs []cluster.Sign) bool {
	for _, t := range n.Spec.Taints {
		for i := range signs {
			m := signs[i].Message
			if strings.Contains(m, "{"+t.Key) || strings.Contains(m, "taint") && !strings.Contains(m, "taint {") &&
				t.Effect != corev1.TaintEffectPreferNoSchedule {
				return true
			}
		}
	}
	return false
}

// complainsSince is the instant from which on a Warning about a node still counts: an hour ago. What was said before a
// node was heard to be Ready is over, and what lasts is said of it again every minute. One that is not Ready was so
// until two minutes before, or until the kubelet last reported it: what made it unready is said in that time.
func (x *index) complainsSince(n *corev1.Node, events []*corev1.Event) time.Time {
	since := x.snapshot.At.Add(-time.Hour)
	later := func(t time.Time) {
		if t.After(since) {
			since = t
		}
	}
	for _, c := range n.Status.Conditions {
		switch {
		case c.Type != corev1.NodeReady:
		case c.Status == corev1.ConditionTrue:
			later(x.snapshot.At.Add(-2 * time.Minute))
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

// signsOfNode are the complaints of a node: conditions that are not as they should be, and Warning Events about it.
func (x *index) signsOfNode(name string) []cluster.Sign {
	if signs, ok := x.nodeSigns[name]; ok {
		return signs
	}
	var signs []cluster.Sign
	if n, presence := cluster.Get[corev1.Node](x.snapshot, "", name); presence == cluster.Present {
		about := cluster.Ref{Kind: "Node", Name: name}
		for i, c := range n.Status.Conditions {
			if isUnhealthy(&c) {
				signs = append(signs, cluster.Sign{Ref: about, About: &about,
					Path: fmt.Sprintf("status.conditions[%d].message", i), Kind: cluster.SignCondition,
					Reason: string(c.Type), Message: c.Message, Context: true, First: c.LastTransitionTime.Time})
			}
		}
		events := x.snapshot.EventsAbout(about, n)
		since := x.complainsSince(n, events)
		for _, e := range events {
			if e.Type == corev1.EventTypeWarning && e.LastTimestamp.After(since) {
				s := pod.EventSign(e)
				s.Context, s.About = true, &about
				signs = append(signs, s)
			}
		}
	}
	x.nodeSigns[name] = signs
	return signs
}
