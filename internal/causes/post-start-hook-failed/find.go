// Package poststarthookfailed finds containers whose postStart hook fails or does not end.
package poststarthookfailed

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// Find takes what the hook's failure leaves behind as evidence of it: the kubelet kills the container for it.
func Find(p *diagnose.Pass) {
	found := map[string]bool{}
	for _, m := range p.Matches() {
		c := m.Args["container"]
		evidence := []cluster.Sign{m.Sign}
		for _, s := range p.Signs {
			if c != "" && s.Container == c && s.Kind == cluster.SignTerminated && !found[c] {
				evidence = append(evidence, s)
			}
		}
		found[c] = true
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: evidence}
		if strings.Contains(m.Sign.Message, "container not running") {
			f.Variant, f.Certainty = "ended", diagnose.Likely // before the hook, for a reason of its own
		}
		p.Report(f)
	}
	if p.Silent && len(found) == 0 {
		hanging(p)
	}
}

// hanging finds a container that was started and is not shown to run: its hook has not come back.
func hanging(p *diagnose.Pass) {
	for i := range p.Pod.Spec.Containers {
		c := &p.Pod.Spec.Containers[i]
		if c.Lifecycle == nil || c.Lifecycle.PostStart == nil || !shownWaiting(p.Pod, c.Name) {
			continue
		}
		started := false
		for _, e := range p.Events {
			if e.InvolvedObject.FieldPath == fmt.Sprintf("spec.containers{%s}", c.Name) {
				started = e.Reason == "Started"
			}
		}
		if !started {
			continue
		}
		args := map[string]string{"container": c.Name}
		hook := p.Cite(fmt.Sprintf("spec.containers[%d].lifecycle.postStart", i), "{…}") // what it runs is not read
		p.Report(diagnose.Finding{Variant: "hangs", Deaf: true, Blame: p.Blame(args), Container: c.Name, Args: args,
			Evidence: []cluster.Sign{hook, p.Stall()}})
		return
	}
}

func shownWaiting(p *corev1.Pod, name string) bool {
	for i := range p.Status.ContainerStatuses {
		if s := &p.Status.ContainerStatuses[i]; s.Name == name {
			w := s.State.Waiting
			return w != nil && (w.Reason == "" || w.Reason == "ContainerCreating" || w.Reason == "PodInitializing")
		}
	}
	return false
}
