// Package secretmissing finds Pods that wait for a Secret that is not there.
package secretmissing

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// Find reports each Secret that the kubelet says is not found, with the field that names it,
// and each that a volume of a silent Pod needs and that is known to be absent.
func Find(p *diagnose.Pass) {
	named := map[string]bool{}
	for _, m := range p.Matches() {
		evidence := []cluster.Sign{m.Sign}
		named[m.Args["secret"]] = true
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: evidence})
	}
	for i, v := range p.Pod.Spec.Volumes {
		if v.Secret == nil || v.Secret.Optional != nil && *v.Secret.Optional || named[v.Secret.SecretName] {
			continue
		}
		if _, there := cluster.Get[corev1.Secret](p.Snapshot, p.Pod.Namespace, v.Secret.SecretName); there != cluster.Absent || !p.Silent {
			continue
		}
		ref := cluster.Ref{Kind: "Secret", Namespace: p.Pod.Namespace, Name: v.Secret.SecretName}
		p.Report(diagnose.Finding{Blame: ref, Args: map[string]string{"secret": ref.Name},
			Evidence: []cluster.Sign{p.CiteAbsent(fmt.Sprintf("spec.volumes[%d].secret.secretName", i), ref), p.Stall()}})
	}
}
