package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// junit is a test case for each workload that does not start, as CI systems read it.
func junit(w io.Writer, r *diagnose.Report, o Options) error {
	o.Color = false
	p := newReport(r, o)
	var cases bytes.Buffer
	tests, failures, errs, skipped := 0, 0, 0, 0
	testcase := func(class, name, result string) {
		tests++
		fmt.Fprintf(&cases, "    <testcase classname=%s name=%s time=\"0\"", attr(class), attr(name))
		if result == "" {
			cases.WriteString("/>\n")
			return
		}
		cases.WriteString(">\n      " + result + "\n    </testcase>\n")
	}
	failure := func(class, name string, problems ...int) {
		failures++
		pr := &r.Problems[problems[0]]
		var texts []string
		for _, i := range problems {
			texts = append(texts, xmlText(p.plainProblem(&r.Problems[i])))
		}
		testcase(class, name, fmt.Sprintf("<failure type=%s message=%s>%s</failure>", attr(pr.Cause), attr(p.titleOf(pr)),
			strings.Join(texts, "\n\n")))
	}
	for _, s := range byWorkload(r) {
		failure(s.namespace, s.name, s.problems...)
	}
	for i := range r.Problems {
		if pr := &r.Problems[i]; len(subjects(pr.Findings)) == 0 { // a log tells of it, and of no Pod
			failure(pr.Blame.Namespace, pr.Blame.TypeName()+": "+pr.Cause, i)
		}
	}
	for _, of := range unknown(r) {
		failures++
		testcase(of.Namespace, of.TypeName(),
			fmt.Sprintf("<failure type=\"unknown\" message=%s/>", attr(p.say("verdict.unknown", "n", 1))))
	}
	for _, s := range r.Starting {
		skipped++
		testcase(s.Pod.Namespace, s.Pod.TypeName(),
			fmt.Sprintf("<skipped message=%s/>", attr(p.silentStage(string(s.Stage)))))
	}
	verdict := sentenceOf(r, o)
	switch {
	case r.Lost():
		errs++
		testcase("stuck", "input", fmt.Sprintf("<error type=\"lost\" message=%s/>", attr(verdict)))
	case failures > 0:
	case r.Asked != nil && r.Asked.Short():
		failures++
		testcase("stuck", verdict, fmt.Sprintf("<failure type=\"short\" message=%s/>", attr(verdict)))
	case r.Hidden.Any():
		skipped++
		testcase("stuck", verdict, fmt.Sprintf("<skipped message=%s/>", attr(verdict)))
	default:
		testcase("stuck", verdict, "")
	}
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	fmt.Fprintf(&b, "<testsuites>\n  <testsuite name=\"kubectl stuck\" package=\"stuck\" id=\"0\" "+
		"tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" "+
		"time=\"0\" timestamp=%s hostname=\"cluster\">\n    <properties/>\n", tests, failures, errs, skipped,
		attr(r.At.UTC().Format("2006-01-02T15:04:05")))
	b.Write(cases.Bytes())
	b.WriteString("    <system-out/>\n    <system-err/>\n  </testsuite>\n</testsuites>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// plainProblem is a problem as plain text, for forms that have a place for that.
func (p *report) plainProblem(pr *diagnose.Problem) string {
	q := newReport(p.Report, Options{Lang: p.lang, Width: 100})
	q.once = true
	q.hang(0, plain, "", plain, q.title(pr))
	q.body(0, pr)
	return strings.TrimSpace(q.b.String())
}

// attr is a text as the value of an XML attribute, quotes and all.
func attr(s string) string {
	return `"` + strings.NewReplacer("\n", "&#10;", "\t", "&#9;").Replace(xmlText(clip(flat(cut(s, 4096)), 1000))) + `"`
}

// xmlText is a text that is visible already within XML: whatever has a meaning there is escaped.
func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;",
		"\ufffe", "", "\uffff", "").Replace(s)
}
