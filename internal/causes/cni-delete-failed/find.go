// Package cnideletefailed finds Pods whose old sandbox cannot be taken down, so that no new one is made.
package cnideletefailed

import (
	"fmt"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// Find reports what is said of a network that cannot be removed. The kubelet itself says nothing of it to the Pod:
// all that shows is "sandbox changed" again and again, a sandbox that is not ready, and no attempt to make a new one.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}})
	}
	if !p.Silent || p.Pod.Spec.NodeName == "" || p.Pod.Spec.HostNetwork {
		return
	}
	changed, ok := changing(p)
	if !ok {
		return
	}
	for i := range p.Pod.Status.Conditions {
		c := &p.Pod.Status.Conditions[i]
		if c.Type == corev1.PodReadyToStartContainers && c.Status == corev1.ConditionFalse && (c.Message == "" || c.Message == "pod sandbox is not ready") {
			path, says := fmt.Sprintf("status.conditions[%d].status", i), string(c.Status)
			if c.Message != "" {
				path, says = fmt.Sprintf("status.conditions[%d].message", i), c.Message
			}
			args := map[string]string{"node": p.Pod.Spec.NodeName}
			p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args, Certainty: diagnose.Likely, Evidence: []cluster.Sign{changed, p.Cite(path, says), p.Stall()}})
		}
	}
}

// changing returns the sign that the sandbox changed at least three times, was still changing lately, and that
// nothing came of it: no new sandbox, and no failure to make one.
func changing(p *diagnose.Pass) (cluster.Sign, bool) {
	for _, e := range p.Events {
		if e.Reason == "FailedCreatePodSandBox" {
			return cluster.Sign{}, false
		}
	}
	for _, s := range p.Signs {
		if s.Kind == cluster.SignEvent && s.Reason == "SandboxChanged" && s.Count >= 3 && p.Snapshot.At.Sub(s.Last) < 5*time.Minute {
			return s, true
		}
	}
	return cluster.Sign{}, false
}
