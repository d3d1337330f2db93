// Package commandnotfound finds containers whose command is not in their image.
package commandnotfound

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find leaves out the commands of probes: they are missing in the image too, and stop no start.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if m.Sign.Reason == "Unhealthy" || m.Sign.Reason == "ProbeWarning" {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["nothing"] != "" {
			f.Variant = "none"
		}
		p.Report(f)
	}
}
