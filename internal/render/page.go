package render

import (
	"bytes"
	"github.com/kubestuck/stuck/internal/message"
	"strings"
	"time"
)

// A style is an SGR sequence. Colour is only added to text that reads as well without it.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	green  style = "32"
	yellow style = "33"
	cyan   style = "36"
)

// A page is text under construction: lines of a width, in a language, at a time.
type page struct {
	b     bytes.Buffer
	lang  string
	width int
	color bool
	at    time.Time
	asOf  bool // it was at, or later
}

func newPage(o Options, at time.Time) *page {
	p := &page{lang: o.Lang, width: o.Width, color: o.Color, at: at}
	if p.width <= 0 {
		p.width = 80
	}
	p.width = max(p.width, 40)
	return p
}

// say is a text of the screen with its values, which must be safe to show.
func (p *page) say(code string, values ...any) string { return message.Of(code, values...).In(p.lang) }

// word is what a stage or a risk is called. A site's own cause may have one that has no words.
func (p *page) word(prefix, value string) string {
	if message.Known(prefix + value) {
		return p.say(prefix + value)
	}
	return name(value)
}

func (p *page) paint(s style, text string) string {
	if !p.color || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// line writes one line as it is.
func (p *page) line(indent int, s style, text string) {
	if text != "" {
		p.b.WriteString(strings.Repeat(" ", indent))
		p.b.WriteString(p.paint(s, text))
	}
	p.b.WriteByte('\n')
}

func (p *page) blank() { p.b.WriteByte('\n') }

// lines writes lines that are wrapped already.
func (p *page) lines(indent int, s style, lines []string) {
	for _, l := range lines {
		p.line(indent, s, l)
	}
}

// prose writes text wrapped at an indent.
func (p *page) prose(indent int, s style, text string) {
	p.lines(indent, s, wrap(text, p.width-indent))
}

// hang writes a label and, behind it, text whose further lines stand below its first.
func (p *page) hang(indent int, ls style, label string, s style, text string) {
	in := indent + Columns(label)
	for i, l := range wrap(text, p.width-in) {
		if i == 0 {
			p.b.WriteString(strings.Repeat(" ", indent))
			p.b.WriteString(p.paint(ls, label))
			p.b.WriteString(p.paint(s, l))
			p.blank()
			continue
		}
		p.line(in, s, l)
	}
}

// segments writes parts two spaces apart, as many on a line as fit.
func (p *page) segments(indent int, styles []style, parts []string) {
	at, more := 0, 4
	next := func() {
		if at > 0 {
			p.blank()
			indent += more
			more = 0
		}
		p.b.WriteString(strings.Repeat(" ", indent))
		at = indent
	}
	for i, part := range parts {
		if part == "" {
			continue
		}
		if w := Columns(part); at > 0 && at+2+w <= p.width {
			p.b.WriteString("  " + p.paint(styles[i], part))
			at += 2 + w
			continue
		}
		for _, l := range wrap(part, p.width-indent-more) {
			next()
			p.b.WriteString(p.paint(styles[i], l))
			at += Columns(l)
		}
	}
	p.blank()
}

// age is a length of time as people say it.
func (p *page) age(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return p.say("age.seconds", "n", int(d/time.Second))
	case d < 2*time.Hour:
		return p.say("age.minutes", "n", int(d/time.Minute))
	case d < 48*time.Hour:
		return p.say("age.hours", "n", int(d/time.Hour))
	}
	return p.say("age.days", "n", int(d/(24*time.Hour)))
}

// clock is an instant: of the day of the report by its time, of any other with the date.
func (p *page) clock(t time.Time) string {
	t = t.UTC()
	if t.Format(time.DateOnly) == p.at.UTC().Format(time.DateOnly) {
		return t.Format("15:04 UTC")
	}
	return p.instant(t)
}

// instant is an instant with its date.
func (p *page) instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// since tells how long something lasts, in the words of an id for one or many; "" where nobody knows.
func (p *page) since(id string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if p.at.Before(t) || p.asOf && p.at.Sub(t) < time.Minute {
		return p.say("since", "time", p.clock(t))
	}
	if p.asOf {
		id += ".least"
	}
	return p.say(id, "age", p.age(p.at.Sub(t)), "time", p.clock(t))
}

// last tells when something was said last.
func (p *page) last(t time.Time) string {
	if p.asOf {
		return p.say("last.at", "time", p.clock(t))
	}
	return p.say("last", "age", p.age(p.at.Sub(t)))
}

// join puts what is there together with a separator of the language.
func (p *page) join(sep string, parts ...string) string {
	var some []string
	for _, s := range parts {
		if s != "" {
			some = append(some, s)
		}
	}
	return strings.Join(some, p.say(sep))
}
