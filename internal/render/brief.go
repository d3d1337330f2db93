package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// maxBrief is how wide a title is where a problem has one line.
const maxBrief = 72

// brief is a line for each problem, with the first remedy, and the verdict.
func brief(w io.Writer, r *diagnose.Report, o Options) error {
	p := newReport(r, o)
	for i := range r.Problems {
		pr := &r.Problems[i]
		t := textOf(r, &pr.Findings[0])
		do, run := first(&t, o.Lang)
		if run != "" {
			do = p.paint(cyan, oneLine(run))
		}
		var known []string
		if n := p.blocked(pr); n != "" {
			known = append(known, p.say("brief.pods", "n", pr.Pods()))
		}
		if age := p.lasts(pr); age != "" {
			known = append(known, age)
		}
		if pr.Certainty != diagnose.Proven {
			known = append(known, p.say("brief.likely"))
		}
		title := p.paint(bold, clipEnd(p.titleOf(pr), maxBrief))
		if len(known) > 0 {
			title += " " + p.say("brief.known", "what", strings.Join(known, p.say("comma")))
		}
		fmt.Fprintf(&p.b, "%d. %s -> %s\n", i+1, title, do)
	}
	if n := len(unknown(r)); n > 0 {
		fmt.Fprintf(&p.b, "-  %s\n", p.say("verdict.unknown", "n", n))
	}
	if len(r.Problems) > 0 {
		p.blank()
	}
	p.verdict()
	_, err := w.Write(p.b.Bytes())
	return err
}

// wide is every Pod, by problem and workload.
func wide(w io.Writer, r *diagnose.Report, o Options) error {
	p := newReport(r, o)
	verdict := p.part(p.verdict)
	p.b.Write(verdict)
	for i := range r.Problems {
		pr := &r.Problems[i]
		p.blank()
		number := fmt.Sprintf("%d. ", i+1)
		p.hang(0, bold, number, bold, p.title(pr))
		p.hang(3, dim, p.say("label.blame")+"  ", yellow, p.blame(pr.Blame))
		only := *r
		only.Problems = []diagnose.Problem{*pr}
		for _, s := range byWorkload(&only) {
			p.workloadPods(s)
		}
	}
	if others := unknown(r); len(others) > 0 {
		p.blank()
		p.line(0, bold, p.say("verdict.unknown", "n", len(others)))
		for _, of := range others {
			p.line(3, plain, p.ref(of))
		}
	}
	if len(r.Problems) > 0 {
		p.blank()
		p.b.Write(verdict)
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// workloadPods names a workload and all its Pods that a problem holds up.
func (p *report) workloadPods(s *stalled) {
	p.line(3, plain, p.say("wide.workload", "of", strings.TrimPrefix(name(s.namespace)+"/", "/")+name(s.name),
		"n", len(s.pods)))
	column, status := 0, 0
	for _, f := range s.pods {
		column, status = max(column, Columns(name(f.Subject().Name))), max(status, Columns(name(f.Status)))
	}
	for _, f := range s.pods {
		if f.Missing > 0 {
			p.line(6, plain, p.unmade(f))
			continue
		}
		age := ""
		if !f.Since.IsZero() && !p.at.Before(f.Since) {
			age = p.age(p.at.Sub(f.Since))
		}
		line := pad(name(f.Pod.Name), min(column, 63)) + "  " + pad(name(f.Status), min(status, 30)) + "  " +
			pad(age, 8) + "  " + name(f.Args["node"])
		p.line(6, plain, strings.TrimRight(line, " "))
	}
}

// names are the stuck Pods as kubectl takes them, one a line. Where they are of several namespaces, each has its own
// behind it, so that xargs -L1 kubectl describe takes them as they are. A name that Kubernetes would not allow is none.
func names(w io.Writer, r *diagnose.Report) error {
	all := unknown(r)
	for i := range r.Problems {
		for _, of := range subjects(r.Problems[i].Findings) {
			if !slices.Contains(all, of) {
				all = append(all, of)
			}
		}
	}
	slices.SortFunc(all, func(a, b cluster.Ref) int {
		return cmp.Or(cluster.CompareNames(a.Namespace, b.Namespace), cluster.CompareNames(a.TypeName(), b.TypeName()))
	})
	several := slices.ContainsFunc(all, func(of cluster.Ref) bool { return of.Namespace != all[0].Namespace })
	var b bytes.Buffer
	for _, of := range all {
		if !argument.Object.Holds(of.TypeName()) || of.Namespace != "" && !argument.Label.Holds(of.Namespace) {
			continue
		}
		b.WriteString(of.TypeName())
		if several && of.Namespace != "" {
			b.WriteString(" -n " + of.Namespace)
		}
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}
