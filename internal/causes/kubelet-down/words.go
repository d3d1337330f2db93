package kubeletdown

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// unknownFlag is how the kubelet says that it does not know one of its flags.
var unknownFlag = match.Lazy(`unknown (?:shorthand )?flag: '?(--?[a-z][a-z0-9-]*)`)

// inner is what it may quote that has a cause of its own: its runtime's version, its certificate.
var inner = match.Lazy(`(?i)unknown service runtime|certificate|bootstrap-kubelet\.conf|cgroup driver`)

// ownWords reports what the kubelet says itself, and returns what others say of it.
func ownWords(p *diagnose.Pass) []diagnose.Match {
	return slices.DeleteFunc(slices.Clone(p.Matches()), func(m diagnose.Match) bool { return own(p, m) })
}

// own reports that the kubelet ends as it starts, or why it is not ready.
func own(p *diagnose.Pass, m diagnose.Match) bool {
	dies, unready := m.Args["dies"], m.Args["unready"]
	delete(m.Args, "dies")
	delete(m.Args, "unready")
	if dies+unready == "" {
		return false
	}
	if inner().MatchString(dies) {
		return true
	}
	f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}, Variant: "unready"}
	m.Args["says"] = match.Clip(strings.TrimRight(strings.ReplaceAll(dies+unready, `\"`, `"`), ". "), 300)
	if dies != "" {
		f.Variant = "dies"
		low := strings.ToLower(dies)
		switch flag := unknownFlag().FindStringSubmatch(dies); {
		case flag != nil:
			f.Variant, m.Args["flag"] = "flag", flag[1]
		case strings.Contains(low, "swap on is not supported"):
			f.Variant = "swap"
		case strings.Contains(low, "cgroup v1") && strings.Contains(low, "configured to not run"):
			f.Variant = "cgroup-v1"
		case strings.Contains(low, "/var/lib/kubelet/config.yaml") && strings.Contains(low, "no such file"):
			f.Variant = "unjoined"
		}
	} else {
		f.Certainty = diagnose.Likely
	}
	f.Blame = p.Blame(m.Args)
	if f.Blame.Kind != "Node" && p.Pod.Spec.NodeName != "" {
		f.Blame = cluster.Ref{Kind: "Node", Name: p.Pod.Spec.NodeName}
	}
	if f.Variant == "unready" && p.Silent {
		f.Evidence = append(f.Evidence, p.Stall())
	}
	p.Report(f)
	return true
}
