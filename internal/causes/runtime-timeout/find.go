// Package runtimetimeout tells a runtime that does not answer in time from the echoes of it.
package runtimetimeout

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

var (
	quoted = regexp.MustCompile(`"[^"]*"`)
	// other tells what timed out where it was not the runtime itself.
	other = regexp.MustCompile(`dial |lookup |pull|get ""|get http|post ""|plugin|\bcni\b|network for|mountvolume|attach|volume|fetch|webhook|x509|registry|vsock|grpc server`)
)

// Find takes timeouts of the runtime and the reserved names that follow them as one. A reserved name alone
// fits as well: containerd frees it when the first call returns, so that call still runs.
func Find(p *diagnose.Pass) {
	var timeouts, echoes, node []diagnose.Match
	for _, m := range p.Matches() {
		low := strings.ToLower(diagnose.Plain(m.Sign.Message))
		switch {
		case m.Sign.Context:
			node = append(node, m)
		case strings.Contains(low, "timing out in cri-o"):
			timeouts = append(timeouts, m)
		case strings.Contains(low, "reserv"):
			echoes = append(echoes, m)
		case !other.MatchString(quoted.ReplaceAllString(low, `""`)):
			timeouts = append(timeouts, m)
		}
	}
	certainty := diagnose.Proven
	if len(timeouts) == 0 {
		certainty = diagnose.Likely
	}
	matches := append(timeouts, echoes...)
	if len(matches) == 0 {
		for _, m := range node {
			if strings.Contains(m.Sign.Message, "PLEG is not healthy") { // a runtime that is only down has a cause of its own
				p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Certainty: certainty, Evidence: []cluster.Sign{m.Sign}})
			}
		}
		return
	}
	f := diagnose.Finding{Blame: p.Blame(matches[0].Args), Args: matches[0].Args, Certainty: certainty}
	for _, m := range append(matches, node...) {
		f.Evidence = append(f.Evidence, m.Sign)
		for _, name := range []string{"stage", "holder"} {
			if f.Args[name] == "" && m.Args[name] != "" {
				f.Args[name] = strings.TrimSpace(m.Args[name])
			}
		}
	}
	p.Report(f)
}
