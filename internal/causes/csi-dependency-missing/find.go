// Package csidependencymissing finds volumes for which their CSI driver lacks something: an object, or its provider.
package csidependencymissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// secretOf is how the kubelet names a Secret that the volume wants for its driver, in the namespace that it says.
var secretOf = match.Lazy(`(?i)find the secret ([\w.-]+) in the namespace ([\w-]+)\b|` +
	`SecretRef ([\w-]+)/([\w.-]+) failed`)

// Find tells apart the provider of the Secrets Store driver: it is a program on the node, and the node is to blame.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["provider"] != "" {
			f.Variant = "provider"
			if node := p.Pod.Spec.NodeName; node != "" {
				f.Blame = cluster.Ref{Kind: "Node", Name: node}
			}
		} else if g := secretOf().FindStringSubmatch(match.Plain(m.Sign.Message)); g != nil {
			f.Variant, m.Args["object"], m.Args["objectnamespace"] = "secret", g[1]+g[4], g[2]+g[3]
			f.Blame = cluster.Ref{Kind: "Secret", Namespace: m.Args["objectnamespace"], Name: m.Args["object"]}
			if cited, ok := named(p, f.Blame); ok {
				f.Evidence, f.Attested = append(f.Evidence, cited), []string{"object", "objectnamespace"}
			}
		}
		p.Report(f)
	}
}

// named is where a PersistentVolume of the Pod names a Secret.
func named(p *diagnose.Pass, secret cluster.Ref) (cluster.Sign, bool) {
	for _, v := range p.Volumes() {
		if v.PV == nil || v.PV.Spec.CSI == nil {
			continue
		}
		is := func(r *corev1.SecretReference) bool {
			return r != nil && r.Name == secret.Name && r.Namespace == secret.Namespace
		}
		pv, csi := cluster.Ref{Kind: "PersistentVolume", Name: v.PV.Name}, v.PV.Spec.CSI
		switch {
		case is(csi.NodeStageSecretRef):
			return diagnose.Cite(pv, "spec.csi.nodeStageSecretRef.name", secret.Name), true
		case is(csi.NodePublishSecretRef):
			return diagnose.Cite(pv, "spec.csi.nodePublishSecretRef.name", secret.Name), true
		}
	}
	return cluster.Sign{}, false
}
