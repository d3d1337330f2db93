package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/render"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestTimelineOfCluster asks a cluster how Pods have started: one that runs, and one that waits. Of both all is read
// that their Events and conditions tell.
func TestTimelineOfCluster(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		made := time.Now().Add(-10 * time.Minute)
		at := func(seconds int) metav1.Time { return metav1.NewTime(made.Add(time.Duration(seconds) * time.Second)) }
		runs, waits := podOfWeb("1", "a", true), podOfWeb("1", "b", false)
		for _, o := range []*corev1.Pod{runs, waits} {
			o.CreationTimestamp = at(0)
			start := at(1)
			o.Status.StartTime = &start
			o.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Status: corev1.ConditionTrue,
				LastTransitionTime: at(1)}}
			e := eventFor(o, "Normal", "Scheduled", "Successfully assigned it to n1")
			e.FirstTimestamp, e.LastTimestamp = at(1), at(1)
			p.Put(e)
		}
		runs.Status.Conditions = append(runs.Status.Conditions, corev1.PodCondition{Type: corev1.PodReady,
			Status: corev1.ConditionTrue, LastTransitionTime: at(100)})
		runs.Status.ContainerStatuses[0].Ready = true
		runs.Status.ContainerStatuses[0].State.Running.StartedAt = at(95)
		for reason, message := range map[string]string{"Pulling": `Pulling image "app:1"`,
			"Pulled": `Successfully pulled image "app:1" in 1m20s (1m20s including waiting). Image size: 7000000 bytes.`} {
			e := eventFor(runs, "Normal", reason, message)
			e.InvolvedObject.FieldPath = "spec.containers{app}"
			e.FirstTimestamp, e.LastTimestamp = at(10), at(10)
			if reason == "Pulled" {
				e.FirstTimestamp, e.LastTimestamp = at(90), at(90)
			}
			p.Put(e)
		}
		p.Put(runs)
		p.Put(waits)
		snap, err := live.Collect(t.Context(), p.client, live.Scope{Namespace: "shop"},
			live.Options{Now: time.Now, Running: true})
		if err != nil {
			t.Fatal(err)
		}
		all, asked := diagnose.Timelines(snap, p.s.asking(live.Scope{Namespace: "shop"}))
		if len(all) != 2 || asked != 2 {
			t.Fatalf("%d timelines of %d Pods", len(all), asked)
		}
		for _, tl := range all {
			ready, pulled := tl.Pod.Name == runs.Name, false
			for i := range tl.Spans {
				s := &tl.Spans[i]
				took, _ := s.Took()
				pulled = pulled || s.Step == pod.StepPull && took == 80*time.Second && s.Bytes == 7_000_000
			}
			open := slices.ContainsFunc(tl.Spans, func(s pod.Span) bool {
				return s.State == pod.SpanOpen || s.State == pod.SpanOneOf
			})
			if tl.Workload.Name != "web" || tl.Missing || pulled != ready || open == ready || tl.Ready.IsZero() == ready {
				t.Errorf("%s: %+v", tl.Pod, tl)
			}
		}
		var b bytes.Buffer
		if err := render.Timelines(&b, all, &diagnose.Report{At: snap.At}, p.s.options()); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"1 of 2 Pods ready", "1 min 40 s", "pull image"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("no %q in\n%s", want, b.String())
			}
		}
	})
}
