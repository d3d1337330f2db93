// Package podrejected finds Pods that the kubelet refused or threw out, for a reason that has no cause of its own.
package podrejected

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells from the reason what kind of refusal it is.
func Find(p *diagnose.Pass) {
	var f diagnose.Finding
	var said diagnose.Match
	for _, m := range p.Matches() {
		f.Evidence = append(f.Evidence, m.Sign)
		if f.Args == nil || m.Sign.Kind == cluster.SignRejected {
			f.Args, said = m.Args, m
		}
	}
	if f.Evidence == nil {
		return
	}
	f.Args["reason"] = said.Sign.Reason
	if f.Args["message"] == "" {
		f.Args["message"] = said.Sign.Message
	}
	f.Args["message"] = strings.TrimPrefix(strings.TrimRight(f.Args["message"], ". "), "Pod was rejected: ")
	f.Variant, f.Blame = variant(said.Sign.Reason), p.Blame(f.Args)
	p.Report(f)
}

func variant(reason string) string {
	switch {
	case strings.HasPrefix(reason, "OutOf"):
		return "resources"
	case reason == "NodeAffinity" || reason == "NodeName":
		return "affinity"
	case reason == "Evicted":
		return "evicted"
	case strings.HasSuffix(reason, "Shutdown") || reason == "Terminated": // as kubelets of 1.20 and 1.21 call it
		return "shutdown"
	}
	return ""
}
