package clockskew

import (
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	coordinationv1 "k8s.io/api/coordination/v1"
)

// ahead reports a silent Pod on a node whose clock goes before all others: it takes what others write for old, and may
// not accept certificates or tokens that are newer than its time, or older.
func ahead(p *diagnose.Pass) {
	n, _ := p.Node()
	if n == nil {
		return
	}
	by, ok := p.Snapshot.Ahead(n.Name)
	l, _ := cluster.Get[coordinationv1.Lease](p.Snapshot, cluster.NodeLeases, n.Name)
	if !ok || by < time.Minute || l == nil {
		return
	}
	p.Report(diagnose.Finding{Certainty: diagnose.Likely, Variant: "ahead", Blame: cluster.Ref{Kind: "Node", Name: n.Name},
		Args: map[string]string{"ahead": by.Round(time.Second).String()}, Evidence: []cluster.Sign{citeLease(l), p.Stall()}})
}

func citeLease(l *coordinationv1.Lease) cluster.Sign {
	return diagnose.Cite(cluster.Ref{Kind: "Lease", Namespace: l.Namespace, Name: l.Name}, "spec.renewTime",
		l.Spec.RenewTime.UTC().Format(time.RFC3339))
}
