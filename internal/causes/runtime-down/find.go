// Package runtimedown finds container runtimes that nobody reaches, and tells them from those that hang or are up
// again.
package runtimedown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// Find reports what says that the runtime cannot be reached, with the socket that the node finds dead. A Pod that
// nobody speaks of waits for it too. What the node says of a runtime that answers, or that takes calls and lets them
// wait, is none of this.
func Find(p *diagnose.Pass) {
	matches := p.Matches()
	if facts, args := deadSocket(p); len(facts) > 0 {
		if waits := p.Silent && beforeStart(p.Stage); waits {
			facts = append(facts, p.Stall())
		} else if len(matches) == 0 {
			return
		}
		f := diagnose.Finding{Blame: p.Blame(map[string]string{"node": p.Pod.Spec.NodeName}), Args: args}
		for _, m := range matches {
			f.Evidence = append(f.Evidence, m.Sign)
		}
		if f.Evidence = append(f.Evidence, facts...); args["other"] != "" {
			f.Variant = "elsewhere"
		}
		p.Report(f)
		return
	}
	own := slices.DeleteFunc(slices.Clone(matches), func(m diagnose.Match) bool { return m.Sign.Context })
	switch f := p.Later(); {
	case len(own) == 0 && hangs(p.Facts()):
	case f == nil || !answers(f.Runtime):
		report(p, matches)
	case len(own) > 0:
		p.Prove(own, diagnose.Finding{Certainty: diagnose.Likely, Variant: "was",
			Evidence: []cluster.Sign{p.CiteFact("runtime.versionMillis", fmt.Sprint(*f.Runtime.VersionMillis))}})
	}
}

// report reports what was said, and tells a program beside the runtime from the runtime.
func report(p *diagnose.Pass, matches []diagnose.Match) {
	if slices.ContainsFunc(matches, func(m diagnose.Match) bool { return m.Args["agent"] != "" }) {
		p.ReportVariants(diagnose.VariantRule{Group: "agent", Variant: "snapshotter"})
		return
	}
	p.ReportMatches()
}

// deadSocket is what the node says of the socket that its kubelet uses, where nobody listens on it, and of the one of
// another runtime that is alive.
func deadSocket(p *diagnose.Pass) (facts []cluster.Sign, args map[string]string) {
	f := p.Facts()
	if f == nil || f.Runtime == nil {
		return nil, nil
	}
	path, field := f.Runtime.Endpoint, "runtime.endpoint"
	if f.Kubelet != nil && f.Kubelet.RuntimeEndpoint != "" {
		path, field = f.Kubelet.RuntimeEndpoint, "kubelet.runtimeEndpoint"
	}
	var other []cluster.Sign
	args = map[string]string{"socket": strings.TrimPrefix(path, "unix://")}
	for i, s := range f.Runtime.Sockets {
		at := fmt.Sprintf("runtime.sockets[%d].", i)
		switch own := s.Path == args["socket"]; {
		case own && s.Missing:
			facts = append(facts, p.CiteFact(at+"missing", "true"))
		case own && s.Refused:
			facts = append(facts, p.CiteFact(at+"refused", "true"))
		// dockerd and its own containerd serve no kubelet
		case !own && other == nil && !s.Missing && !s.Refused && !strings.Contains(s.Path, "docker.sock") &&
			!strings.Contains(s.Path, "docker/"):
			other, args["other"] = []cluster.Sign{p.CiteFact(field, path), p.CiteFact(at+"path", s.Path)}, s.Path
		}
	}
	if len(facts) == 0 {
		return nil, nil
	}
	return append(facts, other...), args
}

// answers reports whether the runtime answered, and said that it is ready.
func answers(r *nodefacts.Runtime) bool {
	return r != nil && r.VersionMillis != nil && slices.ContainsFunc(r.Conditions,
		func(c nodefacts.RuntimeCondition) bool {
			return c.Type == "RuntimeReady" && c.Status
		})
}

// hangs reports whether somebody listens on the runtime's socket and does not answer.
func hangs(f *nodefacts.NodeFacts) bool {
	return f != nil && f.Runtime != nil && f.WhyUnread("runtime.name") != "" &&
		slices.ContainsFunc(f.Runtime.Sockets, func(s nodefacts.Socket) bool {
			return s.Path == strings.TrimPrefix(f.Runtime.Endpoint, "unix://") && !s.Missing && !s.Refused
		})
}

// beforeStart reports whether a Pod waits for what the runtime has still to do: to make its containers, or to end them.
func beforeStart(s pod.Stage) bool {
	return s != pod.StageSchedule && s != pod.StageStart && s != pod.StageReady
}
