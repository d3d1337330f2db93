// Package runtimeconfiginvalid finds nodes whose container runtime does not start for its own configuration.
package runtimeconfiginvalid

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var refused = match.Lazy(`failed to load TOML(?: from)?:? (/[^ :,"]+)[:,]? ([^"\n]{1,200})`)

// Find reports what is said of the configuration, and what the runtime logged on the node of a Pod that has no sandbox:
// such a line names no Pod.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if strings.Contains(m.Args["says"], "unpack") || strings.Contains(m.Args["says"], "snapshotter") {
			f.Variant = "snapshotter"
		}
		p.Report(f)
	}
	if len(p.Matches()) > 0 {
		return
	}
	f := p.Facts()
	if f == nil || !p.BeforeSandbox() {
		return
	}
	for i, l := range f.Logs {
		if m := refused().FindStringSubmatch(l.Message); m != nil && l.PodUID == "" {
			s := cluster.Sign{Ref: cluster.Ref{Kind: "NodeFacts", Name: f.Name}, Path: fmt.Sprintf("logs[%d].message", i),
				Kind: cluster.SignLog, Reason: l.Component, Message: l.Message, Context: true, Count: l.Count,
				First: l.First.Time, Last: l.Last.Time}
			args := map[string]string{"node": p.Pod.Spec.NodeName, "file": m[1], "says": m[2]}
			p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args, Certainty: diagnose.Likely,
				Evidence: []cluster.Sign{s, p.Stall()}})
			return
		}
	}
}
