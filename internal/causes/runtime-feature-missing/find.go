// Package runtimefeaturemissing finds Pods that ask for what the runtime or the kernel of their node does not have.
package runtimefeaturemissing

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// gathered are the words for a device that is to be handed to a container.
var gathered = match.Lazy(`(?i)gathering device information|hostPath type check`)

// Find tells apart virtual machines, mounts that the node does not share, for which no version is too old, and what
// the network or the runtime itself needs and no Pod asks for.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["opened"] != "" {
			m.Args["sysctl"] = m.Args["opened"]
		}
		if m.Args["proc"] != "" {
			m.Args["sysctl"] = strings.ReplaceAll(m.Args["proc"], "/", ".")
		}
		switch {
		case m.Args["vm"] != "":
			if gathered().MatchString(m.Sign.Message) {
				continue // a device that the Pod itself asks for
			}
			f.Variant = "vm"
			if c := p.Pod.Spec.RuntimeClassName; c != nil {
				f.Args["runtimeclass"] = *c
			}
		case m.Args["shared"] != "":
			f.Variant = "shared"
		case m.Args["net"] != "":
			f.Variant = "network"
		case m.Args["fstype"] != "":
			f.Variant = "mount"
		case m.Args["userns"] != "":
			f.Variant, f.Certainty = "userns", diagnose.Likely
			delete(m.Args, "userns")
		case m.Args["sysctl"] != "":
			if pod.SetsSysctl(p.Pod, m.Args["sysctl"]) {
				continue // that is the Pod's own wish
			}
			f.Variant = "sysctl"
		}
		p.Report(f)
	}
}
