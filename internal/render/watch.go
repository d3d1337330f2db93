package render

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
)

// Place names what is looked at: an object in a namespace, or with an empty one all of it; "" is all namespaces.
func Place(namespace, what string, o Options) string {
	switch {
	case what != "" && namespace != "":
		return message.Of("watch.in", "what", Safe(what), "name", Safe(namespace)).In(o.Lang)
	case what != "":
		return Safe(what)
	case namespace != "":
		return message.Of("watch.space", "name", Safe(namespace)).In(o.Lang)
	}
	return message.Of("watch.all").In(o.Lang)
}

var outcomes = map[string]string{"done": "wait.done", "nothing": "wait.nothing", "over": "wait.over",
	"stuck": "wait.stuck", "dead": "wait.dead"}

// Wait writes what came of waiting for a place to start: id is done, nothing, over, stuck or dead.
// said is what a controller says of it.
func Wait(w io.Writer, id, place string, started, want int, took time.Duration, said string, o Options) error {
	p := newPage(o, time.Time{})
	s := red
	if id == "done" || id == "nothing" {
		s = green
	}
	p.prose(0, s, p.say(outcomes[id], "what", place, "n", started, "started", started, "want", want, "age", p.age(took)))
	if said != "" {
		p.prose(0, plain, p.say("wait.said", "text", Safe(said)))
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// WaitProgress is the line that tells how far it has come: how many have started, and what a controller has yet to do
// (unobserved, unmade, or nothing).
func WaitProgress(r *diagnose.Report, started, want int, pending string, o Options) string {
	p := newPage(o, r.At)
	text := p.say("wait.progress", "started", started, "want", want)
	if id := map[string]string{"unobserved": "wait.unobserved", "unmade": "wait.unmade"}[pending]; id != "" {
		text = p.join("verdict.join", text, p.say(id))
	}
	for i := range r.Problems {
		q := &report{page: p, Report: r}
		text = p.join("verdict.join", text, q.title(&r.Problems[i]))
	}
	return text
}

// Screen is a Report as it stands on a terminal that is kept current: what is watched, what changed lately, and the
// Report, in as many rows as there are (0 for any number).
func Screen(r *diagnose.Report, place string, lately []diagnose.Change, rows int, o Options) ([]string, error) {
	p := newPage(o, r.At)
	p.prose(0, dim, p.say("watch.head", "what", place))
	for _, c := range lately {
		q := &report{page: p, Report: c.Report}
		q.change(&c)
	}
	p.blank()
	left := 0
	if rows > 0 {
		left = max(rows-bytes.Count(p.b.Bytes(), []byte("\n")), 1)
	}
	if err := Answer(&p.b, r, View{Rows: left}, o); err != nil {
		return nil, err
	}
	return truncateRows(p, strings.Split(strings.TrimSuffix(p.b.String(), "\n"), "\n"), rows), nil
}

// truncateRows leaves out the last lines where there are more than rows, and says so.
// A command is one line that a terminal breaks.
func truncateRows(p *page, lines []string, rows int) []string {
	used, shown, spare := 0, 0, 0
	for _, l := range lines {
		used += max(1, (Columns(unpainted(l))+p.width-1)/p.width)
		if used < rows {
			spare++
		}
		if used <= rows {
			shown++
		}
	}
	if rows <= 0 || shown == len(lines) {
		return lines
	}
	return append(lines[:spare:spare], p.paint(dim, clip(p.say("watch.below", "n", len(lines)-spare), p.width)))
}

// unpainted is a line without the colours that paint gave it. No other escape sequence can be in it.
func unpainted(l string) string {
	for {
		before, rest, ok := strings.Cut(l, "\x1b[")
		if !ok {
			return l
		}
		_, after, _ := strings.Cut(rest, "m")
		l = before + after
	}
}

// Change writes what changed for whoever reads line by line: a new problem whole, of others what is different.
func Change(w io.Writer, c *diagnose.Change, o Options) error {
	p := &report{page: newPage(o, c.At), Report: c.Report}
	p.change(c)
	switch {
	case c.Kind == diagnose.Opened && c.Problem != nil:
		p.body(3, c.Problem)
		p.blank() // it is long: what comes next is easier found
	case c.Kind == diagnose.Opened || c.Kind == diagnose.Changed:
		p.hang(3, dim, p.say("label.pods")+"  ", plain, p.pods(c.Pods))
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// change is the line that says what happened, and when.
func (p *report) change(c *diagnose.Change) {
	title := p.say("verdict.unknown", "n", len(c.Pods))
	if c.Problem != nil {
		title = p.title(c.Problem)
	}
	s := map[string]style{diagnose.Opened: red, diagnose.Solved: green}[c.Kind]
	id := map[string]string{diagnose.Opened: "watch.opened", diagnose.Changed: "watch.changed",
		diagnose.Solved: "watch.solved", diagnose.Replaced: "watch.replaced"}[c.Kind]
	p.hang(0, dim, c.At.UTC().Format("15:04:05 UTC")+"  ", s, p.say(id, "title", title, "age", p.age(c.Lasted)))
}

// changed is the JSON form of a change, one to a line.
type changed struct {
	APIVersion string        `json:"apiVersion"`       // of the form
	Kind       string        `json:"kind"`             // what it is
	At         time.Time     `json:"at"`               // when it was seen
	Change     string        `json:"change"`           // opened, changed, solved, replaced; or gaps
	Lasted     float64       `json:"lasted,omitempty"` // of solved and replaced: seconds
	Problem    *problem      `json:"problem"`          // null for Pods that are stuck for no known cause, and of gaps
	Blocked    []cluster.Ref `json:"blocked"`          // the Pods that it blocks, or last did
	Gaps       []gap         `json:"gaps"`             // what cannot be read now
	Pods       diagnose.Pods `json:"pods"`             // how many Pods are looked at now
}

// ChangeJSON writes what changed as one line of JSON. now is the latest Report.
func ChangeJSON(w io.Writer, c *diagnose.Change, now *diagnose.Report, o Options) error {
	out := changedOf(c.Kind, c.At, now)
	out.Lasted, out.Blocked = c.Lasted.Seconds(), append(out.Blocked, c.Pods...)
	if c.Problem != nil {
		p := problemOf(c.Report, c.Problem, o)
		out.Problem = &p
	}
	return jsonLine(w, out)
}

// GapsJSON writes what cannot be read now as one line of JSON, for when that changed.
func GapsJSON(w io.Writer, now *diagnose.Report) error {
	return jsonLine(w, changedOf("gaps", now.At, now))
}

func changedOf(what string, at time.Time, now *diagnose.Report) changed {
	out := changed{APIVersion: "stuck.dev/v1alpha1", Kind: "Change", At: at, Change: what, Blocked: []cluster.Ref{},
		Gaps: []gap{}, Pods: now.Pods}
	for _, g := range now.Gaps {
		out.Gaps = append(out.Gaps, gapOf(g))
	}
	return out
}

func jsonLine(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeHidden(b.Bytes(), surrogates))
	return err
}

// Gaps writes what cannot be read now, for when that changed.
func Gaps(w io.Writer, r *diagnose.Report, o Options) error {
	p := newReport(r, o)
	what := "watch.readable"
	if len(r.Gaps) > 0 {
		what = "head.gaps"
	}
	p.hang(0, dim, r.At.UTC().Format("15:04:05 UTC")+"  ", plain, p.say(what))
	p.gapList()
	_, err := w.Write(p.b.Bytes())
	return err
}
