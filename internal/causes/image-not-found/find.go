// Package imagenotfound finds images that the registry does not have.
package imagenotfound

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports what registries say. Docker Hub says "access denied" of an official image that does not exist.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if strings.Contains(strings.ToLower(m.Sign.Message), "pull access denied") {
			f.Variant = "library"
		}
		// the registry itself may have what its mirror has not; and some do not tell what is missing from what is private
		if m.Args["mirrored"] != "" || strings.Contains(m.Sign.Message, "may not exist") ||
			strings.Contains(m.Sign.Message, "no credentials on this request") {
			f.Certainty = diagnose.Likely
		}
		p.Report(f)
	}
}
