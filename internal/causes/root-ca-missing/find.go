// Package rootcamissing finds Pods that wait for the ConfigMap with the cluster's own certificate authority.
package rootcamissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

const rootCA = "kube-root-ca.crt"

// Find reports that kube-root-ca.crt is not in the namespace: the kubelet says so, or a silent Pod needs it and it is
// known to be absent.
func Find(p *diagnose.Pass) {
	said := map[string][]cluster.Sign{}
	for _, m := range p.Matches() {
		said[rootCA] = append(said[rootCA], m.Sign)
	}
	for _, f := range p.MissingConfig("ConfigMap", said) {
		if f.Blame.Name == rootCA {
			f.Blame = p.Blame(map[string]string{"namespace": p.Pod.Namespace})
			p.Report(f)
		}
	}
}
