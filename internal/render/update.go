package render

import (
	"strings"

	"github.com/kubestuck/stuck/internal/revision"
)

// maxChanges is how many changes of one revision are shown.
const maxChanges = 3

// update tells in a line what a workload's newest revision changed: when, by whom, and which of its changes touch what
// is wrong. "" where nothing is known of one.
func (p *report) update(u *revision.Update) string {
	if u == nil {
		return ""
	}
	what := p.edits(u.Changes)
	when := ""
	if !u.At.IsZero() {
		when = p.clock(u.At)
	}
	if u.By != "" {
		when = p.say("change.who", "time", when, "by", name(u.By))
	}
	return p.join("sep", p.join("comma", when, p.say("change.revision", "n", u.Revision)), what)
}

// edits tells the first few of some changes that touch what is wrong, and counts the others.
func (p *report) edits(changes []revision.Difference) string {
	var parts []string
	left, of := 0, "" // the container that the last part was about
	for i := range changes {
		switch c := &changes[i]; {
		case !c.Touches, len(parts) == maxChanges:
			left++
		default:
			parts = append(parts, p.edit(c, c.Container != of))
			of = c.Container
		}
	}
	what := strings.Join(parts, p.say("comma"))
	if left > 0 {
		what += p.say("comma") + p.say("change.more", "n", left)
	}
	return what
}

// drift tells in a line where a Pod differs from its template, and who may have changed it. "" where it does not.
func (p *report) drift(d *revision.Drift) string {
	if d == nil {
		return ""
	}
	who := ""
	switch {
	case d.Held > 0:
		who = p.say("drift.held", "partition", d.Held)
	case d.Old:
		who = p.say("drift.old")
	case d.By != "":
		who = p.say("drift.by", "time", p.clock(d.At), "by", name(d.By))
	case d.Later:
		who = p.say("drift.later")
	case len(d.Makers) > 0:
		var makers []string
		for _, m := range d.Makers {
			makers = append(makers, p.ref(m))
		}
		who = p.say("drift.makers", "makers", strings.Join(makers, p.say("comma")))
	}
	workload := typeName(d.Workload)
	return p.join("verdict.join", p.say("drift.what", "workload", workload, "what", p.edits(d.Changes)), who)
}

// edit is one of them: image app:1.0 -> app:1.1. What is long is cut: JSON has it whole. The container is
// named where it is asked for.
func (p *report) edit(c *revision.Difference, named bool) string {
	value := func(s string) string { return clip(flat(cut(s, 4096)), 60) }
	field := name(c.Field)
	switch c.Field {
	case revision.EnvValues:
		return p.say("change.values")
	case revision.Whole:
		field = p.say("change.whole")
	}
	if c.Container != "" && named {
		field = name(c.Container) + " " + field
	}
	switch {
	case c.Old == "" && c.New == revision.Withheld:
		return p.say("change.new", "field", field)
	case c.New == "" && c.Old == revision.Withheld:
		return p.say("change.gone", "field", field)
	case c.Old == "":
		return p.say("change.added", "field", field, "new", value(c.New))
	case c.New == "":
		return p.say("change.removed", "field", field, "old", value(c.Old))
	}
	return p.say("change.set", "field", field, "old", value(c.Old), "new", value(c.New))
}
