// Package configinvalid finds containers that cannot be created as their spec asks, for a reason that has no cause of
// its own.
package configinvalid

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart a working directory, and a kubelet that knows no Services yet: that is the node's fault.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["services"] != "":
			f.Variant = "services"
			if node := p.Pod.Spec.NodeName; node != "" {
				f.Blame = cluster.Ref{Kind: "Node", Name: node}
			}
		case m.Args["long"] != "":
			f.Variant = "name"
		case m.Args["path"] != "":
			f.Variant = "workdir"
		}
		p.Report(f)
	}
}
