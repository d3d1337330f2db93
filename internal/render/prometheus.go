package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// maxSeries is how many series a metric has at the most: what else there is goes into one that says so. No label holds
// the name of a Pod, of which there is no end.
const maxSeries = 200

// others is the value of a label that stands for all that had no series of their own.
const others = "_other"

// metrics are the counts of a Report in Prometheus' text format.
func metrics(w io.Writer, r *diagnose.Report) error {
	var b bytes.Buffer
	gauge := func(name, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name) }
	gauge("stuck_pods", "Pods that were looked at, by what has become of them.")
	for _, s := range []struct {
		state string
		n     int
	}{{"seen", r.Pods.Seen}, {"stuck", r.Pods.Stuck}, {"starting", r.Pods.Starting}, {"missing", r.Pods.Missing},
		{"unexplained", len(unknown(r))}, {"hidden", r.Hidden.Pods}} {
		fmt.Fprintf(&b, "stuck_pods{state=%s} %d\n", label(s.state), s.n)
	}
	problems, pods, oldest := map[series]int{}, map[series]int{}, map[series]int{}
	for i := range r.Problems {
		pr := &r.Problems[i]
		k := series{pr.Cause, pr.Certainty, ""}
		problems[k]++
		for j := range pr.Findings {
			f := &pr.Findings[j]
			k.namespace = f.Subject().Namespace
			pods[k] += max(f.Missing, 1)
			if !f.Since.IsZero() && !r.At.Before(f.Since) {
				oldest[k] = max(oldest[k], int(r.At.Sub(f.Since).Seconds()))
			}
		}
	}
	gauge("stuck_problems", "Problems, by cause and certainty.")
	write(&b, "stuck_problems", problems, func(a, b int) int { return a + b })
	gauge("stuck_problem_pods", "Pods that problems block, those that are not made as well; a Pod counts for each.")
	write(&b, "stuck_problem_pods", pods, func(a, b int) int { return a + b })
	gauge("stuck_problem_oldest_seconds", "For how long the Pod has waited that has waited longest.")
	write(&b, "stuck_problem_oldest_seconds", oldest, func(a, b int) int { return max(a, b) })
	gauge("stuck_gaps", "Things that could not be read, so that nothing can be said about them.")
	fmt.Fprintf(&b, "stuck_gaps %d\n", len(r.Gaps))
	if !r.At.IsZero() {
		gauge("stuck_report_timestamp_seconds", "The instant that all this is about.")
		fmt.Fprintf(&b, "stuck_report_timestamp_seconds %d\n", r.At.Unix())
	}
	_, err := w.Write(b.Bytes())
	return err
}

// series are the labels of a series; namespace is "" where the metric has no such label, or the thing none.
type series struct{ cause, certainty, namespace string }

// write writes the series of a metric, the largest first to be kept, in the order of their labels.
func write(b *bytes.Buffer, metric string, values map[series]int, join func(a, b int) int) {
	var all []series
	for k := range values {
		all = append(all, k)
	}
	order := func(a, b series) int {
		return cmp.Or(strings.Compare(a.cause, b.cause), strings.Compare(a.certainty, b.certainty),
			strings.Compare(a.namespace, b.namespace))
	}
	slices.SortFunc(all, func(a, b series) int { return cmp.Or(-cmp.Compare(values[a], values[b]), order(a, b)) })
	if len(all) > maxSeries {
		rest := 0
		for _, k := range all[maxSeries-1:] {
			rest = join(rest, values[k])
		}
		other := series{others, others, others}
		all = append(all[:maxSeries-1:maxSeries-1], other)
		values[other] = rest
	}
	slices.SortFunc(all, order)
	for _, k := range all {
		labels := "cause=" + label(k.cause) + ",certainty=" + label(k.certainty)
		if metric != "stuck_problems" {
			labels += ",namespace=" + label(k.namespace)
		}
		fmt.Fprintf(b, "%s{%s} %d\n", metric, labels, values[k])
	}
}

// label is the value of a label, quotes and all.
func label(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(name(s)) + `"`
}
