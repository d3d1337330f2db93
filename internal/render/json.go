package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/remedy"
)

// document is the JSON form of a Report. Fields are only ever added, and those named here are always there.
// What it is made of is in docs/report.schema.json, which is made of these types and their comments.
type document struct {
	APIVersion string    `json:"apiVersion"` // of the form
	Kind       string    `json:"kind"`       // what it is
	At         time.Time `json:"at"`         // the instant that the answer is about
	// nothing told the instant: it is the newest time in what was read, which may have been taken later
	AsOf        bool       `json:"asOf,omitempty"`
	Problems    []problem  `json:"problems"`    // by how many Pods they block, then by age
	Unexplained []evidence `json:"unexplained"` // signs that no cause explains
	// what to look at next where no cause is known, one for each stage
	Next     []next            `json:"next,omitempty"`
	Starting []diagnose.Waiter `json:"starting"` // Pods that have had little time yet
	// how far the Pods that are stuck have come, step by step
	Timelines []diagnose.Timeline `json:"timelines,omitempty"`
	Gaps      []gap               `json:"gaps"` // what could not be read, so that nothing can be said about it
	// how many gaps, the last, cannot matter to anything that is stuck
	MinorGaps int           `json:"minorGaps,omitempty"`
	Pods      diagnose.Pods `json:"pods"` // how many Pods were looked at
	// the workload that was asked about by its name
	Workload *diagnose.Workload `json:"workload,omitempty"`
	// workloads that make no Pods because somebody wants it so, or because they have given up
	Idle []diagnose.Workload `json:"idle,omitempty"`
	// the namespace that was asked about, where it has no Pods
	Namespace *diagnose.Namespace `json:"namespace,omitempty"`
	// Pods and workloads that were never in a cluster (they have neither a UID nor a status), and so were left aside
	Manifests int `json:"manifests,omitempty"`
	// what was left out because it was not asked about (--cause, --ignore)
	Hidden *diagnose.Hidden `json:"hidden,omitempty"`
	// that title, why, do, known and steps are in: en or zh
	Language string         `json:"language,omitempty"`
	Skipped  map[string]int `json:"skipped"` // objects of kinds that no diagnosis looks at, by kind
}

// problem is one root cause with one thing to blame, in all Pods that it blocks, with all that follows from it.
type problem struct {
	Cause     string      `json:"cause"`     // the id of the cause: one that "kubectl stuck causes" lists, or a site's own
	Stage     string      `json:"stage"`     // where startup stops
	Certainty string      `json:"certainty"` // proven: there is no other reading; likely: confirm says what would prove it
	Blame     cluster.Ref `json:"blame"`     // the thing that has to change
	Since     *time.Time  `json:"since"`     // null where it is not known
	Title     string      `json:"title"`     // in the language asked for, as are why, do of confirm and of fix
	Why       string      `json:"why"`       // what happens, and why the Pod does not start
	Confirm   []step      `json:"confirm"`   // what to look at to be sure
	Fix       []fix       `json:"fix"`       // what to do; later ones are alternatives, or for when the first did not help
	Findings  []finding   `json:"findings"`  // the cause in each Pod
	Effects   []finding   `json:"effects"`   // what follows from it
	// the one workload that it holds up, where fewer of its Pods are ready than it wants
	Workload *diagnose.Workload `json:"workload,omitempty"`
}

// step is one thing to look at.
type step struct {
	Do  string `json:"do"`  // in words
	Run string `json:"run"` // a command for a POSIX shell; empty where there is none
}

// fix is one thing to do.
type fix struct {
	step
	Risk    string `json:"risk"`              // what it may do to what still runs
	Because string `json:"because,omitempty"` // why the risk is another than the command has elsewhere
	// what the command does, as data; absent where that is not known
	Action *remedy.Action `json:"action,omitempty"`
}

