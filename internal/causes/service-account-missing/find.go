// Package serviceaccountmissing finds Pods whose ServiceAccount is gone.
package serviceaccountmissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find reports a ServiceAccount that the API server says is not found, and one that a silent Pod needs a token of and
// that is known to be absent.
func Find(p *diagnose.Pass) {
	name := p.Pod.Spec.ServiceAccountName
	if name == "" {
		name = "default"
	}
	gone := func() cluster.Sign {
		return p.CiteAbsent("spec.serviceAccountName",
			cluster.Ref{Kind: "ServiceAccount", Namespace: p.Pod.Namespace, Name: name})
	}
	_, there := cluster.Get[corev1.ServiceAccount](p.Snapshot, p.Pod.Namespace, name)
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if there == cluster.Absent && m.Args["serviceaccount"] == name && p.Pod.Spec.ServiceAccountName != "" {
			f.Evidence = append(f.Evidence, gone())
		}
		p.Report(f)
	}
	if !p.Silent || p.Stage != pod.StageVolumes || there != cluster.Absent || !wantsToken(p.Pod) {
		return
	}
	args := map[string]string{"serviceaccount": name}
	p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args, Evidence: []cluster.Sign{gone(), p.Stall()}})
}

// FindMissing reports a ServiceAccount for want of which the API server lets no Pod be made. Source: kube-apiserver,
// admission plugin ServiceAccount.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if name := m.Args["tokenless"]; name != "" {
			delete(m.Args, "tokenless")
			m.Args["serviceaccount"] = name
			p.Report(diagnose.Finding{Variant: "tokenless", Blame: p.Blame(m.Args), Args: m.Args,
				Evidence: []cluster.Sign{m.Sign}})
			continue
		}
		f := diagnose.Finding{Variant: "unmade", Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		name := m.Args["serviceaccount"]
		ref := cluster.Ref{Kind: "ServiceAccount", Namespace: p.Pod.Namespace, Name: name}
		_, there := cluster.Get[corev1.ServiceAccount](p.Snapshot, ref.Namespace, name)
		if there == cluster.Absent && p.Pod.Spec.ServiceAccountName == name && name != "" {
			f.Evidence = append(f.Evidence, p.CiteAbsent(p.TemplatePath("serviceAccountName"), ref))
		}
		p.Report(f)
	}
}

func wantsToken(p *corev1.Pod) bool {
	for _, v := range p.Spec.Volumes {
		if v.Projected == nil {
			continue
		}
		for _, s := range v.Projected.Sources {
			if s.ServiceAccountToken != nil {
				return true
			}
		}
	}
	return false
}
