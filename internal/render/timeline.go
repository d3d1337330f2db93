package render

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// Timelines writes how Pods have started: of one Pod step by step, of several of a workload how long each step took. Of
// the Report, what could not be read follows.
func Timelines(w io.Writer, all []diagnose.Timeline, r *diagnose.Report, o Options) error {
	p := newReport(r, o)
	for i, group := range byMaker(all) {
		if i > 0 {
			p.blank()
		}
		if len(group) > 1 {
			p.quantiles(group)
			p.blank()
			p.line(0, bold, p.say("timeline.slowest"))
		}
		p.timeline(group[0])
	}
	p.blank()
	p.prose(0, dim, p.say("timeline.legend"))
	p.gaps()
	_, err := w.Write(p.b.Bytes())
	return err
}

// byMaker are timelines by what makes the Pods, the slowest first.
func byMaker(all []diagnose.Timeline) [][]*diagnose.Timeline {
	var out [][]*diagnose.Timeline
	at := map[cluster.Ref]int{}
	for i := range all {
		t := &all[i]
		of := t.Workload
		if of.Name == "" {
			of = t.Pod
		}
		n, ok := at[of]
		if !ok {
			n = len(out)
			at[of] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], t)
	}
	for _, group := range out {
		slices.SortStableFunc(group, func(a, b *diagnose.Timeline) int {
			return cmp.Or(-cmp.Compare(lasted(a), lasted(b)), cluster.CompareNames(a.Pod.Name, b.Pod.Name))
		})
	}
	return out
}

// lasted is how long a Pod took, or has taken.
func lasted(t *diagnose.Timeline) time.Duration { return endOf(t).Sub(t.Created) }

// endOf is the last instant that a timeline tells of.
func endOf(t *diagnose.Timeline) time.Time {
	end := t.Created
	for i := range t.Spans {
		if s := &t.Spans[i]; s.To.After(end) {
			end = s.To
		}
	}
	return end
}

// took is a length of time as a timeline says it: to the second.
func (p *page) took(d time.Duration) string {
	switch {
	case d < time.Second:
		return p.say("took.none")
	case d < time.Minute:
		return p.say("age.seconds", "n", int(d.Round(time.Second)/time.Second))
	case d < 2*time.Hour:
		return p.say("took.minutes", "m", int(d/time.Minute), "s", int(d%time.Minute/time.Second))
	case d < 48*time.Hour:
		return p.say("took.hours", "h", int(d/time.Hour), "m", int(d%time.Hour/time.Minute))
	}
	return p.age(d)
}

// A stepLine is one step as it is shown.
type stepLine struct {
	label, said string
	state       string
	from, to    time.Duration // since the Pod was made
}

// stepLines are the steps of a timeline. That a container was created and started at once is told in one line.
func (p *report) stepLines(t *diagnose.Timeline) []stepLine {
	var out []stepLine
	spans := slices.Clone(t.Spans)
	for i := range spans {
		s := &spans[i]
		if s.Step == pod.StepCreate && i+1 < len(spans) {
			next := &spans[i+1]
			if next.State == s.State && (s.State == pod.SpanAhead || s.State == pod.SpanOneOf ||
				s.State == pod.SpanDone && next.To.Sub(s.From) < 2*time.Second) {
				if next.From = s.From; s.State == pod.SpanDone {
					next.AtMost = next.AtMost || s.AtMost
				}
				continue
			}
		}
		l := stepLine{label: p.stepName(s), said: p.spanSaid(s), state: s.State}
		if !s.From.IsZero() {
			l.from, l.to = max(s.From.Sub(t.Created), 0), max(s.To.Sub(t.Created), 0)
		}
		out = append(out, l)
	}
	return out
}

// stepName is what a step is called, with its container.
func (p *report) stepName(s *pod.Span) string {
	step := p.word("step.", string(s.Step))
	if s.Container == "" {
		return step
	}
	return p.say("step.of", "container", clip(name(s.Container), 24), "step", step)
}

// spanSaid is what is known of a step, in words.
func (p *report) spanSaid(s *pod.Span) string {
	code := "span." + s.State
	switch {
	case s.State == pod.SpanNone && s.Step == pod.StepPull:
		return p.say("span.there")
	case s.State == pod.SpanDone && s.AtMost:
		code = "span.most"
	}
	said := name(s.State) // of a saved report that knows more states than we do
	switch s.State {
	case pod.SpanDone, pod.SpanWithin, pod.SpanOpen, pod.SpanOneOf:
		took := s.To.Sub(s.From)
		if said = p.say(code, "took", p.took(took)); s.State == pod.SpanWithin && took < time.Second {
			said = p.took(0)
		}
	case pod.SpanNone, pod.SpanUnknown, pod.SpanAhead:
		said = p.say(code)
	}
	if s.Bytes > 0 {
		said = p.join("comma", said, megabytes(s.Bytes))
	}
	return said
}

// megabytes is a size as people say it.
func megabytes(n int64) string {
	switch {
	case n < 1_000_000:
		return strconv.FormatInt(max(n/1000, 1), 10) + " kB"
	case n < 10_000_000_000:
		return strconv.FormatInt(n/1_000_000, 10) + " MB"
	}
	return strconv.FormatInt(n/1_000_000_000, 10) + " GB"
}

