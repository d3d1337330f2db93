package render

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// How much of one thing a board has, so that no report makes a page that nobody can open.
const (
	maxQuoted    = 8     // statements of a problem
	maxSaid      = 4_000 // letters of one
	maxDifferent = 100   // statements that no cause explains
	maxTimelines = 20    // Pods of a problem that are drawn
	maxDrawn     = 200   // Pods of all problems together, and one of each at least
)

// A Board is a Report in one language, as texts that show all that is in them and move nothing. What they mean to HTML,
// whoever lays them out has still to take away.
type Board struct {
	State   string // stuck, unsure or fine
	Verdict string
	AsOf    string // of when it is; "" where nobody knows
	Cards   []Card
	Unknown []Cited // what no cause explains
	Left    string  // how many more of those there are
	Next    []Stall // what to look at where no cause is known
	Gaps    []Gap
	Minor   string     // how many gaps there are beside that cannot matter
	Waiting []*Blocked // Pods that are starting
	Idle    []string   // workloads that make no Pods
	Aside   []string   // what was read and not looked at
}

// A Card is a problem.
type Card struct {
	ID, Cause  string
	Edition    string // the same as long as the same Pods are blocked
	Certainty  string // proven or likely
	Title, Why string
	Blame      string
	Pods       string // how many; "" where none is named
	Lasts      string // for how long
	Facts      []Fact
	Decides    string // the statement that says most, in a few words
	Quotes     []Cited
	Left       string // how many more of those there are
	Confirm    []Todo
	Fix        []Todo
	Effects    []string
	Blocked    []*Blocked // Pods, and workloads whose Pods are not made
}

// A Fact is a line with a label.
type Fact struct{ Label, Value string }

// A Cited is a statement, and where it stands.
type Cited struct {
	Place []string
	Said  []string // line by line; none where the place says all
	Same  string   // of what else the same was said
}

// A Todo is one thing to do.
type Todo struct{ Do, Run string }

// A Stall is a stage at which Pods stop for no known reason.
type Stall struct {
	Known []string
	Steps []Todo
}

// A Gap is something that could not be read.
type Gap struct{ What, Needs string }

// A Blocked is a Pod that does not start, or a workload whose Pods are not made.
type Blocked struct {
	Ref      cluster.Ref // not safe to show
	Name     string      // with its namespace
	Workload string      // as kubectl takes it, behind its namespace
	Node     string      // "" where it has none
	Status   string
	Lasts    string // for how long
	Note     string // what else it waits for
	Steps    []Step // how far it has come
}

// A Step is one step of a Pod's start: from when to when in thousandths of all that is shown.
type Step struct {
	Label, Said string
	State       string
	From, To    int
}

// BoardOf makes a Board of a Report.
func BoardOf(r *diagnose.Report, lang string) *Board {
	p := newReport(r, Options{Lang: lang, Width: 4096})
	p.once = true
	p.timelines = map[cluster.Ref]*diagnose.Timeline{}
	for t := range r.EachTimeline {
		p.timelines[t.Pod] = t
	}
	b := &Board{State: "stuck", Verdict: sentenceOf(r, Options{Lang: lang})}
	switch {
	case len(r.Problems) > 0, r.Pods.Stuck+r.Pods.Missing > 0, r.Asked != nil && r.Asked.Short():
	case r.Lost(), r.Hidden.Any(), r.Pods.Seen == 0:
		b.State = "unsure"
	default:
		b.State = "fine"
	}
	b.AsOf = AsOf(r, lang)
	for i := range r.Problems {
		b.Cards = append(b.Cards, p.card(&r.Problems[i]))
	}
	p.boardRest(b)
	return b
}

