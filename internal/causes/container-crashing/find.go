// Package containercrashing finds containers that start and end again.
package containercrashing

import (
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find makes one finding for each container that ended, with what its probes and its back-off say.
func Find(p *diagnose.Pass) {
	matches := p.Matches()
	for _, m := range matches {
		if m.Sign.Kind != cluster.SignTerminated || !ran(m.Sign.Reason) {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		probed := false
		for _, o := range matches {
			if o.Sign.Kind == cluster.SignEvent && o.Sign.Container == m.Sign.Container {
				f.Evidence, probed = append(f.Evidence, o.Sign), true
			}
		}
		f.Variant = variant(p.Pod, m, probed)
		p.Report(f)
	}
}

// ran reports whether a container ended that had started: one that could not start is config-invalid.
func ran(reason string) bool { return reason != "StartError" && reason != "ContainerCannotRun" }

func variant(p *corev1.Pod, m diagnose.Match, probed bool) string {
	code := m.Args["exitcode"]
	switch {
	case m.Sign.Reason == "OOMKilled":
		return "oom"
	case probed || code == "137" || code == "143":
		return "killed"
	case pod.Sidecar(p, m.Sign.Container):
		return "sidecar"
	case slices.ContainsFunc(p.Spec.InitContainers,
		func(c corev1.Container) bool { return c.Name == m.Sign.Container }):
		return "init"
	case code == "0":
		return "ended"
	}
	return ""
}
