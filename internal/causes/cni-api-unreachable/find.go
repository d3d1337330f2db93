// Package cniapiunreachable finds network plugins that cannot talk to the API server.
package cniapiunreachable

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells a plugin that gets no answer from one that does not trust who answers. An expired certificate and a wrong
// clock look the same to the plugin.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		for _, variant := range []string{"name", "ca", "expired"} {
			if said := m.Args[variant]; said != "" {
				f.Variant, f.Args["says"] = variant, said
			}
		}
		if m.Args["slow"] != "" {
			f.Variant = "slow"
			delete(f.Args, "slow")
		} else if f.Variant != "" && !strings.Contains(f.Args["server"], ":") {
			f.Args["server"] += ":443"
		}
		if f.Variant == "expired" {
			f.Certainty = diagnose.Likely
		}
		p.Report(f)
	}
}
