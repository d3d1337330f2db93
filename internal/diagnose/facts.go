package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// A node's facts count for so long: an agent writes them at least every ten minutes, and what was read long before or
// after the instant of the snapshot is of another time.
const (
	factsBefore = 15 * time.Minute
	factsAfter  = time.Hour
)

// factsOf returns what a node knows about itself; nil where that is not known, or is of another time.
func (x *index) factsOf(node string) *nodefacts.NodeFacts {
	f, there := cluster.Get[nodefacts.NodeFacts](x.snapshot, "", node)
	late := there == cluster.Present && (x.factsAge(f) > factsBefore || x.factsAge(f) < -factsAfter)
	if there != cluster.Present || late && f.Source != nodefacts.FromLog {
		return nil
	}
	return f
}

// factsAge is how long before the instant of the snapshot facts were read, by the API server's clock where the node's
// is known to differ.
func (x *index) factsAge(f *nodefacts.NodeFacts) time.Duration {
	age := x.snapshot.At.Sub(f.At.Time)
	if f.Clock != nil && f.Clock.OffsetMillis != nil {
		age += time.Duration(*f.Clock.OffsetMillis) * time.Millisecond
	}
	return age
}

// Facts returns what the Pod's node knows about itself; nil where that is not known, or was read at another time.
func (p *Pass) Facts() *nodefacts.NodeFacts {
	if p.Pod.Spec.NodeName == "" {
		return nil
	}
	return p.podRun.index.factsOf(p.Pod.Spec.NodeName)
}

// CiteFact makes evidence of a field of the facts of the Pod's node; its message is what the field holds. It is
// context: what a node says of itself counts where it explains what ails the Pod,
// so it comes beside a sign against the Pod, or its Stall.
func (p *Pass) CiteFact(path, value string) cluster.Sign {
	s := Cite(cluster.Ref{Kind: "NodeFacts", Name: p.Pod.Spec.NodeName}, path, value)
	s.Context = true
	return s
}

// logSigns are the lines about a Pod that its node's kubelet and runtime wrote and that are not over. Where the Events
// say what is wrong they are context: they count where they say more. Where nothing else is said of the Pod they are
// what speaks against it.
func (x *index) logSigns(p *corev1.Pod, own []cluster.Sign, events []*corev1.Event) []cluster.Sign {
	if p.Spec.NodeName == "" || p.UID == "" {
		return nil
	}
	f := x.factsOf(p.Spec.NodeName)
	if f == nil {
		return nil
	}
	silent := true
	for i := range own {
		silent = silent && (own[i].Context || own[i].Symptom)
	}
	var signs []cluster.Sign
	for i, l := range f.Logs {
		if l.PodUID == string(p.UID) && !pod.ProgressedSince(p, events, l.Last.Time) {
			signs = append(signs, cluster.Sign{Ref: cluster.Ref{Kind: "NodeFacts", Name: f.Name},
				Path: fmt.Sprintf("logs[%d].message", i), Kind: cluster.SignLog,
				Reason: l.Component, Message: l.Message, Context: !silent, Count: l.Count, First: l.First.Time,
				Last: l.Last.Time})
		}
	}
	return signs
}

// addFactGaps makes gaps of the facts that a node could not read of itself, for the nodes that stuck Pods are on.
func (r *run) addFactGaps(node string) {
	if node == "" || r.gapsOf[node] {
		return
	}
	r.gapsOf[node] = true
	f, there := cluster.Get[nodefacts.NodeFacts](r.index.snapshot, "", node)
	switch {
	case there != cluster.Present:
	case r.index.factsOf(node) == nil:
		r.report.Gaps = append(r.report.Gaps, cluster.Gap{What: message.Of("gap.facts.stale", "node", node),
			Why: message.Of("gap.facts.times", "facts", f.At.UTC().Format(time.RFC3339),
				"others", r.index.snapshot.At.UTC().Format(time.RFC3339)),
			Needs: message.Of("gap.facts.now")})
	default:
		for _, g := range groupUnread(f) {
			r.report.Gaps = append(r.report.Gaps, cluster.Gap{Why: reasonOf(g),
				What: message.Of("gap.facts", "node", node, "facts", g.Path, "n", 1+strings.Count(g.Path, ", "))})
		}
	}
}

// reasonOf is why a fact could not be read: as the node's agent wrote it, where its code is not known here.
func reasonOf(u nodefacts.Unread) message.Message {
	m := message.Message{Code: u.Code, Args: message.Args{}}
	for name, value := range u.Args {
		m.Args[name] = value
	}
	if !m.Valid() {
		return message.Quote(u.Why)
	}
	return m
}

// groupUnread returns the facts that could not be read, those for one reason in one. Logs that a kubelet does not serve
// are left out: few kubelets do, and nobody who asks about a Pod can change that.
func groupUnread(f *nodefacts.NodeFacts) []nodefacts.Unread {
	var out []nodefacts.Unread
	for _, u := range f.Unread {
		if f.Source == nodefacts.FromKubelet && (u.Path == "logs" || u.Path == "kernel") {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Why == u.Why {
			out[n-1].Path += ", " + u.Path
			continue
		}
		out = append(out, u)
	}
	return out
}

// Knows reports whether a line of a log says something that proves a cause of the catalogue.
func (c *Catalogue) Knows(line string) bool {
	return slices.ContainsFunc(c.set.Match(cluster.SignLog, "", line), func(h match.Hit) bool {
		return !c.origins[h.Pattern].hint
	})
}

// Words are words of which every line that [Catalogue.Knows] knows holds one, without regard to case; none where every
// line has to be tried.
func (c *Catalogue) Words() []string {
	words, all := c.set.Words(cluster.SignLog, c.proves)
	if all {
		return nil
	}
	return words
}

// proves reports whether a pattern is one of the signs of a cause, and not a hint.
func (c *Catalogue) proves(pattern int) bool { return !c.origins[pattern].hint }
