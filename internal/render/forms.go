package render

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Text for people is the form that [Answer] writes; all others are written by [Write].
const (
	FormText = "text"
	FormJSON = "json"
	FormYAML = "yaml"
)

// Forms are the forms that a Report can be written in.
func Forms() []string {
	return []string{FormText, "brief", "wide", "name", FormJSON, FormYAML, "markdown", "junit", "sarif", "github",
		"prometheus", "compact"}
}

// Write writes a Report in a form.
func Write(w io.Writer, form string, r *diagnose.Report, o Options) error {
	switch form {
	case "brief":
		return brief(w, r, o)
	case "wide":
		return wide(w, r, o)
	case "name":
		return names(w, r)
	case FormJSON:
		return JSON(w, r, o)
	case FormYAML:
		return YAML(w, r, o)
	case "markdown":
		return issue(w, r, o)
	case "junit":
		return junit(w, r, o)
	case "sarif":
		return sarif(w, r, o)
	case "github":
		return annotations(w, r, o)
	case "prometheus":
		return metrics(w, r)
	case "compact":
		return compact(w, r, o)
	}
	return Answer(w, r, View{}, o)
}

// A stalled workload is one whose Pods do not start, or are not made.
type stalled struct {
	namespace, name string // name as kubectl takes it: deployment/web
	problems        []int  // by index
	pods            []*diagnose.Finding
}

// byWorkload are the workloads that problems hold up, in order. Each Pod stands once, with its first problem.
func byWorkload(r *diagnose.Report) []*stalled {
	var out []*stalled
	at := map[string]*stalled{}
	seen := map[cluster.Ref]bool{}
	for i := range r.Problems {
		for j := range r.Problems[i].Findings {
			f := &r.Problems[i].Findings[j]
			of := f.Subject()
			if of.Name == "" {
				continue
			}
			key := of.Namespace + "\x00" + workloadOf(f)
			s := at[key]
			if s == nil {
				s = &stalled{namespace: of.Namespace, name: workloadOf(f)}
				at[key] = s
				out = append(out, s)
			}
			if !slices.Contains(s.problems, i) {
				s.problems = append(s.problems, i)
			}
			if !seen[of] {
				seen[of] = true
				s.pods = append(s.pods, f)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *stalled) int {
		return cmp.Or(cluster.CompareNames(a.namespace, b.namespace), cluster.CompareNames(a.name, b.name))
	})
	return out
}

// workloadOf is what has to be edited to change what a finding is about, as kubectl takes it.
func workloadOf(f *diagnose.Finding) string {
	switch {
	case f.Workload.Name != "":
		return f.Workload.TypeName()
	case f.Args["workload"] != "":
		return f.Args["workload"]
	}
	return f.Pod.TypeName()
}

// unknown are the Pods that are stuck for no known cause.
func unknown(r *diagnose.Report) []cluster.Ref {
	known := map[cluster.Ref]bool{}
	for i := range r.Problems {
		for j := range r.Problems[i].Findings {
			known[r.Problems[i].Findings[j].Subject()] = true
		}
	}
	var out []cluster.Ref
	for i := range r.Unexplained {
		of := r.Unexplained[i].Against()
		if of.Kind == "Pod" && !known[of] && !slices.Contains(out, of) {
			out = append(out, of)
		}
	}
	return out
}

// first is the first remedy that is a command, or else the first one: what to do, and the command.
func first(t *diagnose.Text, lang string) (do, run string) {
	if len(t.Fix) == 0 {
		return "", ""
	}
	i := max(slices.IndexFunc(t.Fix, func(s diagnose.Step) bool { return runs(&s) != "" }), 0)
	return flat(cut(t.Fix[i].Do.In(lang), 4096)), runs(&t.Fix[i])
}

// level is what a problem is to programs that know errors and warnings.
func level(pr *diagnose.Problem) string {
	if pr.Certainty == diagnose.Proven {
		return "error"
	}
	return "warning"
}

// unexplainedText is what no cause explains, on one line.
func (p *report) unexplainedText(s *cluster.Sign) string {
	said := p.join("sep", name(s.Reason), clip(flat(cut(s.Message, maxMessage)), 1000))
	if s.Kind == cluster.SignStall {
		said = p.stall(s)
	}
	return p.join("sep", p.ref(s.Against()), said)
}

// gapText is what could not be read, and why, on one line.
func (p *report) gapText(g *cluster.Gap) string {
	what, why, _ := g.Text(p.lang)
	return p.join("sep", flat(cut(what, 1024)), clip(flat(cut(why, 4096)), 600))
}

// oneLine is a command on one line: where it has more, they are joined as a shell takes them.
func oneLine(run string) string {
	var out strings.Builder
	for i, l := range strings.Split(run, "\n") {
		switch l = strings.TrimSpace(l); {
		case i == 0:
		case strings.HasSuffix(out.String(), "\\"):
			text := strings.TrimRight(strings.TrimSuffix(out.String(), "\\"), " ")
			out.Reset()
			out.WriteString(text + " ")
		default:
			out.WriteString("; ")
		}
		out.WriteString(l)
	}
	return visible(out.String())
}

// Aside is what a form has no place for, and has to be said beside it; "" where there is nothing.
func Aside(form string, r *diagnose.Report, o Options) string {
	if form != "name" || !r.Hidden.Any() {
		return ""
	}
	return sentenceOf(r, o)
}

// sentenceOf is the verdict in one line.
func sentenceOf(r *diagnose.Report, o Options) string {
	o.Color, o.Width = false, 4096
	p := newReport(r, o)
	p.sentence()
	return strings.TrimSpace(p.b.String())
}
