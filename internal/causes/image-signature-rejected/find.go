// Package imagesignaturerejected finds images that the signature policy of a node refuses, and policies that cannot be
// read.
package imagesignaturerejected

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart a policy that cannot be read: that is the node's fault.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["policyfile"] != "" {
			f.Variant = "policy"
			if node := p.Pod.Spec.NodeName; node != "" {
				f.Blame = cluster.Ref{Kind: "Node", Name: node}
			}
		}
		if m.Args["says"] != "" {
			f.Variant = "registry"
			if strings.HasPrefix(m.Args["says"], "412") { // it does not say why
				f.Certainty = diagnose.Likely
			}
		}
		p.Report(f)
	}
}
