// Package cninotready finds nodes whose runtime has no network configuration that it can load.
package cninotready

import (
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports what says that the network is not ready, with what the node's runtime itself says of it. A runtime that
// said, after the last failure, that its network is ready rules it out. Why there is no configuration other causes
// know.
func Find(p *diagnose.Pass) {
	matches := p.Matches()
	f := p.Facts()
	if f == nil {
		p.ReportMatches()
		return
	}
	ready := ""
	var facts []cluster.Sign
	if f.Runtime != nil {
		for i, c := range f.Runtime.Conditions {
			if c.Type == "NetworkReady" {
				ready = fmt.Sprint(c.Status)
				facts = append(facts, p.CiteFact(fmt.Sprintf("runtime.conditions[%d].status", i), ready))
			}
		}
	}
	finding := diagnose.Finding{Args: map[string]string{}}
	if c := f.CNI; c != nil && c.ConfDir != "" && len(c.Files) == 0 && f.WhyUnread("cni.files") == "" &&
		ready != "true" {
		finding.Variant, finding.Args["dir"] = "empty", c.ConfDir
		facts = append(facts, p.CiteFact("cni.confDir", c.ConfDir))
	}
	if finding.Evidence = facts; ready == "true" {
		finding.Evidence = nil
		if later := p.Later(); later != nil {
			p.RuleOut()
			matches = slices.DeleteFunc(matches, func(m diagnose.Match) bool { return m.Sign.Context })
		}
	}
	if len(matches) == 0 && len(finding.Evidence) > 0 {
		matches = p.Hints()
	}
	if len(matches) > 0 {
		p.Prove(matches, finding)
	}
}
