// Package sandboxnotready finds Pods whose sandbox is there and not as it should be, where nobody says why.
package sandboxnotready

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// virtual are the reasons by which virtual kubelets say that their cloud makes no instance: those of Azure and Alibaba.
var virtual = []string{"ProviderFailed", "ProviderCreateFailed", "ProviderUpdateFailed", "NoStock", "StockClose",
	"InsufficientBalance", "ECICreateFailed"}

// Find tells by the words of the kubelet in what way the sandbox is not ready. Why it is so they do not say.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		failure := m.Args["failure"]
		if failure == "" && m.Sign.Reason == "FailedCreatePodSandBox" {
			failure = match.Plain(m.Sign.Message)
		}
		if failure != "" {
			unknown(p, m, failure)
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Certainty: diagnose.Likely,
			Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["address"] != "":
			f.Variant = "address"
		case m.Args["several"] != "":
			f.Variant = "several"
		case slices.Contains(virtual, m.Sign.Reason):
			f.Variant, m.Args["says"] = "virtual", match.Clip(strings.TrimSpace(match.Plain(m.Sign.Message)), 300)
		case m.Args["mode"] != "":
			f.Variant = "mode"
		}
		for _, group := range []string{"address", "several", "mode"} {
			delete(m.Args, group)
		}
		p.Report(f)
	}
}

// ofNetwork is what the network plugin says, of which another cause tells, and what only waits for an earlier call.
var ofNetwork = match.Lazy(`(?i)network for|failed \(add\)|\bcni\b|network sandbox|is reserved for|` +
	`^context (?:deadline|canceled)`)

// unknown reports a sandbox that the runtime cannot make in words that nobody knows: the runtime that the Pod asks for,
// or that of the node.
func unknown(p *diagnose.Pass, m diagnose.Match, failure string) {
	known := func(o diagnose.Match) bool { return o.Sign.Ref == m.Sign.Ref && o.Sign.Message == m.Sign.Message }
	if ofNetwork().MatchString(failure) || slices.ContainsFunc(p.MatchesOf("config-invalid"), known) {
		return
	}
	m.Args["says"] = match.Clip(strings.TrimSuffix(strings.TrimSpace(failure), ": unknown"), 200)
	f := diagnose.Finding{Variant: "runtime", Certainty: diagnose.Likely, Blame: p.Blame(m.Args), Args: m.Args,
		Evidence: []cluster.Sign{m.Sign}}
	if class := p.Pod.Spec.RuntimeClassName; class != nil && *class != "" {
		f.Variant, f.Args["runtimeclass"] = "class", *class
		f.Blame = cluster.Ref{Kind: "RuntimeClass", Name: *class}
	}
	p.Report(f)
}
