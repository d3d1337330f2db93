// Package secretmissing finds Pods that wait for a Secret that is not there.
package secretmissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var (
	missing = match.Lazy(`(?i)\bsecrets? "([^"]+)" not found`)
	// of a storage driver: what it lacks is not named by the Pod
	driver = match.Lazy(`(?i)rpc error|kubernetes\.io/csi|secretref|pull secret|secretproviderclass`)
	legacy = match.Lazy(`-token-[a-z0-9]{5}$`)
)

// Find reports each Secret that the kubelet says is not found, with the fields that name it,
// and each that a silent Pod needs and that is known to be absent.
func Find(p *diagnose.Pass) {
	said := map[string][]cluster.Sign{}
	for _, m := range p.Matches() {
		plain := match.Plain(m.Sign.Message)
		if driver().MatchString(plain) {
			continue
		}
		all := missing().FindAllStringSubmatch(plain, -1)
		if all == nil {
			all = [][]string{{"", m.Args["secret"]}}
		}
		for _, name := range all {
			said[name[1]] = append(said[name[1]], m.Sign)
		}
	}
	for _, f := range p.MissingConfig("Secret", said) {
		if f.Variant == "" && legacy().MatchString(f.Blame.Name) {
			f.Variant = "token"
		}
		p.Report(f)
	}
}