// AsOf says of when a Report is; "" where nobody knows.
func AsOf(r *diagnose.Report, lang string) string {
	p := newReport(r, Options{Lang: lang})
	switch {
	case r.At.IsZero():
		return ""
	case p.asOf:
		return p.say("as.of", "time", p.instant(p.at))
	}
	return p.say("issue.at", "time", p.at.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// Unfollowed says what is not known at present of what changes, and why; "" where all is known.
func Unfollowed(r *diagnose.Report, lang string) string {
	p := newReport(r, Options{Lang: lang})
	text := ""
	for i := range r.Gaps {
		if g := &r.Gaps[i]; diagnose.Unfollowed(g) && (text == "" || g.What.Args["resource"] == "pods") {
			text = p.gapText(g)
		}
	}
	return text
}

// card is a problem in full.
func (p *report) card(pr *diagnose.Problem) Card {
	t := textOf(p.Report, &pr.Findings[0])
	c := Card{ID: pr.ID(), Edition: pr.Edition(), Cause: name(pr.Cause), Certainty: pr.Certainty, Title: p.titleOf(pr),
		Why: flat(cut(t.Why.In(p.lang), 8192)), Blame: p.blame(pr.Blame), Pods: p.blocked(pr), Lasts: p.lasts(pr),
		Effects: p.effectsOf(pr), Fix: p.todos(t.Fix)}
	for _, f := range p.factsOf(pr) {
		if f.value != "" && f.label != "label.blame" && f.label != "label.pods" {
			c.Facts = append(c.Facts, Fact{p.say(f.label), f.value})
		}
	}
	if pr.Certainty != diagnose.Proven {
		c.Confirm = p.todos(t.Confirm)
	}
	quotes := p.quotes(pr)
	for i, q := range quotes[:min(len(quotes), maxQuoted)] {
		cited := p.cited(&q.sign)
		if n := len(q.pods.list) - 1; n > 0 && !q.sign.Context {
			cited.Same = p.say("same", "n", n)
		}
		if i == 0 && len(cited.Said) > 0 {
			c.Decides = strings.Join(fold(q.sign.Message, q.keys, 100), " ")
		} else if i == 0 {
			c.Decides = strings.Join(cited.Place, " · ")
		}
		c.Quotes = append(c.Quotes, cited)
	}
	if left := len(quotes) - maxQuoted; left > 0 {
		c.Left = p.say("more.signs", "n", left)
	}
	c.Blocked = p.blockedBy(pr)
	return c
}

// blockedBy are the Pods that a problem blocks and the workloads whose Pods it keeps from being made, each once, those
// of a workload together.
func (p *report) blockedBy(pr *diagnose.Problem) []*Blocked {
	var out []*Blocked
	seen := map[cluster.Ref]bool{}
	for i := range pr.Findings {
		f := &pr.Findings[i]
		of := f.Subject()
		if of.Name == "" || seen[of] {
			continue
		}
		seen[of] = true
		b := &Blocked{Ref: of, Name: strings.TrimPrefix(p.ref(of), "Pod "), Node: name(f.Args["node"]),
			Status: name(f.Status), Workload: strings.TrimSpace(name(of.Namespace) + " " + name(workloadOf(f)))}
		if f.Missing > 0 {
			b.Name, b.Status = p.ref(f.Workload), p.unmade(f)
		}
		if !f.Since.IsZero() && !p.at.Before(f.Since) {
			b.Lasts = p.age(p.at.Sub(f.Since))
		}
		out = append(out, b)
	}
	slices.SortStableFunc(out, func(a, b *Blocked) int {
		return cmp.Or(cluster.CompareNames(a.Ref.Namespace, b.Ref.Namespace), cluster.CompareNames(a.Workload, b.Workload),
			cluster.CompareNames(a.Ref.Name, b.Ref.Name))
	})
	drawn := max(min(maxTimelines, maxDrawn/len(p.Problems)), 1)
	for _, b := range out[:min(len(out), drawn)] {
		if t := p.timelines[b.Ref]; t != nil {
			b.Steps = p.stepsOf(t)
		}
	}
	return out
}

// stepsOf are the steps of a timeline, to be drawn.
func (p *report) stepsOf(t *diagnose.Timeline) []Step {
	var out []Step
	whole := max(lasted(t), time.Second)
	for _, l := range p.stepLines(t) {
		s := Step{Label: l.label, Said: l.said, State: name(l.state)}
		if l.to > 0 {
			s.From, s.To = int(l.from/(whole/1000)), int(l.to/(whole/1000))
		}
		out = append(out, s)
	}
	return out
}

// cited is a statement as it was made.
func (p *report) cited(s *cluster.Sign) Cited {
	c := Cited{Place: slices.DeleteFunc(p.placeOf(s), func(part string) bool { return part == "" })}
	switch {
	case s.Kind == cluster.SignStall, s.Kind == cluster.SignField && !quotesEvent(s):
	case strings.TrimSpace(s.Message) == "":
		c.Said = []string{p.say("no.text")}
	default:
		c.Said = verbatim(cut(match.Readable(s.Message), maxSaid), maxSaid)
	}
	return c
}

func (p *report) todos(steps []diagnose.Step) []Todo {
	var out []Todo
	for i := range steps {
		out = append(out, p.todo(p.doing(&steps[i]), steps[i].Run))
	}
	return out
}

// todo is one thing to do; a command that is too long is not shown, for half of one would be worse than none.
func (p *report) todo(do, run string) Todo {
	t := Todo{Do: do, Run: runs(&diagnose.Step{Run: run})}
	if t.Run == "" && strings.TrimSpace(run) != "" {
		t.Do += " " + p.say("too.long", "n", len(run))
	}
	lines := strings.Split(t.Run, "\n")
	for i, l := range lines {
		lines[i] = visible(l)
	}
	t.Run = strings.Join(lines, "\n")
	return t
}

// boardRest is all that follows the problems.
func (p *report) boardRest(b *Board) {
	groups, left := alike(p.Unexplained), 0
	for i, g := range groups {
		if i >= maxDifferent {
			left += len(g)
			continue
		}
		c := p.cited(&g[0])
		c.Same = p.similarTo(g)
		b.Unknown = append(b.Unknown, c)
	}
	if left > 0 {
		b.Left = p.say("more.unexplained", "n", left)
	}
	for _, e := range p.DeadEnds {
		s := Stall{Known: p.deadEnd(&e)}
		for _, st := range e.Steps {
			s.Steps = append(s.Steps, p.todo(flat(cut(st.Do.In(p.lang), 8192)), st.Run))
		}
		b.Next = append(b.Next, s)
	}
	minor := p.MinorGaps
	for _, g := range p.Gaps[:len(p.Gaps)-minor] {
		_, _, needs := g.Text(p.lang)
		b.Gaps = append(b.Gaps, Gap{p.gapText(&g), clip(flat(cut(needs, 4096)), 600)})
	}
	if minor > 0 {
		b.Minor = p.say("gap.minor", "n", minor)
	}
	for i := range p.Starting {
		b.Waiting = append(b.Waiting, p.waiting(&p.Starting[i]))
	}
	for i := range p.Idle {
		b.Idle = append(b.Idle, p.workload(&p.Idle[i]))
	}
	for text := range strings.SplitSeq(string(p.part(p.skipped)), "\n") {
		if text != "" {
			b.Aside = append(b.Aside, text)
		}
	}
}

// waiting is a Pod that is still starting.
func (p *report) waiting(s *diagnose.Waiter) *Blocked {
	b := &Blocked{Ref: s.Pod, Name: strings.TrimPrefix(p.ref(s.Pod), "Pod "), Status: name(s.Status),
		Note: p.silentStage(string(s.Stage))}
	if !s.Since.IsZero() && !p.at.Before(s.Since) {
		b.Lasts = p.age(p.at.Sub(s.Since))
	}
	if s.Probe != "" {
		b.Note = p.join("verdict.join", b.Note, p.say("starting.probe", "container", name(s.Container),
			"probe", clip(flat(cut(s.Probe, 1024)), 200), "time", p.clock(s.Until)))
	}
	return b
}
