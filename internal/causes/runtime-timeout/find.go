// Package runtimetimeout tells a runtime that does not answer in time from the echoes of it.
package runtimetimeout

import (
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	nodev1 "k8s.io/api/node/v1"
)

var (
	quoted = match.Lazy(`"[^"]*"`)
	// other tells what timed out where it was not the runtime itself.
	other = match.Lazy(`dial |lookup |pull|get ""|get http|post ""|plugin|\bcni\b|network for|mountvolume|attach|` +
		`volume|fetch|webhook|x509|registry|vsock|grpc server`)
)

// Find takes timeouts of the runtime and the reserved names that follow them as one. A reserved name alone
// fits as well: containerd frees it when the first call returns, so that call still runs. Where the node tells what
// holds the runtime up, that is named, and a Pod of which nobody speaks is held up by it too.
func Find(p *diagnose.Pass) {
	timeouts, symptoms, node := sorted(p)
	matches := append(timeouts, symptoms...)
	by := blockerOf(p, matches)
	silent := p.Silent && beforeStart(p.Stage)
	switch {
	case len(matches) > 0:
		certainty := diagnose.Proven
		if len(timeouts) == 0 && by == nil {
			certainty = diagnose.Likely
		}
		report(p, append(matches, node...), by, certainty)
	case by != nil && by.sure && silent:
		by.facts = append(by.facts, p.Stall())
		report(p, node, by, diagnose.Proven)
	case by == nil && well(p.Later()):
	default:
		for _, m := range node {
			// a runtime that is only down has a cause of its own
			if strings.Contains(m.Sign.Message, "PLEG is not healthy") {
				report(p, []diagnose.Match{m}, by, diagnose.Likely)
			}
		}
	}
}

// sorted returns what was said of timeouts of the runtime, of names that are reserved because of them, and of the node.
func sorted(p *diagnose.Pass) (timeouts, symptoms, node []diagnose.Match) {
	for _, m := range p.Matches() {
		low := strings.ToLower(match.Plain(m.Sign.Message))
		switch {
		case strings.HasPrefix(low, "execsync "): // a probe's command took longer than the probe gives it
		case m.Sign.Context:
			node = append(node, m)
		case strings.Contains(low, "timing out in cri-o"):
			timeouts = append(timeouts, m)
		case strings.Contains(low, "reserv"):
			if !done(p, m.Args["holder"]) {
				symptoms = append(symptoms, m)
			}
		case !other().MatchString(quoted().ReplaceAllString(low, `""`)):
			timeouts = append(timeouts, m)
		}
	}
	return timeouts, symptoms, node
}

// report makes one finding of all that was said, and of what holds the runtime up where that is known.
func report(p *diagnose.Pass, matches []diagnose.Match, by *blocker, certainty string) {
	f := diagnose.Finding{Certainty: certainty, Args: map[string]string{"node": p.Pod.Spec.NodeName}}
	if len(matches) > 0 {
		f.Args = matches[0].Args
	}
	for _, m := range matches {
		f.Evidence = append(f.Evidence, m.Sign)
		for _, name := range []string{"stage", "holder"} {
			if f.Args[name] == "" && m.Args[name] != "" {
				f.Args[name] = strings.TrimSpace(m.Args[name])
			}
		}
	}
	if by != nil {
		maps.Copy(f.Args, by.args)
		f.Variant, f.Evidence = by.variant, append(f.Evidence, by.facts...)
	}
	f.Blame = p.Blame(f.Args)
	if class := p.Pod.Spec.RuntimeClassName; by == nil && class != nil && inVM(p, *class, f.Evidence) {
		f.Variant, f.Args["runtimeclass"] = "vm", *class
	}
	p.Report(f)
}

var (
	virtual = match.Lazy(`(?i)kata|firecracker|cloud-hypervisor|qemu|confidential|peer-?pod|urunc|edera`)
	inGuest = match.Lazy(`(?i)CreateContainerRequest|StartContainerRequest|CreateSandboxRequest|vsock|hypervisor|\bVM\b`)
)

// inVM reports whether what timed out is a VM that a RuntimeClass brings: its words say so, or its handler does where
// nothing ails the runtime of the node.
func inVM(p *diagnose.Pass, class string, said []cluster.Sign) bool {
	handler := class
	if rc, _ := cluster.Get[nodev1.RuntimeClass](p.Snapshot, "", class); rc != nil {
		handler = rc.Handler
	}
	if slices.ContainsFunc(said, func(s cluster.Sign) bool { return s.Context }) {
		return false
	}
	return virtual().MatchString(class+" "+handler) ||
		slices.ContainsFunc(said, func(s cluster.Sign) bool { return inGuest().MatchString(s.Message) })
}

// beforeStart reports whether a Pod waits for what the runtime has still to do: to make its containers, or to end them.
func beforeStart(s pod.Stage) bool {
	return s != pod.StageSchedule && s != pod.StageStart && s != pod.StageReady
}
