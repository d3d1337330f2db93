// Package hostpathtypemismatch finds Pods whose hostPath volume asks for another type of file than the node has.
package hostpathtypemismatch

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports what the kubelet says of hostPath types. Older kubelets do not tell what is there instead, if anything.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["found"] == "" {
			f.Variant = "either"
		}
		p.Report(f)
	}
}
