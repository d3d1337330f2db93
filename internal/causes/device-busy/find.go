// Package devicebusy finds Pods whose disk something else on the node holds.
package devicebusy

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart a disk that is a map of multipathd: then it is not multipathd that should let go.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if d := m.Args["device"]; strings.HasPrefix(d, "/dev/mapper/mpath") || strings.HasPrefix(d, "/dev/dm-") {
			f.Variant = "multipath"
		}
		p.Report(f)
	}
}
