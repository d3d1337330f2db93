// Package resourceclaimunallocatable finds Pods for whose ResourceClaims the scheduler finds no devices.
package resourceclaimunallocatable

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/placement"
)

// Find reports what the scheduler says of the claims where that is what keeps most nodes away, and names the claim
// where the Pod has one only.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		words := placement.Read(match.Plain(m.Sign.Message))
		r, ok := words.Decides(placement.Taint, placement.Cordon, placement.Selector)
		if !ok || r.Kind != placement.Devices && m.Args["slow"]+m.Args["faulty"] == "" {
			continue
		}
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["elsewhere"] != "":
			f.Variant = "elsewhere"
		case m.Args["allocating"] != "":
			f.Variant = "allocating"
		case m.Args["slow"] != "":
			f.Variant, m.Args["node"] = "slow", m.Args["slow"]
		case m.Args["driverless"] != "":
			f.Variant = "driverless"
		case m.Args["faulty"] != "":
			f.Variant, m.Args["says"] = "selector", strings.TrimRight(m.Args["faulty"], ". ")
		}
		for _, group := range []string{"none", "elsewhere", "allocating", "slow", "driverless", "faulty"} {
			delete(m.Args, group)
		}
		m.Args["reasons"] = words.Text
		if claims := p.Pod.Spec.ResourceClaims; len(claims) == 1 {
			switch c := claims[0]; {
			case c.ResourceClaimTemplateName != nil:
				m.Args["template"] = *c.ResourceClaimTemplateName
				f.Evidence = append(f.Evidence, p.Cite("spec.resourceClaims[0].resourceClaimTemplateName",
					*c.ResourceClaimTemplateName))
			case c.ResourceClaimName != nil:
				m.Args["resourceclaim"] = *c.ResourceClaimName
				f.Evidence = append(f.Evidence, p.Cite("spec.resourceClaims[0].resourceClaimName", *c.ResourceClaimName))
			}
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}
