package controllermanagerdown

import (
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	coordinationv1 "k8s.io/api/coordination/v1"
)

// FindMissing reports a stale Lease of the controller manager together with a workload that nobody acts on, or for
// which the account is missing that every namespace is given.
func FindMissing(p *diagnose.Pass) {
	var lacks []cluster.Sign
	for _, s := range p.Signs {
		if strings.Contains(s.Message, `serviceaccount "default" not found`) {
			lacks = append(lacks, s)
		}
	}
	if at := p.Stall().Path; p.Silent && at != diagnose.FitsNone && at != diagnose.Held { // that, it would not mend
		lacks = append(lacks, p.Stall())
	}
	lease := p.StaleLease("kube-system", name)
	if lease == nil || len(lacks) == 0 {
		return
	}
	args, renewal := renewed(lease)
	evidence := append([]cluster.Sign{renewal}, lacks...)
	p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args, Variant: "unmade", Evidence: evidence})
}

// renewed says when the Lease was last renewed and by whom, and cites it.
func renewed(lease *coordinationv1.Lease) (map[string]string, cluster.Sign) {
	ref := cluster.Ref{Kind: "Lease", Namespace: "kube-system", Name: name}
	at := lease.Spec.RenewTime.UTC().Format(time.DateTime) + " UTC"
	args := map[string]string{"lease": name, "renewed": at}
	if h := lease.Spec.HolderIdentity; h != nil && *h != "" {
		args["leader"] = *h
	}
	return args, diagnose.Cite(ref, "spec.renewTime", at)
}
