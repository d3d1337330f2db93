package diagnose

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
)

// reportOf is a report of some seconds after the start: "secret-missing:a,b" is a cause that blocks two Pods, ":c" a
// Pod that is stuck for no known cause.
func reportOf(second int, problems ...string) *Report {
	r := &Report{At: time.Date(2026, 1, 2, 3, 0, second, 0, time.UTC)}
	for _, p := range problems {
		cause, pods, _ := strings.Cut(p, ":")
		problem := Problem{Cause: cause, Certainty: Proven}
		for name := range strings.SplitSeq(pods, ",") {
			ref := cluster.Ref{Kind: "Pod", Namespace: "shop", Name: name}
			if cause == "" {
				r.Unexplained = append(r.Unexplained, cluster.Sign{Ref: ref})
			}
			problem.Findings = append(problem.Findings, Finding{Cause: cause, Pod: ref})
		}
		if cause != "" {
			r.Problems = append(r.Problems, problem)
		}
	}
	return r
}

func TestChanges(t *testing.T) {
	c := Changes{Hold: 10 * time.Second}
	for _, step := range []struct {
		report *Report
		want   string
	}{
		{reportOf(0), ""},
		{reportOf(1, "secret-missing:a"), "opened secret-missing 1 0s"},
		{reportOf(2, "secret-missing:a"), ""},
		{reportOf(3, "secret-missing:a,b", ":c"), "changed secret-missing 2 0s, opened  1 0s"},
		{reportOf(4), ""}, // gone, but for how long
		{reportOf(5, "secret-missing:a,b", "registry-error:c"), "opened registry-error 1 0s"}, // it was not
		// the Pod is stuck as before, and it is known why
		{reportOf(14, "secret-missing:a,b", "registry-error:c"), ""},
		{reportOf(20, "registry-error:c"), ""},
		{reportOf(29, "registry-error:c"), ""},
		{reportOf(31, "registry-error:c"), "solved secret-missing 2 19s"},
		{reportOf(32, "registry-error:c"), ""},
		{reportOf(33, "secret-missing:a", "registry-error:c"), "opened secret-missing 1 0s"},
		{reportOf(34, "secret-missing:a", "registry-unreachable:c"), "opened registry-unreachable 1 0s"},
		{reportOf(44, "secret-missing:a", "registry-unreachable:c"), "replaced registry-error 1 29s"},
	} {
		var got []string
		for _, ch := range c.Next(step.report) {
			cause := ""
			if ch.Problem != nil {
				cause = ch.Problem.Cause
			}
			got = append(got, fmt.Sprintf("%s %s %d %s", ch.Kind, cause, len(ch.Pods), ch.Lasted))
		}
		if s := strings.Join(got, ", "); s != step.want {
			t.Errorf("at second %d: %q, want %q", step.report.At.Second(), s, step.want)
		}
	}
}
