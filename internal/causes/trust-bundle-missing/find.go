// Package trustbundlemissing finds Pods whose volume takes certificates from a ClusterTrustBundle that is not there.
package trustbundlemissing

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Find joins what the kubelet says with the source of the volume that it speaks of.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["wait"] != "" || m.Args["off"] != "":
			f.Variant, f.Certainty = "unread", diagnose.Likely
		case m.Args["trustbundle"] == "":
			f.Variant = "selector"
		}
		for _, group := range []string{"zero", "wait", "off"} {
			delete(m.Args, group)
		}
		f.Evidence = append(f.Evidence, source(p, m.Args, f.Variant == "selector")...)
		if f.Variant == "unread" { // whatever it names, the node does not know it
			f.Blame = cluster.Ref{Kind: "Node", Name: p.Pod.Spec.NodeName}
		} else {
			f.Blame = p.Blame(m.Args)
		}
		p.Report(f)
	}
}

// source finds where the Pod names the bundle, or the signer whose bundles it selects where that is asked for.
func source(p *diagnose.Pass, args map[string]string, selected bool) []cluster.Sign {
	for i, v := range p.Pod.Spec.Volumes {
		if v.Projected == nil || args["volume"] != "" && v.Name != args["volume"] {
			continue
		}
		for j, s := range v.Projected.Sources {
			b := s.ClusterTrustBundle
			path := fmt.Sprintf("spec.volumes[%d].projected.sources[%d].clusterTrustBundle.", i, j)
			switch {
			case b == nil:
			case selected && b.SignerName != nil:
				args["signer"] = *b.SignerName
				if b.LabelSelector != nil && len(b.LabelSelector.MatchLabels)+len(b.LabelSelector.MatchExpressions) > 0 {
					args["selector"] = metav1.FormatLabelSelector(b.LabelSelector)
				}
				return []cluster.Sign{p.Cite(path+"signerName", *b.SignerName)}
			case !selected && b.Name != nil && *b.Name == args["trustbundle"]:
				return []cluster.Sign{p.Cite(path+"name", *b.Name)}
			}
		}
	}
	return nil
}
