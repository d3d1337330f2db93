// Package securityprofilemissing finds containers whose seccomp or AppArmor profile cannot be applied on their node.
package securityprofilemissing

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// off is what is said where the node has no AppArmor at all.
var off = match.Lazy(`(?i)apparmor[^:]{0,40} not (?:enabled|supported)`)

// Find takes the runtime's word that a profile is missing or cannot be read. That the kernel did not take a filter has
// other reasons too.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if strings.Contains(strings.ToLower(m.Sign.Message), "loading seccomp filter into kernel") {
			f.Certainty = diagnose.Likely
		}
		if off().MatchString(m.Sign.Message) {
			f.Variant = "off"
		}
		p.Report(f)
	}
}
