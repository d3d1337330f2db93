// Package csidependencymissing finds volumes for which their CSI driver lacks something: an object, or its provider.
package csidependencymissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart the provider of the Secrets Store driver: it is a program on the node, and the node is to blame.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["provider"] != "" {
			f.Variant = "provider"
			if node := p.Pod.Spec.NodeName; node != "" {
				f.Blame = cluster.Ref{Kind: "Node", Name: node}
			}
		}
		p.Report(f)
	}
}