// finding is a cause found in a Pod: a [diagnose.Finding] whose promised fields are there even when they are empty.
type finding struct {
	diagnose.Finding
	Title     string            `json:"title,omitempty"` // of an effect: what is wrong, in the language asked for
	Container string            `json:"container"`
	Args      map[string]string `json:"args"`
	Evidence  []evidence        `json:"evidence"`
}

// evidence is one statement that something is wrong, and where it stands: a [cluster.Sign] with its place in a file.
type evidence struct {
	cluster.Sign
	File string `json:"file"`
	Line int    `json:"line"`
}

// next is what to look at for Pods of which no cause is known.
type next struct {
	Of    cluster.Ref `json:"of"`    // the Pod, or the workload whose Pods are not made, that stands for all at its stage
	Stage string      `json:"stage"` // where startup stops
	Alike int         `json:"alike"` // how many others there are at that stage
	Known []string    `json:"known"` // how far it has come, in the language asked for
	Steps []step      `json:"steps"` // what to look at, the same
}

func nextOf(all []diagnose.DeadEnd, lang string) []next {
	var out []next
	for _, e := range all {
		n := next{Of: e.Of, Stage: string(e.Stage), Alike: e.Alike, Known: []string{}, Steps: []step{}}
		for _, k := range e.Known {
			n.Known = append(n.Known, k.In(lang))
		}
		for _, s := range e.Steps {
			n.Steps = append(n.Steps, step{s.Do.In(lang), s.Run})
		}
		out = append(out, n)
	}
	return out
}

// gap is something that could not be read, so that nothing can be said about it. Its texts are in English.
type gap struct {
	Code  string       `json:"code"`  // of what could not be read
	Args  message.Args `json:"args"`  // of the code; "why" and "needs" are codes with arguments, too
	What  string       `json:"what"`  // could not be read
	Why   string       `json:"why"`   // it could not
	Needs string       `json:"needs"` // what would close the gap; empty where nobody knows
	// it is part of what was given to be read, so that the answer is about the rest
	Lost bool `json:"lost,omitempty"`
}

func gapOf(g cluster.Gap) gap {
	what, why, needs := g.Text("en")
	return gap{g.What.Code, g.Args(), what, why, needs, g.Lost}
}

// JSON writes the Report as JSON.
func JSON(w io.Writer, r *diagnose.Report, o Options) error {
	problems := func(yield func(streamed) bool) {
		for i := range r.Problems {
			p := &r.Problems[i]
			if !yield(streamed{problemHead(r, p, o), map[string]iter.Seq[streamed]{
				"findings": each(len(p.Findings), func(i int) any { return findingOf(&p.Findings[i]) }),
				"effects":  each(len(p.Effects), func(i int) any { return effectOf(r, &p.Effects[i], o) })}}) {
				return
			}
		}
	}
	return writeJSON(w, streamed{documentHead(r, o), map[string]iter.Seq[streamed]{
		"problems":    problems,
		"unexplained": each(len(r.Unexplained), func(i int) any { return evidenceIn(&r.Unexplained[i]) }),
		"starting":    each(len(r.Starting), func(i int) any { return &r.Starting[i] }),
		"timelines": func(yield func(streamed) bool) {
			r.EachTimeline(func(t *diagnose.Timeline) bool { return yield(streamed{value: t}) })
		}}})
}

// marshal is JSON for people and pipes. No character that does not show stands in it raw, so that it is
// safe in a terminal too; it decodes to the same values. Those above U+FFFF are left to astral.
func marshal(v any, astral func([]byte, rune) []byte) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return escapeHidden(b.Bytes(), astral), nil
}

func escapeHidden(data []byte, astral func([]byte, rune) []byte) []byte {
	return appendShown(make([]byte, 0, len(data)), data, astral)
}

