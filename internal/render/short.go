package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// short is a problem in a few lines: what, who, since when, the one piece of evidence that decides, and the first
// remedy. Why it is so stands there where the room, in rows, is enough for that.
func (p *report) short(at, room int) []byte {
	pr := &p.Problems[at]
	t := textOf(p.Report, &pr.Findings[0])
	number := fmt.Sprintf("%d. ", at+1)
	head := p.part(func() {
		room := 2*(p.width-len(number)) - 8 // wrapping wastes some of two lines
		p.hang(0, bold, number, bold, clipEnd(p.titleOf(pr), room))
		p.shortFacts(3, pr)
	})
	rest := p.part(func() { p.decisive(3, at+1, pr, &t) })
	why := p.part(func() {
		if text := t.Why.In(p.lang); text != "" {
			p.blank()
			p.prose(3, plain, flat(cut(text, 8192)))
		}
	})
	if p.rows(head)+p.rows(why)+p.rows(rest) > room {
		why = nil
	}
	return slices.Concat(head, why, rest)
}

// shortFacts are the facts of a problem that cannot be left out, a line each.
func (p *report) shortFacts(in int, pr *diagnose.Problem) {
	facts := p.factsOf(pr)
	column := p.labelWidth(facts)
	for _, f := range facts {
		switch f.label {
		case "label.status":
			continue
		case "label.sure":
			if pr.Certainty == diagnose.Proven {
				continue
			}
		case "label.stage":
			stage := p.word("stage.", string(pr.Stage))
			if pr.Findings[0].Stage != "" {
				stage = p.stage(&pr.Findings[0], pr.Stage)
			}
			age := "for.one"
			if len(subjects(pr.Findings)) > 1 {
				age = "for.many"
			}
			f.value = p.join("verdict.join", p.lasting(age, pr), stage)
		case "label.pods":
			f.value = p.podLine(pr, f.value, p.width-in-column)
		}
		if f.value != "" {
			p.hang(in, dim, pad(p.say(f.label), column), f.style, clipEnd(f.value, p.width-in-column))
		}
	}
}

// podLine is how many Pods a problem blocks, and as many of their names as fit into a line; of what is no Pod, what
// else is said.
func (p *report) podLine(pr *diagnose.Problem, otherwise string, room int) string {
	var names []string
	space := ""
	for _, of := range subjects(pr.Findings) {
		if of.Kind != "Pod" {
			return otherwise
		}
		n := name(of.Name)
		if s := name(of.Namespace); s != "" && s != space {
			n, space = s+"/"+n, s
		}
		names = append(names, n)
	}
	if len(names) < 2 {
		return otherwise
	}
	line := func(n int) string {
		text := strings.Join(names[:n], p.say("comma"))
		if n < len(names) {
			text += " " + p.say("more.pods", "n", len(names)-n)
		}
		return p.say("glance.pods", "n", len(names), "names", text)
	}
	n := 1
	for n < len(names) && Columns(line(n+1)) <= room {
		n++
	}
	return line(n)
}

// subjects are what findings are about, each once.
func subjects(findings []diagnose.Finding) []cluster.Ref {
	var out []cluster.Ref
	seen := map[cluster.Ref]bool{}
	for i := range findings {
		if of := findings[i].Subject(); of.Name != "" && !seen[of] {
			seen[of] = true
			out = append(out, of)
		}
	}
	return out
}

// decisive is the evidence that decides, and what to do first.
func (p *report) decisive(in, n int, pr *diagnose.Problem, t *diagnose.Text) {
	quotes, signs, steps := p.quotes(pr), 0, len(t.Fix)
	for i := range pr.Findings {
		signs += len(pr.Findings[i].Evidence)
	}
	if len(quotes) > 0 {
		p.blank()
		p.quote(in, &quotes[0].sign, quotes[0].keys)
		signs--
	}
	p.blank()
	if pr.Certainty != diagnose.Proven && len(t.Confirm) > 0 {
		p.step(in, p.say("head.confirm")+p.say("sep"), yellow, &t.Confirm[0])
		steps += len(t.Confirm) - 1
	}
	shown := min(len(t.Fix), 1)
	if shown > 0 && t.Fix[0].Run == "" && slices.ContainsFunc(t.Fix, func(s diagnose.Step) bool { return s.Run != "" }) {
		shown = 2 // the first is to look, or to decide
	}
	for i := range t.Fix[:shown] {
		head := p.say("head.fix")
		if i > 0 {
			head = p.say("glance.step", "n", i+1)
		}
		p.step(in, head+p.say("sep"), bold, &t.Fix[i])
	}
	p.more(in, pr, n, signs, steps-shown)
}

// more is the line that counts what is left out of a problem, and says how to see it.
func (p *report) more(in int, pr *diagnose.Problem, n, signs, steps int) {
	var left []string
	if signs > 0 {
		left = append(left, p.say("glance.signs", "n", signs))
	}
	if steps > 0 {
		left = append(left, p.say("glance.steps", "n", steps))
	}
	if len(pr.Effects) > 0 {
		left = append(left, p.say("glance.effects", "n", len(pr.Effects)))
	}
	command := p.again(fmt.Sprintf("-p %d", n))
	text := p.say("glance.why", "command", command)
	if len(left) > 0 {
		text = p.say("glance.left", "what", strings.Join(left, p.say("comma")), "command", command)
	}
	p.pointer(in, dim, text)
}

// step is one thing to do behind a label.
func (p *report) step(in int, label string, s style, st *diagnose.Step) {
	head := strings.TrimSpace(label)
	for i, l := range wrap(label+p.doing(st), p.width-in) {
		if rest, ok := strings.CutPrefix(l, head); i == 0 && ok {
			l = p.paint(s, head) + rest
		}
		p.line(in, plain, l)
	}
	p.command(in, st.Run)
}
