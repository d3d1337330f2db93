package render

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// How much of a problem a language model is told at a time.
const (
	MaxShown  = 8   // statements, or steps of a kind
	maxLetter = 600 // letters of a statement or of a sentence
	maxRun    = 1500
)

// asked is more of one problem of a compact Report, which is asked for by its id. As there, what the cluster says
// stands below "untrusted" and nowhere else.
type asked struct {
	Kind      string            `json:"kind"`
	Note      string            `json:"note"`
	ID        string            `json:"id"`
	Cause     string            `json:"cause"`
	Certainty string            `json:"certainty"`
	Blame     string            `json:"blame"`
	Title     string            `json:"title,omitempty"`
	Why       string            `json:"why,omitempty"`
	Confirm   []askedStep       `json:"confirm,omitempty"`
	Fix       []askedStep       `json:"fix,omitempty"`
	Total     int               `json:"total,omitempty"`
	Evidence  []askedSign       `json:"evidence,omitempty"`
	Next      int               `json:"next,omitempty"` // from where there is more
	Left      int               `json:"stepsLeftOut,omitempty"`
	Untrusted map[string]string `json:"untrusted,omitempty"`
}

type askedStep struct {
	Do   string `json:"do"`
	Run  string `json:"run,omitempty"`
	Risk string `json:"risk,omitempty"`
}

type askedSign struct {
	Of        string            `json:"of"`
	Kind      string            `json:"kind"`
	Path      string            `json:"path,omitempty"`
	Pods      int               `json:"pods,omitempty"`
	Untrusted map[string]string `json:"untrusted,omitempty"`
}

// askedOf is a problem without anything that is asked.
func askedOf(kind string, pr *diagnose.Problem) asked {
	return asked{Kind: kind, Note: compactNote, ID: pr.ID(), Cause: name(pr.Cause), Certainty: name(pr.Certainty),
		Blame: blameName(pr.Blame, 120), Untrusted: map[string]string{}}
}

// Evidence writes statements of a problem, from one on, and says from where there are more.
func Evidence(w io.Writer, r *diagnose.Report, at, from int, o Options) error {
	pr := &r.Problems[at]
	a := askedOf("Evidence", pr)
	p := newReport(r, o)
	p.once = true
	all := p.quotes(pr)
	from = min(max(from, 0), len(all))
	a.Total = len(all)
	for _, q := range all[from:min(from+MaxShown, len(all))] {
		a.Evidence = append(a.Evidence, askedSignOf(&q.sign, len(q.pods.list)))
	}
	if next := from + len(a.Evidence); next < len(all) {
		a.Next = next
	}
	return writeLine(w, a)
}

// askedSignOf is a statement: what anybody may have said is untrusted, also where it has the name of a reason.
func askedSignOf(s *cluster.Sign, pods int) askedSign {
	out := askedSign{Of: blameName(s.Ref, 160), Kind: name(string(s.Kind)), Path: clip(name(s.Path), 120), Pods: pods,
		Untrusted: map[string]string{}}
	for what, text := range map[string]string{"reason": s.Reason, "message": match.Readable(s.Message)} {
		if text = flat(cut(text, maxMessage)); strings.TrimSpace(text) != "" {
			out.Untrusted[what] = clip(text, maxLetter)
		}
	}
	return out
}

// Steps writes why a problem is one, what would prove it, and what to do about it.
func Steps(w io.Writer, r *diagnose.Report, at int, o Options) error {
	pr := &r.Problems[at]
	a := askedOf("Problem", pr)
	f := &pr.Findings[0]
	t := textOf(r, f)
	say := func(text string) string {
		text, said := apart(flat(cut(text, 8192)), f)
		for k, v := range said {
			a.Untrusted[k] = clip(v, 200)
		}
		return clipEnd(text, maxLetter)
	}
	a.Title, a.Why = say(t.Title.In(o.Lang)), say(t.Why.In(o.Lang))
	p := newReport(r, o)
	steps := func(all []diagnose.Step) []askedStep {
		var out []askedStep
		for i := range all[:min(len(all), MaxShown)] {
			s := askedStep{Do: say(all[i].Do.In(o.Lang)), Run: oneLine(runs(&all[i]))}
			if all[i].Risk != "" {
				s.Risk = p.word("risk.", string(all[i].Risk))
			}
			if len(s.Run) > maxRun { // half a command would be worse than none
				s.Run = ""
				s.Do += " " + p.say("too.long", "n", len(all[i].Run))
			}
			out = append(out, s)
		}
		a.Left += max(len(all)-MaxShown, 0)
		return out
	}
	if pr.Certainty != diagnose.Proven {
		a.Confirm = steps(t.Confirm)
	}
	a.Fix = steps(t.Fix)
	return writeLine(w, a)
}

// writeLine writes a value as one line of JSON in which nothing is hidden.
func writeLine(w io.Writer, v any) error {
	data, err := marshalLine(v)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// ClipEnd is a text of so many letters at the most, of which the end is left out.
func ClipEnd(text string, most int) string { return clipEnd(text, most) }

// Failure is an error for a language model: it may quote a server.
func Failure(what, todo string) []byte {
	data, err := marshalLine(struct {
		Kind      string            `json:"kind"`
		Note      string            `json:"note"`
		Todo      string            `json:"todo,omitempty"`
		Untrusted map[string]string `json:"untrusted"`
	}{"Error", compactNote, todo, map[string]string{"error": clip(flat(cut(what, 8192)), maxRun)}})
	if err != nil {
		return nil // it holds texts alone
	}
	return data
}

// Waited is what came of waiting, with a compact Report.
func Waited(outcome string, started, want int, report []byte) ([]byte, error) {
	return marshalLine(struct {
		Kind    string          `json:"kind"`
		Outcome string          `json:"outcome"`
		Started int             `json:"started"`
		Want    int             `json:"want"`
		Report  json.RawMessage `json:"report"`
	}{"Waited", outcome, started, want, report})
}
