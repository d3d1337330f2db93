// Package podunschedulable finds Pods for which the scheduler has found no node, and which objects keep them off.
package podunschedulable

import (
	"maps"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/placement"
)

// Find makes one finding of all that the scheduler says; its newest word, joined with the nodes and the Pods there,
// decides the variant.
func Find(p *diagnose.Pass) {
	var f diagnose.Finding
	var last diagnose.Match
	matches := p.Matches()
	for _, m := range matches {
		if f.Args == nil || m.Sign.Kind == cluster.SignCondition ||
			last.Sign.Kind != cluster.SignCondition && !m.Sign.Last.Before(last.Sign.Last) {
			f.Args, last = m.Args, m
		}
	}
	if f.Args == nil {
		return
	}
	f.Blame, f.Evidence = p.Blame(f.Args), []cluster.Sign{last.Sign}
	l := newLook(p, &f, match.Plain(last.Sign.Message))
	l.autoscaler()
	switch {
	case last.Sign.Reason == "SchedulingGated":
		l.gated()
	case strings.Contains(last.Sign.Message, "no nodes available to schedule"):
		f.Variant = "no-nodes"
	case l.serverless(last.Sign.Message):
	case !l.preempting():
		l.decide()
	}
	for _, m := range matches { // what was joined says more than the same words once more
		if m.Sign.Ref != last.Sign.Ref || m.Sign.Path != last.Sign.Path {
			f.Evidence = append(f.Evidence, m.Sign)
		}
	}
	maps.DeleteFunc(f.Args, func(_, value string) bool { return value == "" })
	p.Report(f)
}

// decide finds what keeps the Pod off the nodes that it may use. Taints count only where nothing else does: control
// plane nodes have one in every breakdown. So do selectors where all nodes are known, and one has what is required.
func (l *look) decide() {
	if l.f.Variant == "karpenter" {
		return
	}
	if l.all && len(l.able) == 0 && l.words.Of(placement.Selector)+l.words.Of(placement.Taint) > 0 {
		l.selector()
		return
	}
	leave := []string{placement.Taint, placement.Cordon}
	if l.all {
		leave = append(leave, placement.Selector)
	}
	r, ok := l.words.Decides(leave...)
	if !ok {
		if l.words.Of(placement.Taint)+l.words.Of(placement.Cordon) > 0 {
			l.taints()
		}
		return
	}
	switch r.Kind {
	case placement.Selector:
		l.selector()
	case placement.Resource, placement.TooManyPods:
		l.room(r)
	case placement.AntiAffinity:
		l.antiAffinity()
	case placement.OthersAffinity:
		l.refusedByOthers()
	case placement.Affinity:
		l.affinity()
	case placement.Spread, placement.SpreadLabel:
		l.spread()
	case placement.Volumes:
		l.volumes(r.Text)
	case placement.Devices:
		l.f.Variant = "devices"
	}
}
