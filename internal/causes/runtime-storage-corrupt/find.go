// Package runtimestoragecorrupt finds nodes whose container runtime cannot use what it keeps of images.
package runtimestoragecorrupt

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells a file system on which no overlay can be mounted from one that is damaged.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["unfit"] != "" {
			f.Variant, f.Certainty = "unfit", diagnose.Likely
			delete(m.Args, "unfit")
		}
		p.Report(f)
	}
}
