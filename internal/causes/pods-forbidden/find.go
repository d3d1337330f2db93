// Package podsforbidden finds workloads whose Pods their controller may not make.
package podsforbidden

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// FindMissing says who lacks the right, or which rule is broken. A right is proposed only to whom the controller's own
// status names: an Event may name anybody.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if user := m.Args["user"]; user != "" && diagnose.Attested(&m.Sign) {
			m.Args["grantee"] = user
		}
		p.Report(diagnose.Finding{Args: m.Args, Blame: p.Blame(m.Args), Evidence: []cluster.Sign{m.Sign}})
	}
}
