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

// state is what it says of the files in which it keeps who has which processors and memory.
var state = match.Lazy(`restore state from checkpoint|checkpoint manager|manager checkpoint file|_manager_state`)

// ownWords reports what the kubelet says itself, and returns what others say of it.
func ownWords(p *diagnose.Pass) []diagnose.Match {
	return slices.DeleteFunc(slices.Clone(p.Matches()), func(m diagnose.Match) bool { return own(p, m) })
}

// own reports that the kubelet ends as it starts, or why it is not ready.
func own(p *diagnose.Pass, m diagnose.Match) bool {
	dies, unready, untrusted := m.Args["dies"], m.Args["unready"], m.Args["untrusted"]
	for _, group := range []string{"dies", "unready", "untrusted"} {
		delete(m.Args, group)
	}
	if dies+unready+untrusted == "" {
		return false
	}
	if inner().MatchString(dies) {
		return true
	}
	f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}, Variant: "unready"}
	m.Args["says"] = match.Clip(strings.TrimRight(strings.ReplaceAll(dies+unready+untrusted, `\"`, `"`), ". "), 300)
	switch {
	case untrusted != "":
		f.Variant = "untrusting"
	case dies != "":
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
		case state().MatchString(low):
			f.Variant = "state"
		}
	default:
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
