// Package cgroupfailed finds nodes that cannot make or set up the cgroup of a Pod.
package cgroupfailed

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells a limit that does not fit that of the Pod around it from a node that can make no cgroups.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["cfs"] != "" {
			f.Variant, f.Certainty = "quota", diagnose.Likely
			delete(m.Args, "cfs")
		}
		if m.Args["nested"] != "" {
			f.Variant = "nested"
			delete(m.Args, "nested")
		}
		p.Report(f)
	}
}