// timelineHead is what a timeline comes to, in a sentence.
func (p *report) timelineHead(t *diagnose.Timeline) string {
	of := strings.TrimPrefix(p.ref(t.Pod), "Pod ")
	open := slices.ContainsFunc(t.Spans, func(s pod.Span) bool {
		return s.State == pod.SpanOpen || s.State == pod.SpanOneOf
	})
	head := ""
	switch {
	case !t.Ready.IsZero():
		head = p.say("timeline.ready", "pod", of, "took", p.took(t.Ready.Sub(t.Created)))
	case open:
		head = p.say("timeline.waits", "pod", of, "status", name(t.Status), "took", p.took(lasted(t)))
	default:
		head = p.say("timeline.runs", "pod", of, "status", name(t.Status))
	}
	var longest *pod.Span
	for i := range t.Spans {
		s := &t.Spans[i]
		took, ok := s.Took()
		if ok && s.State != pod.SpanOneOf && (longest == nil || took > longest.To.Sub(longest.From)) {
			longest = s
		}
	}
	if longest != nil && longest.To.Sub(longest.From) >= time.Second {
		head = p.join("verdict.join", head, p.say("timeline.longest", "step",
			p.join("comma", p.stepName(longest), p.spanSaid(longest))))
	}
	return head
}

// timeline draws the steps of one Pod.
func (p *report) timeline(t *diagnose.Timeline) {
	p.prose(0, bold, p.timelineHead(t))
	if t.Node != "" {
		p.prose(0, dim, p.say("timeline.node", "node", name(t.Node)))
	}
	lines := p.stepLines(t)
	labels, said := 0, 0
	for _, l := range lines {
		labels, said = max(labels, Columns(l.label)), max(said, Columns(l.said))
	}
	labels = min(labels, p.width/2)
	columns := min(max(p.width-3-labels-2-2-said, 10), 60)
	whole := max(lasted(t), time.Second)
	column := func(d time.Duration) int { return int(int64(d) * int64(columns) / int64(whole)) }
	p.blank()
	for _, l := range lines {
		from := min(column(l.from), columns-1)
		n := max(column(l.to)-from, 1)
		bar := ""
		switch l.state {
		case pod.SpanDone:
			bar = strings.Repeat("━", n)
		case pod.SpanOpen:
			bar = strings.Repeat("━", n-1) + "▸"
		case pod.SpanWithin, pod.SpanOneOf:
			bar = strings.Repeat("?", n)
		}
		if bar != "" {
			bar = strings.Repeat(" ", from) + bar
		}
		s := plain
		switch l.state {
		case pod.SpanOpen:
			s = red
		case pod.SpanAhead, pod.SpanNone, pod.SpanUnknown, pod.SpanWithin:
			s = dim
		case pod.SpanOneOf:
			s = yellow
		}
		p.b.WriteString("   " + pad(clip(l.label, labels), labels) + "  " + p.paint(s, pad(bar, columns)) + "  ")
		p.line(0, s, l.said)
	}
	if t.Missing {
		p.blank()
		p.prose(0, dim, p.say("timeline.events"))
	}
}

// quantiles is how long each step took for the Pods of a workload, as far as that is known.
func (p *report) quantiles(group []*diagnose.Timeline) {
	var ready []time.Duration
	for _, t := range group {
		if !t.Ready.IsZero() {
			ready = append(ready, t.Ready.Sub(t.Created))
		}
	}
	what := p.ref(group[0].Workload)
	if len(ready) == 0 {
		p.prose(0, bold, p.say("timeline.none.ready", "what", what, "n", len(group)))
	} else {
		half, _, last := quantile(ready)
		p.prose(0, bold, p.say("timeline.many", "what", what, "n", len(group), "ready", len(ready), "half", p.took(half),
			"last", p.took(last)))
	}
	rows := [][]string{{p.say("timeline.step"), p.say("timeline.half"), p.say("timeline.most"), p.say("timeline.last"),
		p.say("timeline.known")}}
	for _, step := range pod.Steps {
		all := stepTimes(group, step)
		if len(all) == 0 {
			continue
		}
		half, most, last := quantile(all)
		rows = append(rows, []string{p.word("step.", string(step)), p.took(half), p.took(most), p.took(last),
			strconv.Itoa(len(all))})
	}
	if len(rows) == 1 {
		return
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], Columns(cell))
		}
	}
	p.blank()
	for i, row := range rows {
		line := pad(row[0], widths[0])
		for j, cell := range row[1:] {
			line += "   " + strings.Repeat(" ", widths[j+1]-Columns(cell)) + cell
		}
		s := plain
		if i == 0 {
			s = dim
		}
		p.line(3, s, line)
	}
}

// stepTimes are how long a step took in each Pod, in all its containers together, where that is known of all of them.
func stepTimes(group []*diagnose.Timeline, step pod.Step) []time.Duration {
	var out []time.Duration
	for _, t := range group {
		sum, n, known := time.Duration(0), 0, true
		for i := range t.Spans {
			if s := &t.Spans[i]; s.Step == step && s.State != pod.SpanNone {
				took, ok := s.Took()
				sum, n, known = sum+took, n+1, known && ok && s.State == pod.SpanDone
			}
		}
		if n > 0 && known {
			out = append(out, sum)
		}
	}
	return out
}

// quantile is what half of some durations, and nine of ten, do not exceed, and the longest.
func quantile(all []time.Duration) (half, most, last time.Duration) {
	sorted := slices.Sorted(slices.Values(all))
	at := func(percent int) time.Duration { return sorted[(len(sorted)*percent+99)/100-1] }
	return at(50), at(90), at(100)
}
