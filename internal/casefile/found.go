package casefile

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/revision"
)

// Found is what a program reads in a report, as a case and a recording hold it: a line for each finding, below it where
// the Pod stands and what the finding cites of objects, the effects of a problem indented below its findings, what
// nothing explains, and the counts.
// What the cluster itself said is named by kind and number only: the "# want" marks tell which of it.
func Found(r *diagnose.Report) []byte {
	var b bytes.Buffer
	for _, p := range r.Problems {
		for i := range p.Findings {
			writeFinding(&b, "", &p.Findings[i])
		}
		for i := range p.Effects {
			writeFinding(&b, "  ", &p.Effects[i])
		}
	}
	for _, s := range r.Unexplained {
		fmt.Fprintf(&b, "unexplained %s %s of %s", s.Kind, word(s.Reason), s.Against())
		if s.Kind == cluster.SignStall {
			fmt.Fprintf(&b, " at %s%s", s.Message, since(s.First))
		}
		b.WriteByte('\n')
	}
	for _, w := range r.Starting {
		fmt.Fprintf(&b, "starting %s at %s%s, %s\n", w.Pod, w.Stage, since(w.Since), word(w.Status))
	}
	fmt.Fprintf(&b, "%d seen, %d stuck, %d starting, ", r.Pods.Seen, r.Pods.Stuck, r.Pods.Starting)
	if r.Pods.Missing > 0 {
		fmt.Fprintf(&b, "%d missing, ", r.Pods.Missing)
	}
	fmt.Fprintf(&b, "%d unexplained, %d gaps\n", len(r.Unexplained), len(r.Gaps))
	return b.Bytes()
}

var foundLine = match.Lazy(`(?m)^ *(?:proven|likely) (\S+) blames `)

// Finds lists the causes that a case is known to find, each as "cause" or "cause/variant", as its section found has
// them.
func (c *Case) Finds() []string {
	var out []string
	for _, f := range c.archive.Files {
		if f.Name != "found" {
			continue
		}
		for _, m := range foundLine().FindAllSubmatch(f.Data, -1) {
			out = append(out, string(m[1]))
		}
	}
	return out
}

// writeFinding writes one finding: how certain, which cause and variant, what is to blame, where, its arguments, since
// when, and the kinds of its evidence.
func writeFinding(b *bytes.Buffer, indent string, f *diagnose.Finding) {
	fmt.Fprintf(b, "%s%s %s", indent, f.Certainty, f.Cause)
	if f.Variant != "" {
		b.WriteString("/" + f.Variant)
	}
	fmt.Fprintf(b, " blames %s in %s", f.Blame, f.Subject())
	if f.Container != "" {
		b.WriteString(" container " + word(f.Container))
	}
	for _, k := range slices.Sorted(maps.Keys(f.Args)) {
		if v := f.Args[k]; k != "pod" && k != "namespace" && !(k == "workload" && v == "pod/"+f.Pod.Name) {
			fmt.Fprintf(b, " %s=%s", k, word(v))
		}
	}
	fmt.Fprintf(b, "\n%s  at %s%s, %s, by %s\n", indent, f.Stage, since(f.Since), word(f.Status), kinds(f.Evidence))
	writeUpdate(b, indent, f.Update)
	writeDrift(b, indent, f.Drift)
	for _, e := range f.Evidence {
		if e.Kind == cluster.SignField {
			fmt.Fprintf(b, "%s  cites %s %s %s: %s\n", indent, e.Ref, e.Path, e.Reason, word(e.Message))
		}
	}
}

// writeUpdate writes what the newest revision of a workload changed; what touches the finding has a star.
func writeUpdate(b *bytes.Buffer, indent string, u *revision.Update) {
	if u == nil {
		return
	}
	running := ""
	if u.Running {
		running = ", which runs"
	}
	fmt.Fprintf(b, "%s  changed in %s revision %d%s by %s; %d before%s\n", indent, u.Workload, u.Revision, since(u.At),
		word(u.By), u.Earlier, running)
	writeChanges(b, indent, u.Changes)
}

// writeDrift writes where a Pod differs from its template.
func writeDrift(b *bytes.Buffer, indent string, d *revision.Drift) {
	if d == nil {
		return
	}
	fmt.Fprintf(b, "%s  differs from the template of %s%s by %s, later %v, perhaps %v\n", indent, d.Workload, since(d.At),
		word(d.By), d.Later, d.Makers)
	writeChanges(b, indent, d.Changes)
}

func writeChanges(b *bytes.Buffer, indent string, changes []revision.Difference) {
	for _, c := range changes {
		star := ""
		if c.Touches {
			star = "*"
		}
		fmt.Fprintf(b, "%s    %s%s %s at %s: %s -> %s\n", indent, star, word(c.Container), c.Field, c.Path, word(c.Old),
			word(c.New))
	}
}

// kinds counts evidence by its kind, in the order in which the kinds come: "field, event 3".
func kinds(evidence []cluster.Sign) string {
	var order []string
	count := map[string]int{}
	for _, e := range evidence {
		if count[e.Kind]++; count[e.Kind] == 1 {
			order = append(order, e.Kind)
		}
	}
	for i, k := range order {
		if count[k] > 1 {
			order[i] = fmt.Sprintf("%s %d", k, count[k])
		}
	}
	return strings.Join(order, ", ")
}

func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " since " + t.UTC().Format(time.RFC3339)
}

// word is a value as it is where it is one plain word, else quoted: a line stays a line, whatever the cluster says.
func word(s string) string {
	plain := func(r rune) bool { return r > ' ' && r < 0x7f && r != '"' && r != '=' && r != ',' }
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return fmt.Sprintf("%q", s)
}
