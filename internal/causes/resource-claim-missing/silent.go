package resourceclaimmissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// silent reports the first entry of a Pod that nobody speaks of whose claim or template is not there. Where that is not
// known, what the scheduler is silent about is an entry without a claim.
func silent(p *diagnose.Pass) {
	unknown := first(p.Pod)
	for i := range p.Pod.Spec.ResourceClaims {
		args := map[string]string{}
		named := name(p, i, args)
		ref, variant := cluster.Ref{Kind: "ResourceClaim", Namespace: p.Pod.Namespace, Name: args["resourceclaim"]}, ""
		if args["template"] != "" {
			ref, variant = cluster.Ref{Kind: "ResourceClaimTemplate", Namespace: p.Pod.Namespace, Name: args["template"]},
				"template"
		}
		if !p.Snapshot.Absent(ref) {
			if unknown < 0 && variant == "" && !p.Snapshot.Has(ref) {
				unknown = i
			}
			continue
		}
		p.Report(diagnose.Finding{Variant: variant, Blame: p.Blame(args), Args: args,
			Evidence: []cluster.Sign{p.CiteAbsent(named.Path, ref), p.Stall()}})
		return
	}
	if unknown < 0 {
		return
	}
	args := map[string]string{}
	f := diagnose.Finding{Certainty: diagnose.Likely, Evidence: []cluster.Sign{name(p, unknown, args), p.Stall()},
		Args: args, Blame: p.Blame(args)}
	if args["template"] != "" {
		f.Variant = "waits"
	}
	p.Report(f)
}
