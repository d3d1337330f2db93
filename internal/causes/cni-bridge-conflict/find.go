// Package cnibridgeconflict finds Pods whose network cannot be set up because something on their node is in the way.
package cnibridgeconflict

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// small is what a plugin sets up beside interfaces: to delete an interface for it would do harm.
var small = match.Lazy(`(?i)\b(?:route|rule|qdisc)\b[^,]{0,160}: file exists`)

// removal is what is said when an old sandbox is taken down: then nothing is in the way of a new one yet.
var removal = match.Lazy(`(?i)KillPodSandbox|failed \(delete\)|destroy network`)

// Find tells apart routes, rules and queues.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if removal().MatchString(m.Sign.Message) {
			continue
		}
		if m.Args["busy"] != "" && m.Args["secondary"] != "" {
			continue // the interface under a network that the Pod asks for: nothing is left over
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if small().MatchString(m.Sign.Message) {
			f.Variant = "route"
		}
		if m.Args["windows"] != "" {
			f.Variant = "windows"
			delete(f.Args, "windows")
		}
		if m.Args["busy"] != "" {
			f.Certainty = diagnose.Likely
		}
		p.Report(f)
	}
}
