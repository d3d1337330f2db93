package render

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// TestStepsOfYears draws a Pod that has waited for years: what is measured in thousandths of it has to fit a number.
func TestStepsOfYears(t *testing.T) {
	made := time.Date(2021, 3, 2, 10, 0, 0, 0, time.UTC)
	half, at := made.AddDate(2, 6, 0), made.AddDate(5, 0, 0)
	p := newReport(&diagnose.Report{At: at}, Options{Lang: "en", Width: 80})
	var got [][2]int
	for _, s := range p.stepsOf(&diagnose.Timeline{Pod: cluster.Ref{Kind: "Pod", Name: "old"}, Created: made,
		Spans: []pod.Span{{Step: pod.StepSchedule, State: pod.SpanDone, From: made, To: half},
			{Step: pod.StepPull, State: pod.SpanOpen, From: half, To: at}}}) {
		got = append(got, [2]int{s.From, s.To})
	}
	if diff := cmp.Diff([][2]int{{0, 500}, {500, 1000}}, got); diff != "" {
		t.Errorf("steps in thousandths (-want +got):\n%s", diff)
	}
}
