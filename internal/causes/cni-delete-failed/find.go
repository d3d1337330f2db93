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
// An old sandbox that the runtime still has proves it; one that it does not have rules it out.
func Find(p *diagnose.Pass) {
	old := left(p)
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if old.Evidence != nil && !m.Sign.Context {
			f.Variant, f.Args["sandbox"], f.Evidence = old.Variant, old.Args["sandbox"],
				append(f.Evidence, old.Evidence...)
		}
		p.Report(f)
	}
	if !p.Silent || p.Pod.Spec.NodeName == "" || p.Pod.Spec.HostNetwork {
		return
	}
	changed, ok := changing(p)
	if !ok || old.Evidence == nil && gone(p) {
		return
	}
	for i := range p.Pod.Status.Conditions {
		c := &p.Pod.Status.Conditions[i]
		if c.Type == corev1.PodReadyToStartContainers && c.Status == corev1.ConditionFalse &&
			(c.Message == "" || c.Message == "pod sandbox is not ready") {
			path, says := fmt.Sprintf("status.conditions[%d].status", i), string(c.Status)
			if c.Message != "" {
				path, says = fmt.Sprintf("status.conditions[%d].message", i), c.Message
			}
			f := diagnose.Finding{Args: map[string]string{"node": p.Pod.Spec.NodeName}, Certainty: diagnose.Likely,
				Evidence: []cluster.Sign{changed, p.Cite(path, says), p.Stall()}}
			if old.Evidence != nil {
				f.Certainty, f.Variant, f.Args["sandbox"], f.Evidence = diagnose.Proven, old.Variant,
					old.Args["sandbox"], append(f.Evidence, old.Evidence...)
			}
			f.Blame = p.Blame(f.Args)
			p.Report(f)
		}
	}
}

// left is the sandbox of the Pod that the runtime still has although it is not ready; without evidence where there is
// none, or a newer one stands.
func left(p *diagnose.Pass) (f diagnose.Finding) {
	facts := p.Facts()
	if facts == nil || facts.Sandboxes == nil || p.Pod.UID == "" {
		return f
	}
	newest := -1
	for i, s := range facts.Sandboxes.Odd {
		if s.PodUID == string(p.Pod.UID) && (newest < 0 || s.Attempt > facts.Sandboxes.Odd[newest].Attempt) {
			newest = i
		}
	}
	if newest < 0 || facts.Sandboxes.Odd[newest].Ready {
		return f
	}
	s := facts.Sandboxes.Odd[newest]
	return diagnose.Finding{Variant: "left", Args: map[string]string{"sandbox": s.ID},
		Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("sandboxes.odd[%d].id", newest), s.ID)}}
}

// gone reports whether the runtime is known to have no sandbox of the Pod that is not ready: its list is whole, and was
// read after all that was said.
func gone(p *diagnose.Pass) bool {
	f := p.Later()
	return f != nil && f.Sandboxes != nil && len(f.Sandboxes.Odd) < 100
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
		if s.Kind == cluster.SignEvent && s.Reason == "SandboxChanged" && s.Count >= 3 &&
			p.Snapshot.At.Sub(s.Last) < 5*time.Minute {
			return s, true
		}
	}
	return cluster.Sign{}, false
}
