package render

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// unexplained shows what no cause explains as it was said: each thing once, however often and of however many Pods.
func (p *report) unexplained() {
	if len(p.Unexplained) == 0 {
		return
	}
	p.blank()
	p.line(0, bold, p.say("head.unexplained", "n", len(p.Unexplained)))
	left := 0
	for i, g := range alike(p.Unexplained) {
		if i >= maxUnexplained {
			left += len(g)
			continue
		}
		p.place(3, &g[0])
		if g[0].Kind != cluster.SignStall && strings.TrimSpace(g[0].Message) != "" {
			p.quoteLines(3, verbatim(g[0].Message, p.width-5))
		}
		p.similar(g)
	}
	if left > 0 {
		p.prose(3, dim, p.say("more.unexplained", "n", left))
	}
}

// alike are signs by what they say, what says most first.
func alike(signs []cluster.Sign) [][]cluster.Sign {
	first := map[string]int{}
	var groups [][]cluster.Sign
	for _, s := range signs {
		k := messageKey(&s, nil)
		i, ok := first[k]
		if !ok {
			i = len(groups)
			first[k] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	slices.SortStableFunc(groups, func(a, b []cluster.Sign) int { return cmp.Compare(weight(&a[0]), weight(&b[0])) })
	return groups
}

// similar tells of what else the same was said.
func (p *report) similar(group []cluster.Sign) {
	if text := p.similarTo(group); text != "" {
		p.prose(5, dim, text)
	}
}

// similarTo is of what else the same was said; "" where that is nothing.
func (p *report) similarTo(group []cluster.Sign) string {
	var others []cluster.Ref
	for _, s := range group {
		if of := s.Against(); of.Kind == "Pod" && of != group[0].Against() && !slices.Contains(others, of) {
			others = append(others, of)
		}
	}
	switch {
	case len(others) > 0:
		return p.say("alike.pods", "pods", p.pods(others))
	case len(group) > 1:
		return p.say("more.alike", "n", len(group)-1)
	}
	return ""
}

// next shows how far those have come of which no cause is known, and what to look at.
func (p *report) next() {
	for i, e := range p.DeadEnds {
		if i == 0 {
			p.blank()
			p.line(0, bold, p.say("head.next"))
		}
		for _, text := range p.deadEnd(&e) {
			p.prose(3, plain, text)
		}
		for j, s := range e.Steps {
			number := fmt.Sprintf("%d. ", j+1)
			p.hang(3, plain, number, plain, name(s.Do.In(p.lang)))
			p.command(3+len(number), s.Run)
		}
	}
}

// deadEnd says which Pods have come how far, and what else is known of them.
func (p *report) deadEnd(e *diagnose.DeadEnd) []string {
	of, stage := p.ref(e.Of), p.silentStage(string(e.Stage))
	out := []string{p.say("next.of", "pod", of, "stage", stage)}
	if e.Alike > 0 {
		out[0] = p.say("next.many", "pod", of, "n", e.Alike, "stage", stage)
	}
	var known []string
	for _, k := range e.Known {
		known = append(known, name(k.In(p.lang)))
	}
	if len(known) > 0 {
		out = append(out, p.say("known.head", "facts", strings.Join(known, p.say("verdict.join"))))
	}
	return out
}

// gaps shows what could not be read, so that nothing can be said about it.
func (p *report) gaps() {
	if len(p.Gaps) == 0 {
		return
	}
	p.blank()
	p.line(0, bold, p.say("head.gaps"))
	p.gapList()
}

func (p *report) gapList() {
	minor := p.MinorGaps
	if minor == 1 { // a line of its own is no longer
		minor = 0
	}
	for _, g := range p.Gaps[:len(p.Gaps)-minor] {
		what, why, needs := g.Text(p.lang)
		p.hang(3, plain, "- ", plain, p.join("sep", name(what), clip(flat(cut(why, 4096)), 4*p.width)))
		if needs != "" {
			p.prose(5, plain, p.say("gap.needs", "what", clip(flat(cut(needs, 4096)), 4*p.width)))
		}
	}
	p.minorGaps(p.Gaps[len(p.Gaps)-minor:])
}

// minorGaps tells in a line of the gaps that cannot matter to anything that is stuck.
func (p *report) minorGaps(gaps []cluster.Gap) {
	if len(gaps) == 0 {
		return
	}
	var kinds []string
	for _, g := range gaps {
		if resource, ok := g.What.Args["resource"].(string); ok && !slices.Contains(kinds, resource) {
			kinds = append(kinds, resource)
		}
	}
	text := p.say("gap.minor", "n", len(gaps))
	if len(kinds) > 0 {
		text = p.join("sep", text, name(strings.Join(kinds, p.say("comma"))))
	}
	p.hang(3, plain, "- ", plain, text)
}

// starting shows the Pods that are too young to be called stuck.
func (p *report) starting() {
	if len(p.Starting) == 0 {
		return
	}
	p.blank()
	p.line(0, bold, p.say("head.starting", "n", len(p.Starting)))
	for i, s := range p.Starting {
		if i == maxStarting {
			p.prose(3, dim, p.say("more.pods", "n", len(p.Starting)-i))
			break
		}
		probe := ""
		if s.Probe != "" {
			probe = p.say("starting.probe", "container", name(s.Container), "probe", clip(flat(cut(s.Probe, 1024)), p.width),
				"time", p.clock(s.Until))
		}
		p.segments(3, []style{plain, plain, dim, dim}, []string{strings.TrimPrefix(p.ref(s.Pod), "Pod "), name(s.Status),
			p.join("verdict.join", p.silentStage(string(s.Stage)), p.since("for.one", s.Since)), probe})
	}
}

// skipped tells in a line what was read and not looked at.
func (p *report) skipped() {
	if p.Manifests > 0 {
		p.blank()
		p.prose(0, dim, p.say("manifests", "n", p.Manifests))
	}
	if len(p.Skipped) == 0 {
		return
	}
	total := 0
	var kinds []string
	for _, k := range slices.Sorted(maps.Keys(p.Skipped)) {
		total += p.Skipped[k]
		if n := name(k); n != "" {
			kinds = append(kinds, n)
		}
	}
	const named = 4
	if n := len(kinds) - named; n > 1 {
		kinds = append(kinds[:named], p.say("more.kinds", "n", n))
	}
	p.blank()
	p.prose(0, dim, p.say("skipped", "n", total, "kinds", strings.Join(kinds, p.say("comma"))))
}
