// Package volumezonemismatch finds Pods whose volume may not be used on the node that they are on, or on any node that
// they may run on.
package volumezonemismatch

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// Find reports what is said of volumes and zones. The scheduler does not name the volume:
// it is the Pod's only one that is tied to a place.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		evidence := []cluster.Sign{m.Sign}
		if m.Args["pv"] == "" && m.Args["volume"] == "" {
			if v := tied(p); v != nil {
				m.Args["pv"], m.Args["claim"], m.Args["volume"] = v.PV.Name, v.Claim, v.Name
				ref := cluster.Ref{Kind: "PersistentVolume", Name: v.PV.Name}
				if place := where(v.PV); place != "" {
					evidence = append(evidence, diagnose.Cite(ref, "spec.nodeAffinity", place))
				}
			}
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: evidence}
		if h := hosts(p, m.Args["pv"]); h != "" {
			f.Variant, f.Args["hosts"] = "host", h
		}
		p.Report(f)
	}
}

// tied is the Pod's volume with a node affinity; nil where there is none or more than one.
func tied(p *diagnose.Pass) *diagnose.Volume {
	var only *diagnose.Volume
	for _, v := range p.Volumes() {
		if v.PV == nil || v.PV.Spec.NodeAffinity == nil || v.PV.Spec.NodeAffinity.Required == nil {
			continue
		}
		if only != nil {
			return nil
		}
		only = &v
	}
	return only
}

// where is the first thing that the volume asks of a node: topology.kubernetes.io/zone in [eu-west-1a].
func where(pv *corev1.PersistentVolume) string {
	for _, term := range pv.Spec.NodeAffinity.Required.NodeSelectorTerms {
		for _, e := range term.MatchExpressions {
			return fmt.Sprintf("%s %s %v", e.Key, e.Operator, e.Values)
		}
	}
	return ""
}

// hosts are the machines that a volume of the Pod names as the only ones that it can be used on; "" where it is tied to
// something else, or is not known.
func hosts(p *diagnose.Pass, pv string) string {
	for _, v := range p.Volumes() {
		if v.PV == nil || v.PV.Name != pv || v.PV.Spec.NodeAffinity == nil || v.PV.Spec.NodeAffinity.Required == nil {
			continue
		}
		var out []string
		for _, term := range v.PV.Spec.NodeAffinity.Required.NodeSelectorTerms {
			if len(term.MatchExpressions) != 1 || term.MatchExpressions[0].Operator != corev1.NodeSelectorOpIn ||
				term.MatchExpressions[0].Key != corev1.LabelHostname {
				return ""
			}
			out = append(out, term.MatchExpressions[0].Values...)
		}
		return strings.Join(out, ", ")
	}
	return ""
}
