package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// changesOf are all kinds of changes of a report.
func changesOf(r *diagnose.Report) []diagnose.Change {
	out := []diagnose.Change{
		{Kind: diagnose.Opened, At: r.At, Problem: &r.Problems[0], Pods: refsOf(&r.Problems[0]), Report: r},
		{Kind: diagnose.Changed, At: r.At, Problem: &r.Problems[0], Pods: refsOf(&r.Problems[0]), Report: r},
		{Kind: diagnose.Solved, At: r.At, Lasted: 7 * time.Minute, Problem: &r.Problems[0], Report: r},
		{Kind: diagnose.Replaced, At: r.At, Lasted: time.Minute, Problem: &r.Problems[0], Report: r},
		{Kind: diagnose.Opened, At: r.At, Pods: refsOf(&r.Problems[0])[:1], Report: r},
	}
	return out
}

// watched is all that is written while a report is watched or waited for.
func watched(w io.Writer, r *diagnose.Report, o Options) error {
	changes := changesOf(r)
	for i := range changes {
		if err := Change(w, &changes[i], o); err != nil {
			return err
		}
	}
	if err := Gaps(w, r, o); err != nil {
		return err
	}
	if err := Gaps(w, calm(1, 0), o); err != nil {
		return err
	}
	place := Place(r.Problems[0].Blame.Namespace, r.Problems[0].Blame.Name, o)
	for _, id := range []string{"done", "nothing", "over", "stuck", "dead"} {
		if err := Wait(w, id, place, 1, 3, 80*time.Second, r.Problems[0].Blame.Name, o); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, WaitProgress(r, 1, 3, "unmade", o))
	lines, err := Screen(r, place, changes, 30, o)
	fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// TestWatched looks at all that is written, in both languages, and at what an attacker can bring into it.
func TestWatched(t *testing.T) {
	golden(t, "watched.en.txt", render(t, watched, full(), Options{Lang: "en"}))
	golden(t, "watched.zh.txt", render(t, watched, full(), Options{Lang: "zh"}))
	out := render(t, watched, hostile(), Options{Lang: "en"})
	r := hostile()
	for _, c := range changesOf(r) {
		var b bytes.Buffer
		if err := ChangeJSON(&b, &c, r, Options{}); err != nil {
			t.Fatal(err)
		}
		if line := b.String(); strings.Count(line, "\n") != 1 {
			t.Errorf("a change is not one line: %.200q", line)
		}
		out += b.String()
	}
	for _, r := range out {
		if r != '\n' && !shows(r) {
			t.Fatalf("raw %U", r)
		}
	}
}

// TestScreenFits never draws more rows than there are, with and without colour,
// however a terminal breaks long commands.
func TestScreenFits(t *testing.T) {
	for _, color := range []bool{false, true} {
		for rows := 1; rows < 120; rows++ {
			lines, err := Screen(full(), "shop", nil, rows, Options{Lang: "en", Width: 60, Color: color})
			if err != nil {
				t.Fatal(err)
			}
			used := 0
			for _, l := range lines {
				used += max(1, (Columns(unpainted(l))+59)/60)
			}
			if used > rows {
				t.Errorf("%d of %d rows", used, rows)
			}
		}
	}
}

func refsOf(p *diagnose.Problem) (refs []cluster.Ref) {
	for _, f := range p.Findings {
		refs = append(refs, f.Pod)
	}
	return refs
}
