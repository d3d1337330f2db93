// Package runasnonroot finds containers that may not run as root and would, or might.
package runasnonroot

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart who is at odds with the Pod's wish: its image, a name in the image that may be anybody, or the Pod itself.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["user"] != "":
			f.Variant = "named"
		case m.Args["own"] != "":
			f.Variant = "own"
		}
		p.Report(f)
	}
}
