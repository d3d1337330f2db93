package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// many is a report with n problems more than full has.
func many(n int) *diagnose.Report {
	r := full()
	for i := range n {
		pr := r.Problems[0]
		pr.Findings = slices.Clone(pr.Findings[:3])
		pr.Since = ago(time.Duration(i+1) * time.Minute)
		pr.Blame.Name = fmt.Sprintf("api-tls-%d", i+1)
		for j := range pr.Findings {
			pr.Findings[j].Args = map[string]string{"secret": pr.Blame.Name, "namespace": "shop", "workload": "deployment/api"}
		}
		r.Problems = append(r.Problems, pr)
	}
	return r
}

func answer(v View) form {
	return func(w io.Writer, r *diagnose.Report, o Options) error { return Answer(w, r, v, o) }
}

func TestAnswer(t *testing.T) {
	const again = "kubectl stuck -f dump"
	for _, g := range []struct {
		file   string
		view   View
		report *diagnose.Report
		o      Options
	}{
		{"piped.en.txt", View{}, full(), Options{Lang: "en"}},
		{"glance.en.txt", View{Rows: 24, Columns: 80, Paged: true, Again: again, Saved: true}, many(17), Options{Lang: "en"}},
		{"glance.zh.txt", View{Rows: 24, Columns: 80, Paged: true, Again: again, Saved: true}, many(17), Options{Lang: "zh"}},
		{"wide.en.txt", View{Rows: 50, Columns: 200, Again: again}, many(17), Options{Lang: "en", Width: 100}},
		{"only.en.txt", View{Only: []int{1, 0}}, full(), Options{Lang: "en"}},
	} {
		t.Run(g.file, func(t *testing.T) { golden(t, g.file, render(t, answer(g.view), g.report, g.o)) })
	}
}

// What is to be done first is on the first screen, in each language and on terminals of all sizes; where there is no
// pager, it is on the last one, too, wherever a screen has room for it.
func TestFirstScreen(t *testing.T) {
	const first = "$ kubectl -n shop create secret generic api-tls --from-literal=KEY=VALUE"
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}, {72, 30}} {
		for _, problems := range []int{0, 1, 17, 200} {
			for _, lang := range Languages {
				for _, paged := range []bool{true, false} {
					v := View{Columns: size[0], Rows: size[1], Paged: paged, Again: "kubectl stuck -A"}
					out := render(t, answer(v), many(problems), Options{Lang: lang, Width: min(size[0], 100)})
					lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
					if head := lines[:min(len(lines), size[1]-1)]; !slices.ContainsFunc(head,
						func(l string) bool { return strings.TrimSpace(l) == first }) {
						t.Errorf("%v, %d problems, %s, pager %v: what to do first is not on the first screen:\n%s", size, problems,
							lang, paged, strings.Join(head, "\n"))
					}
					verdict, _, _ := strings.Cut(out, "\n\n")
					if !strings.HasSuffix(out, "\n"+verdict+"\n") {
						t.Errorf("%v: the verdict is not the last line, too:\n%s", size, lines[len(lines)-1])
					}
					if n := Rows([]byte(out), size[0]); !paged && n >= size[1]+4 {
						t.Errorf("%v, %d problems, %s: %d rows without a pager", size, problems, lang, n)
					}
				}
			}
		}
	}
}

// A command that shows more can be pasted as it is: no line breaks it.
func TestPointers(t *testing.T) {
	again := "kubectl stuck -f " + strings.Repeat("x", 43)
	for _, lang := range Languages {
		out := render(t, answer(View{Columns: 80, Rows: 24, Again: again}), many(17), Options{Lang: lang})
		for _, flag := range []string{"-o brief", "-p 1", "-p 2", "--all"} {
			if !strings.Contains(out, again+" "+flag) {
				t.Errorf("%s: %s is broken:\n%s", lang, flag, out)
			}
		}
	}
}

// One problem fits a terminal of 24 lines, and a large one shows all of it.
func TestOneProblem(t *testing.T) {
	r := full()
	r.Problems = r.Problems[:1]
	for _, lang := range Languages {
		out := render(t, answer(View{Columns: 80, Rows: 24, Again: "kubectl stuck"}), r, Options{Lang: lang})
		if n := Rows([]byte(out), 80); n > 23 || !strings.Contains(out, "-p 1") {
			t.Errorf("%s: %d rows:\n%s", lang, n, out)
		}
		whole := render(t, answer(View{Columns: 80, Rows: 90}), r, Options{Lang: lang})
		if want := render(t, answer(View{}), r, Options{Lang: lang}); whole != want {
			t.Errorf("%s: a large terminal shows less than all:\n%s", lang, whole)
		}
	}
}

// No evidence repeats another: what a condition and an Event say alike stands once.
func TestSaidOnce(t *testing.T) {
	r := full()
	f := &r.Problems[1].Findings[0]
	echo := f.Evidence[1]
	echo.Kind, echo.Reason = "condition", "Other"
	echo.Message = "rpc error: code = DeadlineExceeded desc = context deadline exceeded"
	f.Evidence = append(f.Evidence, echo)
	if got := strings.Count(render(t, answer(View{}), r, Options{}), "code = DeadlineExceeded"); got != 1 {
		t.Errorf("it is said %d times", got)
	}
}

// No form of the answer lets through what the cluster hides, or is wider than the terminal.
func TestAnswerHostile(t *testing.T) {
	r := hostile()
	r.Problems = append(r.Problems, r.Problems[0], r.Problems[0])
	for _, v := range []View{{}, {Rows: 24, Columns: 80}, {Rows: 24, Columns: 80, Paged: true, Again: "kubectl stuck"},
		{Only: []int{0}}} {
		for _, l := range strings.Split(render(t, answer(v), r, Options{Lang: "en"}), "\n") {
			for _, c := range l {
				if !shows(c) {
					t.Fatalf("%+v: raw %U in %q", v, c, l)
				}
			}
			if Columns(l) > 80 && !strings.HasPrefix(strings.TrimSpace(l), "$ ") {
				t.Errorf("%+v: %d wide: %q", v, Columns(l), l)
			}
		}
	}
}
