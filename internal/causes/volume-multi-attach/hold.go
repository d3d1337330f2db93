package volumemultiattach

import (
	"fmt"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// hold is what is known of who holds a disk.
type hold struct {
	claim      string
	said       string // the Pod that the controller names
	shared     bool   // it is for one Pod only, on whatever node
	attachment *storagev1.VolumeAttachment
	pod        *corev1.Pod
	node       *corev1.Node
	nodeThere  cluster.Presence
	ready      *corev1.NodeCondition
}

// look finds the holding Pod and node, notes them among the arguments, and returns the fields that show it.
func (h *hold) look(p *diagnose.Pass, args map[string]string) []cluster.Sign {
	var evidence []cluster.Sign
	name := ""
	if a := h.attachment; a != nil {
		ref := cluster.Ref{Kind: "VolumeAttachment", Name: a.Name}
		name = a.Spec.NodeName
		args["attachment"] = a.Name
		args["heldsince"] = when(a.CreationTimestamp)
		evidence = append(evidence, diagnose.Cite(ref, "spec.nodeName", name))
		if a.DeletionTimestamp != nil {
			args["detachsince"] = when(*a.DeletionTimestamp)
			evidence = append(evidence, diagnose.Cite(ref, "metadata.deletionTimestamp", when(*a.DeletionTimestamp)))
		}
		if e := a.Status.DetachError; e != nil {
			args["detacherror"] = e.Message
			evidence = append(evidence, diagnose.Cite(ref, "status.detachError.message", e.Message))
		}
	}
	if h.claim != "" {
		h.pod = holder(p, h.claim, name, h.said, h.shared)
	}
	if h.pod != nil {
		name = h.pod.Spec.NodeName
		args["holder"] = h.pod.Name
		if d := h.pod.DeletionTimestamp; d != nil {
			args["terminating"] = when(*d)
			evidence = append(evidence, diagnose.Cite(cluster.RefOf(h.pod), "metadata.deletionTimestamp", when(*d)))
		} else {
			evidence = append(evidence, diagnose.Cite(cluster.RefOf(h.pod), "spec.nodeName", name))
		}
	}
	if name != "" {
		args["holdernode"] = name
		evidence = append(evidence, h.lookAtNode(p, name, args)...)
	}
	return evidence
}

// lookAtNode finds in what state the holding node is.
func (h *hold) lookAtNode(p *diagnose.Pass, name string, args map[string]string) []cluster.Sign {
	h.node, h.nodeThere = cluster.Get[corev1.Node](p.Snapshot, "", name)
	if h.nodeThere == cluster.Absent {
		args["nodestate"] = "gone"
		return nil
	}
	if h.node == nil {
		return nil
	}
	for i := range h.node.Status.Conditions {
		if c := &h.node.Status.Conditions[i]; c.Type == corev1.NodeReady {
			h.ready = c
			args["nodestate"] = "Ready=" + string(c.Status)
			if c.Status != corev1.ConditionTrue {
				args["nodesince"] = when(c.LastTransitionTime)
				return []cluster.Sign{diagnose.Cite(cluster.Ref{Kind: "Node", Name: name},
					fmt.Sprintf("status.conditions[%d].status", i), args["nodestate"])}
			}
		}
	}
	return nil
}

func when(t metav1.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateTime) + " UTC"
}

// variant tells which case it is, which decides what releases the disk.
func (h *hold) variant(p *diagnose.Pass) string {
	switch {
	case h.shared:
		return "one-pod"
	case h.nodeThere == cluster.Absent:
		return "node-gone"
	case h.ready != nil && h.ready.Status != corev1.ConditionTrue:
		return "dead-node"
	case h.pod != nil && h.pod.DeletionTimestamp != nil:
		return "terminating"
	case h.pod != nil && siblings(h.pod, p.Pod):
		return "replicas"
	case h.pod != nil || h.said != "":
		return "running"
	case h.attachment != nil:
		return "detaching"
	}
	return ""
}

// siblings reports whether both Pods belong to the same Deployment, by way of one ReplicaSet or two.
func siblings(a, b *corev1.Pod) bool {
	ca, cb := metav1.GetControllerOf(a), metav1.GetControllerOf(b)
	if ca == nil || cb == nil || ca.Kind != "ReplicaSet" || cb.Kind != "ReplicaSet" {
		return false
	}
	hash := "pod-template-hash"
	trim := func(name, suffix string) string {
		if n := len(name) - len(suffix); suffix != "" && n > 1 && name[n:] == suffix {
			return name[:n-1]
		}
		return name
	}
	return trim(ca.Name, a.Labels[hash]) == trim(cb.Name, b.Labels[hash])
}
