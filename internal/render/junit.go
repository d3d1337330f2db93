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
	failures, errs, skipped := 0, 0, 0
	for _, s := range byWorkload(r) {
		failures++
		pr := &r.Problems[s.problems[0]]
		fmt.Fprintf(&cases, "    <testcase classname=%s name=%s time=\"0\">\n      <failure type=%s message=%s>",
			attr(s.namespace), attr(s.name), attr(pr.Cause), attr(p.titleOf(pr)))
		for n, i := range s.problems {
			if n > 0 {
				cases.WriteString("\n\n")
			}
			cases.WriteString(xmlText(p.plainProblem(&r.Problems[i])))
		}
		cases.WriteString("</failure>\n    </testcase>\n")
	}
	for _, of := range unknown(r) {
		failures++
		fmt.Fprintf(&cases, "    <testcase classname=%s name=%s time=\"0\">\n      <failure type=\"unknown\" message=%s/>\n"+
			"    </testcase>\n", attr(of.Namespace), attr(of.TypeName()), attr(p.say("verdict.unknown", "n", 1)))
	}
	for _, s := range r.Starting {
		skipped++
		fmt.Fprintf(&cases, "    <testcase classname=%s name=%s time=\"0\">\n      <skipped message=%s/>\n    </testcase>\n",
			attr(s.Pod.Namespace), attr(s.Pod.TypeName()), attr(p.silentStage(string(s.Stage))))
	}
	if r.Lost() {
		errs++
		fmt.Fprintf(&cases, "    <testcase classname=\"stuck\" name=\"input\" time=\"0\">\n"+
			"      <error type=\"lost\" message=%s/>\n"+
			"    </testcase>\n", attr(sentenceOf(r, o)))
	}
	if failures+errs == 0 {
		fmt.Fprintf(&cases, "    <testcase classname=\"stuck\" name=%s time=\"0\"/>\n", attr(sentenceOf(r, o)))
	}
	n := max(failures+errs, 1) + skipped
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	fmt.Fprintf(&b, "<testsuites>\n  <testsuite name=\"kubectl stuck\" package=\"stuck\" id=\"0\" "+
		"tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" "+
		"time=\"0\" timestamp=%s hostname=\"cluster\">\n    <properties/>\n", n, failures, errs, skipped,
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
