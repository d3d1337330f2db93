// Package imageplatformmismatch finds images that were not built for the node's architecture.
package imageplatformmismatch

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// script is a program that has no architecture, so that a missing #! line is the matter.
var script = match.Lazy(`(?i)\.(sh|bash|py|rb|pl|js)["']?: exec format error`)

// Find reports what the runtime says. "exec format error" alone only makes it likely, and of a script not even that.
func Find(p *diagnose.Pass) {
	arch := ""
	if n, there := p.Node(); there == cluster.Present {
		arch = strings.Trim(n.Status.NodeInfo.OperatingSystem+"/"+n.Status.NodeInfo.Architecture, "/")
	}
	for _, m := range p.Matches() {
		m.Args["arch"] = arch
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["windows"] != "" {
			f.Variant = "windows"
			if m.Sign.Reason == "FailedCreatePodSandBox" {
				f.Blame = cluster.Ref{Kind: "Node", Name: p.Pod.Spec.NodeName}
			}
		}
		if said := match.Plain(m.Sign.Message); strings.Contains(strings.ToLower(said), "exec format error") {
			if script().MatchString(said) {
				continue
			}
			f.Variant, f.Certainty = "exec", diagnose.Likely
		}
		p.Report(f)
	}
}