// appendShown appends JSON of which nothing is hidden.
func appendShown(out, data []byte, astral func([]byte, rune) []byte) []byte {
	for i := 0; i < len(data); {
		from := i
		for i < len(data) && (data[i] >= ' ' && data[i] < 0x7f || data[i] == '\n') {
			i++
		}
		if out = append(out, data[from:i]...); i == len(data) {
			break
		}
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == '\n' || shows(r):
			out = append(out, data[i:i+n]...)
		case r > 0xffff:
			out = astral(out, r)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	return out
}

func surrogates(out []byte, r rune) []byte {
	hi, lo := utf16.EncodeRune(r)
	return fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
}

func documentOf(r *diagnose.Report, o Options) document {
	d := documentHead(r, o)
	d.Unexplained = evidenceOf(r.Unexplained)
	for t := range r.EachTimeline {
		d.Timelines = append(d.Timelines, *t)
	}
	d.Starting, d.Problems = append([]diagnose.Waiter{}, r.Starting...), []problem{}
	for i := range r.Problems {
		d.Problems = append(d.Problems, problemOf(r, &r.Problems[i], o))
	}
	return d
}

// documentHead is a document without its lists of problems, and of what is told of single Pods.
func documentHead(r *diagnose.Report, o Options) document {
	d := document{APIVersion: "stuck.dev/v1alpha1", Kind: "Report", At: r.At, AsOf: r.AsOf,
		Next: nextOf(r.DeadEnds, o.Lang), Gaps: []gap{}, Pods: r.Pods, Workload: r.Asked, Idle: r.Idle,
		Namespace: r.Namespace, MinorGaps: r.MinorGaps, Manifests: r.Manifests, Skipped: r.Skipped, Language: o.Lang}
	if r.Hidden.Any() {
		d.Hidden = &r.Hidden
	}
	if d.Skipped == nil {
		d.Skipped = map[string]int{}
	}
	for _, g := range r.Gaps {
		d.Gaps = append(d.Gaps, gapOf(g))
	}
	return d
}

func problemOf(r *diagnose.Report, p *diagnose.Problem, o Options) problem {
	out := problemHead(r, p, o)
	out.Findings, out.Effects = make([]finding, 0, len(p.Findings)), make([]finding, 0, len(p.Effects))
	for i := range p.Findings {
		out.Findings = append(out.Findings, findingOf(&p.Findings[i]))
	}
	for i := range p.Effects {
		out.Effects = append(out.Effects, effectOf(r, &p.Effects[i], o))
	}
	return out
}

// problemHead is a problem without its findings and effects.
func problemHead(r *diagnose.Report, p *diagnose.Problem, o Options) problem {
	t := textOf(r, &p.Findings[0])
	out := problem{Cause: p.Cause, Stage: string(p.Stage), Certainty: p.Certainty, Blame: p.Blame,
		Title: t.Title.In(o.Lang), Why: t.Why.In(o.Lang), Confirm: []step{}, Fix: []fix{}, Workload: p.Workload}
	if !p.Since.IsZero() {
		out.Since = &p.Since
	}
	for _, s := range t.Confirm {
		out.Confirm = append(out.Confirm, step{s.Do.In(o.Lang), s.Run})
	}
	for _, s := range t.Fix {
		out.Fix = append(out.Fix, fixOf(&s, o.Lang))
	}
	return out
}

func findingOf(f *diagnose.Finding) finding {
	g := finding{Finding: *f, Container: f.Container, Args: f.Args, Evidence: evidenceOf(f.Evidence)}
	if g.Args == nil {
		g.Args = map[string]string{}
	}
	return g
}

func effectOf(r *diagnose.Report, f *diagnose.Finding, o Options) finding {
	g := findingOf(f)
	g.Title = textOf(r, f).Title.In(o.Lang)
	return g
}

func evidenceOf(signs []cluster.Sign) []evidence {
	out := make([]evidence, 0, len(signs))
	for i := range signs {
		out = append(out, evidenceIn(&signs[i]))
	}
	return out
}

func evidenceIn(s *cluster.Sign) evidence { return evidence{*s, s.File, s.Line} }

func fixOf(s *diagnose.Step, lang string) fix {
	f := fix{step: step{s.Do.In(lang), s.Run}, Risk: s.Risk, Because: s.Because.In(lang)}
	if s.Action.Kind != "" {
		f.Action = &s.Action
	}
	return f
}
