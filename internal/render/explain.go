package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/remedy"
)

// CauseDoc is a cause of the catalogue and what stands beside it there.
type CauseDoc struct {
	*diagnose.Cause
	Explains  []*diagnose.Cause // its consequences
	Explained []*diagnose.Cause // what it may be a consequence of
}

// CauseDocOf finds what stands beside a cause in a catalogue.
func CauseDocOf(c *diagnose.Cause, all []*diagnose.Cause) CauseDoc {
	a := CauseDoc{Cause: c}
	for _, o := range all {
		if slices.Contains(c.Explains, o.ID) {
			a.Explains = append(a.Explains, o)
		}
		if slices.Contains(o.Explains, c.ID) {
			a.Explained = append(a.Explained, o)
		}
	}
	return a
}

// Readable is a text of the catalogue without an occasion to fill it: {secret} becomes SECRET,
// and what is said only where it is known is said.
func Readable(text string) string {
	return diagnose.Expand(strings.NewReplacer("[[", "", "]]", "").Replace(text), nil)
}

// Title is what a cause is called in a language.
func Title(c *diagnose.Cause, lang string) string {
	return Readable(c.Title.In(lang))
}

// Heading is when a variant of a cause holds, in a language: it says so, or its title does.
func Heading(v diagnose.Variant, lang string) string {
	if v.When != (diagnose.Words{}) {
		return v.When.In(lang)
	}
	return Readable(v.Title.In(lang))
}

// Explain writes the page of a cause for a terminal. It begins with what kubectl shows of it, as the page in the
// documentation does.
func Explain(w io.Writer, a CauseDoc, seen Shown, o Options) error {
	p := &report{page: newPage(o, time.Time{})}
	p.prose(0, bold, flat(Title(a.Cause, o.Lang)))
	p.prose(0, dim, name(a.ID))
	p.blank()
	labels := []string{p.say("page.stage"), p.say("page.blame")}
	column := max(Columns(labels[0]), Columns(labels[1])) + 2
	stage := fmt.Sprintf("%s: %s", name(string(a.Stage)), p.word("stage.", string(a.Stage)))
	p.hang(0, dim, pad(labels[0], column), plain, stage)
	p.hang(0, dim, pad(labels[1], column), plain, name(a.Blame))
	p.seen(seen)
	p.explanation(0, a.Text)
	for _, v := range a.Variants {
		p.blank()
		p.prose(0, bold, flat(Heading(v, o.Lang)))
		if v.When != (diagnose.Words{}) && v.Title != (diagnose.Words{}) {
			p.prose(2, bold, flat(Readable(v.Title.In(o.Lang))))
		}
		p.explanation(2, v.Text)
	}
	p.patterns("page.says", a.Signs)
	p.patterns("page.hints", a.Hints)
	if a.Find != nil {
		p.blank()
		p.prose(0, plain, p.say("page.joins"))
	}
	if a.Fallback {
		p.blank()
		p.prose(0, plain, p.say("page.last"))
	}
	p.others("page.explains", a.Explains)
	p.others("page.explained", a.Explained)
	_, err := w.Write(p.b.Bytes())
	return err
}

// explanation writes why, how to tell and what to do, as far as there is any of it.
func (p *report) explanation(in int, t diagnose.Text) {
	if why := t.Why.In(p.lang); why != "" {
		p.blank()
		p.prose(in, plain, flat(Readable(why)))
	}
	p.steps(in, "page.tell", bold, readableSteps(t.Confirm))
	p.steps(in, "page.fix", bold, readableSteps(t.Fix))
}

func readableSteps(in []diagnose.Step) []diagnose.Step {
	out := make([]diagnose.Step, len(in))
	for i, s := range in {
		both := func(w diagnose.Words) diagnose.Words { return diagnose.Words{EN: Readable(w.EN), ZH: Readable(w.ZH)} }
		out[i] = diagnose.Step{Do: both(s.Do), Run: Readable(s.Run), Risk: s.Risk, Because: both(s.Because)}
		if c, ok := s.Sample(); ok {
			out[i].Run, out[i].Risk = c.Run, remedy.Worst(s.Risk, c.Risk)
		}
	}
	return out
}

func (p *report) patterns(head string, patterns []match.Pattern) {
	if len(patterns) == 0 {
		return
	}
	p.blank()
	p.line(0, bold, p.say(head))
	for _, pt := range patterns {
		where := p.patternPlace(pt)
		if where != "" {
			p.hang(0, plain, "- ", dim, where)
		}
		for i, l := range wrap(visible(pt.Message), p.width-2) {
			switch {
			case pt.Message == "":
			case i == 0 && where == "":
				p.line(0, plain, "- "+l)
			default:
				p.line(2, plain, l)
			}
		}
	}
}

