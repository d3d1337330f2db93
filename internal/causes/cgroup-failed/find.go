// Package cgroupfailed finds nodes that cannot make or set up the cgroup of a Pod.
package cgroupfailed

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// guest is what a message of Kata Containers holds that comes from the agent in the virtual machine.
var guest = match.Lazy(`(?i)agent create (?:container|sandbox)|rpc status: |ttrpc: |handler message create|rustjail|` +
	`kata-agent|in the guest`)

// Find tells a limit that does not fit that of the Pod around it from a node that can make no cgroups, and both from
// the virtual machine of a Pod that can make none.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case guest().MatchString(m.Sign.Message):
			f.Variant, f.Certainty = "guest", diagnose.Likely
		case m.Args["cfs"] != "":
			f.Variant, f.Certainty = "quota", diagnose.Likely
		case m.Args["nested"] != "":
			f.Variant = "nested"
		}
		delete(f.Args, "cfs")
		delete(f.Args, "nested")
		p.Report(f)
	}
}
