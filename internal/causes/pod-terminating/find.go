// Package podterminating finds Pods that were deleted and do not go away, and what keeps them.
package podterminating

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find reports what keeps the Pod: its node, whose kubelet has to say that all has ended; a finalizer, once nothing
// runs any more; what the kubelet says of taking it down; a container that does not die.
func Find(p *diagnose.Pass) {
	if p.Stage != pod.StageTerminate || p.Pod.DeletionTimestamp == nil {
		return
	}
	due := p.Pod.DeletionTimestamp.UTC().Format(time.RFC3339)
	f := diagnose.Finding{Blame: cluster.RefOf(p.Pod), Args: map[string]string{},
		Evidence: []cluster.Sign{p.Cite("metadata.deletionTimestamp", due)}}
	if w := p.Awaiting(); w.Kind != "" {
		f.Args["awaiting"] = w.String()
	}
	for _, m := range p.Matches() {
		f.Evidence = append(f.Evidence, m.Sign)
		if m.Sign.Reason == "FailedKillPod" {
			f.Args["said"] = strings.TrimPrefix(m.Sign.Message, "error killing pod: ")
		}
	}
	switch {
	case onLostNode(p, &f):
	case len(p.Pod.Finalizers) > 0 && pod.Ended(p.Pod):
		f.Variant, f.Args["finalizer"] = "finalizer", strings.Join(p.Pod.Finalizers, ", ")
		f.Evidence = append(f.Evidence, p.Cite("metadata.finalizers[0]", p.Pod.Finalizers[0]))
	case f.Args["said"] != "":
		f.Variant = "teardown"
	case !pod.Ended(p.Pod):
		f.Variant = "running"
		running(p, &f)
	default:
		f.Certainty = diagnose.Likely
	}
	p.Report(f)
}

// onLostNode reports whether the Pod's node is gone or does not answer, so that nobody can say that the Pod has ended.
func onLostNode(p *diagnose.Pass, f *diagnose.Finding) bool {
	name := p.Pod.Spec.NodeName
	if name == "" {
		return false
	}
	node, there := p.Node()
	ref := cluster.Ref{Kind: "Node", Name: name}
	if there == cluster.Absent {
		f.Variant, f.Evidence = "node-gone", append(f.Evidence, p.CiteAbsent("spec.nodeName", ref))
		return true
	}
	if node == nil {
		return false
	}
	for i, c := range node.Status.Conditions {
		if c.Type == corev1.NodeReady && c.Status != corev1.ConditionTrue {
			f.Variant, f.Blame = "node-down", ref
			field, says := "message", strings.TrimSpace(c.Reason+" "+c.Message)
			if says == "" {
				field, says = "status", string(c.Status)
			}
			f.Evidence = append(f.Evidence, diagnose.Cite(ref, fmt.Sprintf("status.conditions[%d].%s", i, field), says))
			return true
		}
	}
	return false
}

// running names the first container that still runs.
func running(p *diagnose.Pass, f *diagnose.Finding) {
	for _, list := range []struct {
		at string
		of []corev1.ContainerStatus
	}{{"status.initContainerStatuses", p.Pod.Status.InitContainerStatuses},
		{"status.containerStatuses", p.Pod.Status.ContainerStatuses}} {
		for i := range list.of {
			if r := list.of[i].State.Running; r != nil {
				f.Container, f.Args["container"] = list.of[i].Name, list.of[i].Name
				f.Evidence = append(f.Evidence, p.Cite(fmt.Sprintf("%s[%d].state.running.startedAt", list.at, i),
					r.StartedAt.UTC().Format(time.RFC3339)))
				return
			}
		}
	}
}
