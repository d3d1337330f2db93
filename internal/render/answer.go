package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// A View is how much of a Report is shown as text, and where.
type View struct {
	Rows    int    // of the terminal that a person looks at; 0 where all is shown, as in a file
	Columns int    // of the terminal, which tables use; 0 means the width
	Paged   bool   // what is longer than the terminal is read in a pager, from its beginning
	Only    []int  // the problems to show, by their index; none means all
	Again   string // the command line that asks the same again, to put a flag behind; "" where it cannot be asked again
	Saved   bool   // it is of a dump: what it says is as of then
}

// Answer writes a Report as text for people, as much of it as a View says. Two problems or more begin with a table, and
// end with what the text begins with: whoever sees only the end of it has the answer, too.
func Answer(w io.Writer, r *diagnose.Report, v View, o Options) error {
	p := newReport(r, o)
	p.view, p.once = v, true
	if p.view.Columns == 0 {
		p.view.Columns = p.width
	}
	verdict := p.part(p.verdict)
	switch {
	case len(v.Only) > 0:
		var shown []diagnose.Problem
		for i, at := range v.Only {
			if i > 0 {
				p.blank()
			}
			p.problem(at+1, &r.Problems[at])
			shown = append(shown, r.Problems[at])
		}
		p.hint(shown)
	default:
		whole := p.part(func() { p.whole(verdict) })
		if v.Rows == 0 || p.rows(whole) < v.Rows || len(r.Problems) == 0 {
			p.b.Write(whole)
		} else {
			p.glance(verdict)
		}
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// part is what a function writes, taken out again.
func (p *page) part(write func()) []byte {
	start := p.b.Len()
	write()
	out := bytes.Clone(p.b.Bytes()[start:])
	p.b.Truncate(start)
	return out
}

// Rows is how many rows of a terminal a text takes: a command is one line that the terminal breaks.
func Rows(text []byte, columns int) int {
	n := 0
	for l := range bytes.Lines(text) {
		w := Columns(unpainted(strings.TrimSuffix(string(l), "\n")))
		n += max(1, (w+columns-1)/max(columns, 1))
	}
	return n
}

func (p *report) rows(text []byte) int { return Rows(text, p.view.Columns) }

// whole is all of a Report.
func (p *report) whole(verdict []byte) {
	p.b.Write(verdict)
	if len(p.Problems) > 1 {
		p.blank()
		p.overview(min(len(p.Problems), maxProblems))
	}
	p.inFull()
	if len(p.Problems) > 1 {
		p.blank()
		p.b.Write(verdict)
	}
}

// How much of a Report is shown at a glance: problems in a few lines each, and rows of the table where there is no room
// for all.
const maxGlance, minTable = 3, 3

// glance shows what is to be done first, and how to see the rest: the table, and of the first problems the one piece of
// evidence that decides and the first remedy, so that the first of them stands on the first screen.
func (p *report) glance(verdict []byte) {
	last := p.view.Rows - 1 // the prompt, or that of the pager, has a row
	if len(p.Problems) == 1 {
		tail := p.part(func() { p.tail(1) })
		room := last - p.rows(verdict) - 1 - p.rows(tail)
		p.b.Write(verdict)
		p.blank()
		p.b.Write(p.short(0, room))
		p.b.Write(tail)
		return
	}
	var blocks [][]byte
	for i := range p.Problems[:min(len(p.Problems), maxGlance)] {
		blocks = append(blocks, p.short(i, 0))
	}
	end := func(shown int) []byte {
		return p.part(func() {
			p.tail(shown)
			p.blank()
			p.b.Write(verdict)
		})
	}
	tail := p.rows(end(1))
	if p.view.Paged {
		tail = 0 // it need not be on the first screen
	}
	n := len(p.Problems)
	left := last - p.rows(verdict) - 2 - 1 - p.rows(blocks[0]) - tail // below the table's head, and an empty line
	if n > left {
		n = min(n, max(left-1, minTable)) // the last row tells that there are more
	}
	p.b.Write(verdict)
	p.blank()
	p.overview(n)
	left = last - p.rows(p.b.Bytes())
	for i, block := range blocks {
		left -= 1 + p.rows(block)
		if i > 0 && !p.view.Paged && left < p.rows(end(i+1)) {
			blocks = blocks[:i]
			break
		}
		p.blank()
		p.b.Write(block)
	}
	p.b.Write(end(len(blocks)))
}

// overview is a table with a line for each of the first n problems.
func (p *report) overview(n int) {
	heads := []string{"#", p.say("table.pods"), p.say("table.for"), p.say("table.what"), p.say("table.blame")}
	rows := [][]string{heads}
	for i := range p.Problems[:n] {
		pr := &p.Problems[i]
		rows = append(rows, []string{fmt.Sprint(i + 1), p.blocked(pr), p.lasts(pr),
			p.titleOf(pr), p.blame(pr.Blame)})
	}
	widths := p.columns(rows)
	for i, row := range rows {
		s := []style{dim, plain, plain, bold, yellow}
		if i == 0 {
			s = []style{dim, dim, dim, dim, dim}
		}
		for j, cell := range row {
			switch fits := Columns(cell) <= widths[j]; {
			case !fits && j == 3:
				cell = clipEnd(cell, widths[j])
			case !fits && i > 0:
				cell = p.blameIn(p.Problems[i-1].Blame, widths[j])
			}
			switch {
			case j == 0 || j == 1:
				p.b.WriteString(strings.Repeat(" ", widths[j]-Columns(cell)) + p.paint(s[j], cell))
			case j == len(row)-1:
				p.b.WriteString(p.paint(s[j], cell))
			default:
				p.b.WriteString(p.paint(s[j], cell) + strings.Repeat(" ", widths[j]-Columns(cell)))
			}
			if j < len(row)-1 {
				p.b.WriteString("  ")
			}
		}
		p.blank()
	}
	if more := len(p.Problems) - n; more > 0 {
		p.pointer(0, dim, p.say("table.more", "n", more, "command", p.again("-o brief")))
	}
}

// titleOf is the title of a problem on one line.
func (p *report) titleOf(pr *diagnose.Problem) string {
	return flat(cut(textOf(p.Report, &pr.Findings[0]).Title.In(p.lang), 4096))
}

// shortKinds are how people call kinds whose names are long.
var shortKinds = map[string]string{"PersistentVolumeClaim": "PVC", "PersistentVolume": "PV"}

// blameIn names what has to change where there is little room: by a short kind, and without its namespace.
func (p *report) blameIn(r cluster.Ref, room int) string {
	if short := shortKinds[r.Kind]; short != "" {
		r.Kind = short
	}
	if Columns(p.ref(r)) > room {
		r.Namespace = ""
	}
	return clip(p.ref(r), room)
}

// clipEnd takes the end off a text that is wider than n columns. The beginning of a sentence tells more than its end.
func clipEnd(s string, n int) string {
	if Columns(s) <= n {
		return s
	}
	w := 1
	for i, r := range s {
		if w += runeWidth(r); w > n {
			return strings.TrimRight(s[:i], " ,;:(") + "…"
		}
	}
	return s
}

// columns are the widths of the columns of the table: as wide as they have to be, but for the last two, which share
// what is left of the terminal.
func (p *report) columns(rows [][]string) []int {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for j, cell := range row {
			widths[j] = max(widths[j], Columns(cell))
		}
	}
	what, blame := len(widths)-2, len(widths)-1
	left := p.view.Columns - 2*(len(widths)-1)
	for _, w := range widths[:what] {
		left -= w
	}
	if widths[what]+widths[blame] > left {
		widths[blame] = min(widths[blame], max(left*2/5, left-widths[what]))
		widths[what] = max(min(widths[what], left-widths[blame]), 8)
	}
	return widths
}

// blocked is how many Pods a problem blocks; "" where it names none.
func (p *report) blocked(pr *diagnose.Problem) string {
	if len(pr.Findings) == 1 && pr.Findings[0].Subject().Name == "" {
		return ""
	}
	return fmt.Sprint(pr.Pods())
}

// lasts is for how long a problem has kept its Pods; "" where nobody knows.
func (p *report) lasts(pr *diagnose.Problem) string {
	if pr.Since.IsZero() || p.at.Before(pr.Since) {
		return ""
	}
	age := p.age(p.at.Sub(pr.Since))
	if p.asOf {
		return p.say("table.least", "age", age)
	}
	return age
}

// tail tells how to see what a glance leaves out, when it has shown the first few problems.
func (p *report) tail(shown int) {
	if len(p.Problems) > 1 {
		p.blank()
	}
	if more := len(p.Problems) - shown; more > 0 {
		p.pointer(0, bold, p.say("glance.more", "n", more, "command", p.again(fmt.Sprintf("-p %d", shown+1))))
	}
	var also []string
	count := func(code string, n int) {
		if n > 0 {
			also = append(also, p.say(code, "n", n))
		}
	}
	count("head.unexplained", len(p.Unexplained))
	count("glance.gaps", len(p.Gaps))
	count("head.starting", len(p.Starting))
	count("head.idle", len(p.Idle))
	if len(also) > 0 {
		what := strings.Join(also, p.say("verdict.join"))
		p.pointer(0, dim, p.say("glance.also", "what", what, "command", p.again("--all")))
	}
}

// noBreak stands for a space at which no line is broken.
const noBreak = "\u00a0"

// again is the command line that asks the same again with a flag, or the flag alone where it cannot be asked again.
func (p *report) again(flag string) string {
	return strings.ReplaceAll(strings.TrimSpace(visible(p.view.Again)+" "+flag), " ", noBreak)
}

// pointer writes where there is more to see: a command in it stays on one line, to be pasted.
func (p *report) pointer(in int, s style, text string) {
	for _, l := range wrap(text, p.width-in) {
		p.line(in, s, strings.ReplaceAll(l, noBreak, " "))
	}
}

// aside puts behind the answer of a dump of when it is, and how much was left out by flags.
func (p *report) aside(text string) string {
	switch h := p.Hidden; {
	case h.Any() && h.OfPage:
		text = p.join("verdict.join", text, p.say("verdict.hidden.page", "n", h.Problems, "pods", h.Pods))
	case h.Problems > 0:
		text = p.join("verdict.join", text, p.say("verdict.hidden", "n", h.Problems, "pods", h.Pods))
	case h.Pods > 0:
		text = p.join("verdict.join", text, p.say("verdict.hidden.unknown", "n", h.Pods))
	}
	if p.view.Saved && !p.asOf && !p.at.IsZero() {
		return p.say("verdict.saved", "text", text, "time", p.instant(p.at))
	}
	return text
}
