// Package admissiondenied finds workloads whose Pods a webhook or a policy of the cluster refuses.
package admissiondenied

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// kyverno is how its webhook begins: the first of the policies, and a colon.
var kyverno = match.Lazy(`due to the following policies ([a-z0-9][a-z0-9.-]*):`)

// aboutImages are the words of a rule about where images come from, or how they are named.
var aboutImages = match.Lazy(`(?i)\bimages?\b|\bregistry\b|\bregistries\b|\btag\b`)

// FindMissing joins what was answered with the configuration that the webhook is in.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		m.Args["words"] = strings.TrimRight(strings.Join(strings.Fields(m.Args["words"]), " "), ". ")
		delete(m.Args, "image") // another one is no way out where the rule is about something else
		if c := p.Pod.Spec.Containers; len(c) == 1 && aboutImages().MatchString(m.Args["words"]) {
			m.Args["image"] = c[0].Image
		}
		if w, ok := p.Webhook(m.Args["webhook"]); ok {
			f.Evidence = append(f.Evidence, w.Cite())
			w.ConfigArgs(m.Args)
		}
		if m.Args["validating"]+m.Args["mutating"] == "" {
			m.Args["unlisted"] = m.Args["webhook"]
		}
		if k := kyverno().FindStringSubmatch(m.Args["words"]); k != nil {
			m.Args["clusterpolicy"] = k[1]
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}
