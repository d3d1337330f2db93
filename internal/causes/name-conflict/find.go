// Package nameconflict finds names that an older container of the same Pod still holds.
package nameconflict

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports the conflict in the words of the runtime that it comes from: what removes the holder differs.
func Find(p *diagnose.Pass) {
	node, _ := p.Node()
	for _, m := range p.Matches() {
		variant := ""
		if strings.Contains(m.Sign.Message, "that name is already in use") || node != nil && strings.HasPrefix(node.Status.NodeInfo.ContainerRuntimeVersion, "cri-o") {
			variant = "crio"
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant, Evidence: []cluster.Sign{m.Sign}})
	}
}
