package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// annotations are commands of GitHub's workflows, a line each: an error for what is proven, a warning for what is
// likely or has no known cause, a notice for what could not be read.
func annotations(w io.Writer, r *diagnose.Report, o Options) error {
	p := newReport(r, o)
	var b bytes.Buffer
	say := func(command, title, text string, at *cluster.Sign) {
		b.WriteString("::" + command + " ")
		if at != nil && at.File != "" {
			b.WriteString("file=" + property(at.File))
			if at.Line > 0 {
				fmt.Fprintf(&b, ",line=%d", at.Line)
			}
			b.WriteString(",")
		}
		b.WriteString("title=" + property(title) + "::" + data(text) + "\n")
	}
	for i := range r.Problems {
		pr := &r.Problems[i]
		t := textOf(r, &pr.Findings[0])
		text := p.blame(pr.Blame) + "\n" + p.pods(subjects(pr.Findings))
		if do, run := first(&t, o.Lang); do != "" {
			text += "\n" + p.say("head.fix") + p.say("sep") + do
			if run != "" {
				text += "\n" + oneLine(run)
			}
		}
		say(level(pr), p.titleOf(pr), text, located(pr))
	}
	for i := range r.Unexplained {
		s := &r.Unexplained[i]
		say("warning", p.say("head.unexplained", "n", 1), p.unexplainedText(s), s)
	}
	for _, g := range r.Gaps[:len(r.Gaps)-r.MinorGaps] {
		say("notice", p.say("head.gaps"), p.gapText(&g), nil)
	}
	fmt.Fprintln(&b, sentenceOf(r, o))
	_, err := w.Write(b.Bytes())
	return err
}

// located is the first piece of evidence of a problem whose place in a file is known; nil where there is none.
func located(pr *diagnose.Problem) *cluster.Sign {
	for _, q := range quotesOf(pr.Findings) {
		if q.sign.File != "" {
			return &q.sign
		}
	}
	return nil
}

// data escapes what stands behind a workflow command, as GitHub's own toolkit does.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes the value of a property of a workflow command.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(clip(flat(cut(s, 4096)), 240)))
}
