// Package imagenameinvalid finds image names that the node cannot read.
package imagenameinvalid

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells names that are wrong from names that are only too short for the runtime's rules.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if said := strings.ToLower(m.Sign.Message); strings.Contains(said, "short") ||
			strings.Contains(said, "unqualified") || strings.Contains(said, "ambiguous list") {
			f.Variant = "shortname"
		}
		p.Report(f)
	}
}
