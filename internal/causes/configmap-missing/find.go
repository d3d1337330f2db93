// Package configmapmissing finds Pods that wait for a ConfigMap that is not there.
package configmapmissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var missing = match.Lazy(`(?i)\bconfigmaps? "([^"]+)" not found`)

// rootCA is made for every namespace by the controller manager; root-ca-missing tells of it.
const rootCA = "kube-root-ca.crt"

// Find reports each ConfigMap that the kubelet says is not found, with the fields that name it,
// and each that a silent Pod needs and that is known to be absent.
func Find(p *diagnose.Pass) {
	said := map[string][]cluster.Sign{}
	for _, m := range p.Matches() {
		for _, name := range missing().FindAllStringSubmatch(match.Plain(m.Sign.Message), -1) {
			said[name[1]] = append(said[name[1]], m.Sign)
		}
	}
	for _, f := range p.MissingConfig("ConfigMap", said) {
		if f.Blame.Name != rootCA {
			p.Report(f)
		}
	}
}
