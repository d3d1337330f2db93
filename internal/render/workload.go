package render

import (
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// maxIdle is how many workloads that make no Pods are named.
const maxIdle = 5

// workload is what a workload says of itself, in a sentence.
func (p *report) workload(w *diagnose.Workload) string {
	what := typeName(w.Ref)
	switch w.State {
	case "paused":
		return p.say("workload.paused", "what", what, "ready", w.Ready, "desired", w.Desired)
	case "suspended":
		return p.say("workload.suspended", "what", what)
	case "zero":
		return p.say("workload.zero", "what", what)
	case "no-node":
		if w.Message != "" {
			return p.say("workload.no-node.requires", "what", what, "required", flat(cut(w.Message, 256)))
		}
		return p.say("workload.no-node", "what", what)
	case "complete":
		return p.say("workload.complete", "what", what)
	case "failed":
		return p.say("workload.failed", "what", what, "why", flat(cut(w.Message, 1024)))
	case "idle":
		if w.Message != "" {
			return p.say("workload.busy", "what", what, "run", name(w.Message))
		}
		return p.say("workload.idle", "what", what)
	}
	if w.Ref.Kind == "Job" {
		return p.say("workload.job", "what", what)
	}
	if w.Ready == 0 && w.Desired > 0 {
		return p.noneReady(w)
	}
	return p.say("workload.ready", "what", what, "ready", w.Ready, "desired", w.Desired)
}

// typeName names an object as kubectl takes it.
func typeName(r cluster.Ref) string { return name(strings.ToLower(r.Kind)) + "/" + name(r.Name) }

// noneReady says that no Pod of a workload is ready, and why an update may have let it come to that.
func (p *report) noneReady(w *diagnose.Workload) string {
	what := typeName(w.Ref)
	if w.Strategy != "" {
		return p.say("workload.none.strategy", "what", what, "desired", w.Desired, "strategy", name(w.Strategy))
	}
	return p.say("workload.none", "what", what, "desired", w.Desired)
}

// serving says that nothing is left of a workload where its update strategy allows that, and which of its Pods wait for
// this one.
func (p *report) serving(w *diagnose.Workload) string {
	if w != nil && w.Behind != "" {
		return p.say("workload.behind", "behind", name(w.Behind))
	}
	if w == nil || w.Ready > 0 || w.Strategy == "" {
		return ""
	}
	return p.noneReady(w)
}

// idle names the workloads that make no Pods because somebody wants it so, or because they have given up: whoever
// misses their Pods looks for them here.
func (p *report) idle() {
	if len(p.Idle) == 0 || p.Asked != nil && len(p.Idle) == 1 && p.Idle[0].Ref == p.Asked.Ref {
		return
	}
	p.blank()
	p.line(0, bold, p.say("head.idle", "n", len(p.Idle)))
	for i := range p.Idle[:min(len(p.Idle), maxIdle)] {
		p.hang(3, plain, "- ", plain, p.workload(&p.Idle[i]))
	}
	if left := len(p.Idle) - maxIdle; left > 0 {
		p.prose(3, dim, p.say("more.idle", "n", left))
	}
}

// leaving says of a namespace without Pods that it is being deleted, and what holds it.
func (p *report) leaving() {
	n := p.Namespace
	p.prose(0, yellow, p.join("verdict.join", p.say("verdict.leaving", "name", name(n.Name)), p.since("for.one", n.Since)))
	p.blank()
	if len(n.Held) == 0 {
		p.prose(0, plain, p.say("leaving.silent"))
	} else {
		p.line(0, bold, p.say("head.leaving"))
	}
	for _, held := range n.Held {
		p.hang(3, plain, "- ", plain, clip(flat(cut(held, 4096)), 4*p.width))
	}
	if argument.Label.Holds(n.Name) {
		p.prose(3, plain, p.say("leaving.list"))
		p.command(3, "kubectl api-resources --verbs=list --namespaced -o name | "+
			"xargs -n 1 kubectl -n "+n.Name+" get --show-kind --ignore-not-found")
	}
}
