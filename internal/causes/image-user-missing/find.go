// Package imageusermissing finds images in which the user of a container cannot be looked up.
package imageusermissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart a list of users that is there, and that the runtime does not reach.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["link"] != "" {
			f.Variant = "link"
		}
		p.Report(f)
	}
}
