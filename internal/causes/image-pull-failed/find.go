// Package imagepullfailed finds images that are not pulled for a reason that no cause knows, or that nobody tells.
package imagepullfailed

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// wrapped is what kubelet and runtime put before the words that say why, in any order.
var wrapped = match.Lazy(`(?i)^\W?(?:(?:back-off pulling image "[^"]*"|errimagepull): |rpc error: code = \w+ desc = |` +
	`(?:failed|error|unable) (?:to )?(?:pull|pulling)(?: and unpack)? image \\?"?[^" ]+"?: )+`)

// Find reports for each container what is said last, and that nothing is said where that is all.
func Find(p *diagnose.Pass) {
	said := map[string]bool{}
	var silent []diagnose.Match
	for _, m := range p.Matches() {
		says := words(&m)
		if says == "" {
			silent = append(silent, m)
			continue
		}
		said[m.Args["container"]] = true
		m.Args["says"] = says
		p.Report(diagnose.Finding{Variant: "said", Certainty: diagnose.Likely, Blame: p.Blame(m.Args), Args: m.Args,
			Evidence: []cluster.Sign{m.Sign}})
	}
	for _, m := range silent {
		if !said[m.Args["container"]] {
			p.Report(diagnose.Finding{Certainty: diagnose.Likely, Blame: p.Blame(m.Args), Args: m.Args,
				Evidence: []cluster.Sign{m.Sign}})
		}
	}
}

// words are what a sign says of the reason, without what is said of every image that is not pulled.
func words(m *diagnose.Match) string {
	failure := m.Args["failure"]
	if m.Sign.Kind == cluster.SignWaiting {
		failure = m.Sign.Message
	}
	failure = strings.TrimSpace(strings.TrimPrefix(failure, wrapped().FindString(failure)))
	if failure == "" || strings.HasPrefix(failure, "Back-off pulling image") {
		return ""
	}
	return match.Clip(strings.TrimRight(failure, ". "), 200)
}
