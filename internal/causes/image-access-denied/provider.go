package imageaccessdenied

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// provider reports a program of the node that is to bring credentials to the kubelet, and does not.
func provider(p *diagnose.Pass, m diagnose.Match) bool {
	failure := strings.Trim(m.Args["failure"], `": `)
	delete(m.Args, "failure")
	if m.Args["program"] == "" && !strings.Contains(m.Sign.Message, "CredentialProviderRequest") {
		return false
	}
	f := diagnose.Finding{Variant: "provider", Args: m.Args, Evidence: []cluster.Sign{m.Sign},
		Blame: cluster.Ref{Kind: "Node", Name: m.Args["node"]}}
	if len(failure) > 1 {
		m.Args["says"] = match.Clip(failure, 200)
	} else {
		m.Args["program"], f.Certainty = "ecr-credential-provider", diagnose.Likely
	}
	p.Report(f)
	return true
}
