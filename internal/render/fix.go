package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
)

// A Choice is one step of a problem as kubectl stuck fix offers it.
type Choice struct {
	Number int             // under which it is chosen; 0 where it is only shown
	Why    message.Message // then: why it is not done here
	Step   diagnose.Step
}

// Choices writes what a problem is, and what can be done about it here and what not.
func Choices(w io.Writer, r *diagnose.Report, at int, all []Choice, o Options) error {
	p := newReport(r, o)
	pr := &r.Problems[at]
	p.blank()
	p.prose(0, bold, p.title(pr))
	p.facts(2, pr)
	p.blank()
	for _, c := range all {
		mark, s := "-  ", dim
		if c.Number > 0 {
			mark, s = fmt.Sprintf("%d. ", c.Number), bold
		}
		p.hang(2, s, mark, plain, p.doing(&c.Step))
		p.command(2+len(mark), c.Step.Run)
		if c.Why.Code != "" {
			p.prose(2+len(mark), dim, flat(c.Why.In(p.lang)))
		}
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// An Alteration is one change of one object, as a person agrees to it.
type Alteration struct {
	What message.Message   // is done
	Diff string            // of what is wanted of the object; lines that begin with + or -
	Note []message.Message // what it interrupts, and how it is taken back
}

// Alterations writes what will be changed, exactly.
func Alterations(w io.Writer, all []Alteration, o Options) error {
	const longest = 400 // lines of a difference
	p := newPage(o, time.Time{})
	for _, c := range all {
		p.blank()
		p.prose(0, bold, flat(c.What.In(p.lang)))
		lines := strings.Split(strings.TrimSuffix(c.Diff, "\n"), "\n")
		for i, l := range lines {
			if i == longest {
				p.prose(2, dim, p.say("fix.more-lines", "n", len(lines)-longest))
				break
			}
			if l == "" && len(lines) == 1 {
				break
			}
			s := plain
			switch {
			case strings.HasPrefix(l, "+"):
				s = green
			case strings.HasPrefix(l, "-"):
				s = red
			case strings.HasPrefix(l, "@@"):
				s = dim
			}
			p.line(2, s, clip(visible(cut(l, 4096)), 400))
		}
		for _, n := range c.Note {
			p.prose(0, plain, flat(n.In(p.lang)))
		}
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// Said writes a message, and below it a command where there is one.
func Said(w io.Writer, m message.Message, run string, o Options) error {
	p := newPage(o, time.Time{})
	p.prose(0, plain, flat(m.In(p.lang)))
	p.command(0, run)
	_, err := w.Write(p.b.Bytes())
	return err
}