// patternPlace tells where and by what name a message is said.
func (p *report) patternPlace(pt match.Pattern) string {
	var parts []string
	if pt.Kind != "" {
		parts = append(parts, p.say("page.kind", "kind", visible(strings.ReplaceAll(pt.Kind, "|", p.say("comma")))))
	}
	if pt.Reason != "" {
		parts = append(parts, p.say("page.reason", "reason", visible(strings.ReplaceAll(pt.Reason, "|", p.say("comma")))))
	}
	return strings.Join(parts, p.say("verdict.join"))
}

func (p *report) others(head string, causes []*diagnose.Cause) {
	if len(causes) == 0 {
		return
	}
	p.blank()
	p.line(0, bold, p.say(head))
	p.table(causes, idColumn(causes))
}

// table lists causes: id and title, aligned.
func (p *report) table(causes []*diagnose.Cause, column int) {
	for _, c := range causes {
		p.hang(0, cyan, pad(name(c.ID), column), plain, flat(Title(c, p.lang)))
	}
}

func idColumn(causes []*diagnose.Cause) int {
	column := 0
	for _, c := range causes {
		column = max(column, Columns(name(c.ID))+2)
	}
	return column
}

// List writes the catalogue for a terminal, in the order in which a Pod passes the stages.
func List(w io.Writer, all []*diagnose.Cause, o Options) error {
	p := &report{page: newPage(o, time.Time{})}
	for _, stage := range pod.Stages {
		var of []*diagnose.Cause
		for _, c := range all {
			if c.Stage == stage {
				of = append(of, c)
			}
		}
		if len(of) == 0 {
			continue
		}
		if p.b.Len() > 0 {
			p.blank()
		}
		p.line(0, bold, fmt.Sprintf("%s: %s", stage, p.word("stage.", string(stage))))
		p.table(of, idColumn(all))
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// entry is a cause in the JSON form of the catalogue.
type entry struct {
	ID       string   `json:"id"`
	Stage    string   `json:"stage"`
	Blame    string   `json:"blame"`
	Title    string   `json:"title"`
	Explains []string `json:"explains"`
}

type list struct {
	APIVersion string  `json:"apiVersion"`
	Kind       string  `json:"kind"`
	Causes     []entry `json:"causes"`
}

func listOf(all []*diagnose.Cause, o Options) list {
	l := list{"stuck.dev/v1alpha1", "CauseList", []entry{}}
	for _, c := range all {
		explains := append([]string{}, c.Explains...)
		l.Causes = append(l.Causes, entry{c.ID, string(c.Stage), c.Blame, Title(c, o.Lang), explains})
	}
	return l
}

// ListJSON writes the catalogue as JSON.
func ListJSON(w io.Writer, all []*diagnose.Cause, o Options) error {
	data, err := marshal(listOf(all, o), surrogates)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// ListYAML writes the catalogue as YAML.
func ListYAML(w io.Writer, all []*diagnose.Cause, o Options) error {
	return writeYAML(w, listOf(all, o))
}

// seen is what a user has on the screen.
func (p *report) seen(s Shown) {
	if len(s.Status) > 0 {
		p.blank()
		p.prose(0, plain, p.say("page.shows", "status", strings.Join(s.Status, p.say("comma"))))
	}
	if len(s.Messages) == 0 {
		return
	}
	p.blank()
	p.line(0, bold, p.say("page.messages"))
	for _, q := range s.Messages {
		p.hang(0, plain, "- ", plain, flat(cut(q.Message, 1024)))
	}
}

// maxFits is how many causes that fit a text are named.
const maxFits = 12

// Fits names the causes that fit a text, the best first.
func Fits(w io.Writer, text string, causes []*diagnose.Cause, o Options) error {
	p := &report{page: newPage(o, time.Time{})}
	p.prose(0, bold, p.say("fits.head", "n", len(causes), "text", clip(flat(cut(text, 1024)), p.width)))
	column := 0
	for _, c := range causes[:min(len(causes), maxFits)] {
		column = max(column, Columns(name(c.ID))+2)
	}
	for _, c := range causes[:min(len(causes), maxFits)] {
		p.hang(3, plain, pad(name(c.ID), column), plain, flat(Title(c, o.Lang)))
	}
	if left := len(causes) - maxFits; left > 0 {
		p.prose(3, dim, p.say("fits.more", "n", left))
	}
	p.blank()
	p.prose(0, dim, p.say("explain.hint", "ids", name(causes[0].ID)))
	_, err := w.Write(p.b.Bytes())
	return err
}
