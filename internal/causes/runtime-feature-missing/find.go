// Package runtimefeaturemissing finds Pods that ask for what the runtime or the kernel of their node does not have.
package runtimefeaturemissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart mounts that the node does not share, for which no version is too old, and what the network needs and no Pod asks for.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["shared"] != "" {
			f.Variant = "shared"
		} else if m.Args["net"] != "" {
			f.Variant = "network"
		}
		p.Report(f)
	}
}
