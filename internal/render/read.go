package render

import (
	"encoding/json"
	"io"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
)

// maxReport is how large a report may be that is read, in bytes.
const maxReport = 512 << 20

// saved is a document that is read back.
type saved struct {
	document
	Gaps []cluster.Gap `json:"gaps"` // which know their codes again
}

// Read reads a Report that [JSON] wrote, and the language that it is in. It can be shown in any form; what is said of
// its causes is in the language that it was written in.
func Read(in io.Reader) (r *diagnose.Report, lang string, err error) {
	var d saved
	dec := json.NewDecoder(io.LimitReader(in, maxReport))
	if err := dec.Decode(&d); err != nil {
		return nil, "", &message.Error{What: message.Of("report.unreadable", "why", message.Quote(err.Error())),
			Todo: message.Of("report.form"), Err: err}
	}
	if d.Kind != "Report" || d.APIVersion != "stuck.dev/v1alpha1" {
		return nil, "", &message.Error{What: message.Of("report.none", "kind", d.Kind, "version", d.APIVersion),
			Todo: message.Of("report.form")}
	}
	r = &diagnose.Report{At: d.At, AsOf: d.AsOf, Unexplained: signsOf(d.Unexplained), Starting: d.Starting,
		Timelines: d.Timelines, Gaps: d.Gaps,
		MinorGaps: min(max(d.MinorGaps, 0), len(d.Gaps)), Pods: d.Pods, Asked: d.Workload, Idle: d.Idle,
		Namespace: d.Namespace, Manifests: d.Manifests, Skipped: d.Skipped, Texts: map[string]diagnose.Text{}}
	if d.Hidden != nil {
		r.Hidden = *d.Hidden
	}
	for _, n := range d.Next {
		e := diagnose.DeadEnd{Of: n.Of, Stage: pod.Stage(n.Stage), Alike: n.Alike}
		for _, k := range n.Known {
			e.Known = append(e.Known, message.Quote(k))
		}
		for _, s := range n.Steps {
			e.Steps = append(e.Steps, diagnose.NextStep{Do: message.Quote(s.Do), Run: s.Run})
		}
		r.DeadEnds = append(r.DeadEnds, e)
	}
	for i := range d.Problems {
		if p := d.Problems[i].back(); len(p.Findings) > 0 {
			r.Problems = append(r.Problems, p)
		}
	}
	return r, d.Language, nil
}

// back is the problem that a problem in JSON was made of, with its text as it was written.
func (p *problem) back() diagnose.Problem {
	t := &diagnose.Text{Title: words(p.Title), Why: words(p.Why)}
	for _, s := range p.Confirm {
		t.Confirm = append(t.Confirm, diagnose.Step{Do: words(s.Do), Run: s.Run})
	}
	for _, f := range p.Fix {
		s := diagnose.Step{Do: words(f.Do), Run: f.Run, Risk: f.Risk, Because: words(f.Because)}
		if f.Action != nil {
			s.Action = *f.Action
		}
		t.Fix = append(t.Fix, s)
	}
	out := diagnose.Problem{Cause: p.Cause, Stage: pod.Stage(p.Stage), Certainty: p.Certainty, Blame: p.Blame,
		Workload: p.Workload}
	if p.Since != nil {
		out.Since = *p.Since
	}
	for _, f := range p.Findings {
		of := f.back()
		of.Said = t
		out.Findings = append(out.Findings, of)
	}
	for _, f := range p.Effects {
		of := f.back()
		of.Said = &diagnose.Text{Title: words(f.Title)}
		out.Effects = append(out.Effects, of)
	}
	return out
}

func (f *finding) back() diagnose.Finding {
	out := f.Finding
	out.Container, out.Args, out.Evidence = f.Container, f.Args, signsOf(f.Evidence)
	return out
}

func signsOf(all []evidence) []cluster.Sign {
	var out []cluster.Sign
	for _, e := range all {
		s := e.Sign
		s.File, s.Line = e.File, e.Line
		out = append(out, s)
	}
	return out
}

// words are a text that is there in one language, for all of them.
func words(text string) diagnose.Words { return diagnose.Words{EN: text, ZH: text} }
