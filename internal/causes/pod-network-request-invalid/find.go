// Package podnetworkrequestinvalid finds Pods that cannot be added to a network which they ask for beside that of
// their node, for a reason that has no cause of its own.
package podnetworkrequestinvalid

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// Find reports a network that the Pod is known to ask for, and an annotation that cannot be read. What Multus says of
// a network that the Pod does not name is of the node.
func Find(p *diagnose.Pass) {
	clip := func(said string) string { return match.Clip(strings.TrimRight(said, ". "), 200) }
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["says"] != "":
			m.Args["says"], f.Variant = clip(m.Args["says"]), "annotation"
		case m.Args["secondary"] == "":
			continue
		default:
			m.Args["detail"], f.Certainty = clip(m.Args["detail"]), diagnose.Likely
		}
		f.Blame = p.Blame(m.Args)
		if m.Args["secondary"] != "" {
			f.Blame.Namespace = m.Args["secondaryns"]
		}
		p.Report(f)
	}
}
