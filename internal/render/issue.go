package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// maxIssue is how long Markdown may become, in bytes: GitHub takes issues of 65,536 characters, and who pastes this
// writes something, too.
const maxIssue = 60_000

// issue is a Report in Markdown for an issue or a chat: the verdict, a table, and each problem folded.
func issue(w io.Writer, r *diagnose.Report, o Options) error {
	o.Color = false
	p := newReport(r, o)
	p.once = true
	var b bytes.Buffer
	fmt.Fprintf(&b, "**%s**\n", md(sentenceOf(r, o)))
	if !r.At.IsZero() {
		at := "issue.at"
		if p.asOf {
			at = "as.of"
		}
		fmt.Fprintf(&b, "\n%s\n", md(p.say(at, "time", p.instant(p.at))))
	}
	if len(r.Problems) > 0 {
		fmt.Fprintf(&b, "\n| # | %s | %s | %s | %s |\n|--:|--:|---|---|---|\n",
			md(p.say("table.pods")), md(p.say("table.for")),
			md(p.say("table.what")), md(p.say("table.blame")))
	}
	shown := 0
	for i := range r.Problems {
		pr := &r.Problems[i]
		row := fmt.Sprintf("| %d | %s | %s | %s | %s |\n", i+1, p.blocked(pr), md(p.lasts(pr)),
			md(clipEnd(p.titleOf(pr), 160)),
			strings.ReplaceAll(code(p.blame(pr.Blame)), "|", `\|`)) // a bar ends a cell, even in code
		if b.Len()+len(row) > maxIssue/2 {
			break
		}
		b.WriteString(row)
		shown++
	}
	if left := len(r.Problems) - shown; left > 0 {
		fmt.Fprintf(&b, "\n%s\n", md(p.say("more.problems", "n", left)))
	}
	for i := range r.Problems {
		part := p.issueProblem(i)
		if b.Len()+len(part) > maxIssue-4_000 {
			fmt.Fprintf(&b, "\n%s\n", md(p.say("more.problems", "n", len(r.Problems)-i)))
			break
		}
		b.WriteString(part)
	}
	p.issueRest(&b)
	_, err := w.Write(b.Bytes())
	return err
}

// issueProblem is a problem, folded.
func (p *report) issueProblem(at int) string {
	var b strings.Builder
	pr := &p.Problems[at]
	t := textOf(p.Report, &pr.Findings[0])
	fmt.Fprintf(&b, "\n<details><summary>%s</summary>\n\n", html(fmt.Sprintf("%d. %s", at+1, clipEnd(p.titleOf(pr), 400))))
	for _, f := range p.factsOf(pr) {
		if f.value != "" {
			fmt.Fprintf(&b, "- %s%s%s\n", md(p.say(f.label)), p.say("sep"), code(f.value))
		}
	}
	if why := flat(cut(t.Why.In(p.lang), 8192)); why != "" {
		fmt.Fprintf(&b, "\n%s\n", md(why))
	}
	quotes := p.quotes(pr)
	if len(quotes) > 0 {
		fmt.Fprintf(&b, "\n**%s**\n", md(p.say("head.signs")))
	}
	for _, q := range quotes[:min(len(quotes), maxEvidence)] {
		text := p.part(func() { p.quote(0, &q.sign, q.keys) })
		b.WriteString("\n" + fenced("text", string(text)))
	}
	if left := len(quotes) - maxEvidence; left > 0 {
		fmt.Fprintf(&b, "\n%s\n", md(p.say("more.signs", "n", left)))
	}
	if pr.Certainty != diagnose.Proven {
		p.issueSteps(&b, "head.confirm", t.Confirm)
	}
	p.issueSteps(&b, "head.fix", t.Fix)
	b.WriteString("\n</details>\n")
	return b.String()
}

func (p *report) issueSteps(b *strings.Builder, head string, steps []diagnose.Step) {
	if len(steps) == 0 {
		return
	}
	fmt.Fprintf(b, "\n**%s**\n", md(p.say(head)))
	for i := range steps {
		fmt.Fprintf(b, "\n%d\\. %s\n", i+1, md(p.doing(&steps[i])))
		run := runs(&steps[i])
		if run == "" {
			continue
		}
		var lines []string
		for l := range strings.SplitSeq(run, "\n") {
			lines = append(lines, visible(l))
		}
		b.WriteString("\n" + fenced("sh", strings.Join(lines, "\n")+"\n"))
	}
}

// issueRest is what follows the problems, folded: what no cause explains, what to look at, and what could not be read.
func (p *report) issueRest(b *bytes.Buffer) {
	text := p.part(func() {
		p.unexplained()
		p.next()
		p.gaps()
	})
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return
	}
	const head, tail = 2_600, 800
	if len(text) > head+tail {
		text = []byte(strings.ToValidUTF8(string(text[:head]), "") + "\n…\n" +
			strings.ToValidUTF8(string(text[len(text)-tail:]), ""))
	}
	var what []string
	if n := len(p.Unexplained); n > 0 {
		what = append(what, p.say("head.unexplained", "n", n))
	}
	if n := len(p.Gaps); n > 0 {
		what = append(what, p.say("glance.gaps", "n", n))
	}
	fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n%s\n</details>\n", html(strings.Join(what, p.say("verdict.join"))),
		fenced("text", string(text)+"\n"))
}

// md is one line of text as Markdown that means nothing but itself: no markup, no HTML, no link, nobody is mentioned,
// and no issue.
func md(s string) string {
	var b strings.Builder
	rest := visible(s)
	for len(rest) > 0 {
		switch {
		case strings.HasPrefix(rest, "://"):
			b.WriteString("&#58;//")
			rest = rest[3:]
			continue
		case len(rest) >= 4 && strings.EqualFold(rest[:4], "www."):
			b.WriteString(rest[:3] + "&#46;")
			rest = rest[4:]
			continue
		}
		c := rest[0]
		switch c {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '@': // what stands between the two shows nothing, and the name behind it is none
			b.WriteString("@&#8203;")
		case '#':
			b.WriteString("&#35;&#8203;")
		case '\\', '`', '*', '_', '[', ']', '|', '~', '$':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
		rest = rest[1:]
	}
	return b.String()
}

// html is text that is visible already within HTML. Nobody is mentioned there either.
func html(s string) string {
	return strings.NewReplacer("@", "@&#8203;", "#", "&#35;&#8203;", "://", "&#58;//",
		"www.", "www&#46;").Replace(xmlText(visible(s)))
}

// code is text as a span of code.
func code(s string) string {
	s = visible(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") || s == "" {
		s = " " + s + " "
	}
	return fence + s + fence
}

// fenced is a block of code whose fence is longer than any in it.
func fenced(lang, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + lang + "\n" + text + fence + "\n"
}
