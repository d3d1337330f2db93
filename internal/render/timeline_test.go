package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

var made = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// span is a step from one second to another after the Pod was made.
func span(step pod.Step, state string, from, to int) pod.Span {
	return pod.Span{Step: step, State: state, From: made.Add(time.Duration(from) * time.Second),
		To: made.Add(time.Duration(to) * time.Second)}
}

// startedIn is a Pod of a workload that was pulled for so many seconds and ready so many later; 0 is never.
func startedIn(workload, name string, pull, ready int) diagnose.Timeline {
	t := diagnose.Timeline{Pod: cluster.Ref{Kind: "Pod", Namespace: "shop", Name: name}, Created: made,
		Workload: cluster.Ref{Kind: "Deployment", Namespace: "shop", Name: workload}, Status: "Running",
		Spans: []pod.Span{span(pod.StepPull, pod.SpanDone, 2, 2+pull)}}
	if ready == 0 {
		t.Spans = append(t.Spans, pod.Span{Step: pod.StepReady, State: pod.SpanAhead})
		return t
	}
	t.Ready = made.Add(time.Duration(2+pull+ready) * time.Second)
	t.Spans = append(t.Spans, span(pod.StepReady, pod.SpanDone, 2+pull, 2+pull+ready))
	return t
}

func timelinesOf(t *testing.T, all []diagnose.Timeline, lang string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Timelines(&b, all, &diagnose.Report{At: made.Add(time.Hour)}, Options{Lang: lang, Width: 80}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := Columns(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%s: %d columns: %s", lang, n, line)
		}
	}
	return b.String()
}

// A quantile is a time that was really taken, and of one Pod there is only one.
func TestQuantile(t *testing.T) {
	seconds := func(all ...int) (out []time.Duration) {
		for _, n := range all {
			out = append(out, time.Duration(n)*time.Second)
		}
		return out
	}
	ten := seconds(10, 1, 9, 2, 8, 3, 7, 4, 6, 5)
	for _, c := range []struct {
		of   []time.Duration
		want string
	}{
		{seconds(7), "7s 7s 7s"},
		{seconds(9, 1), "1s 9s 9s"},
		{seconds(3, 1, 2), "2s 3s 3s"},
		{ten, "5s 9s 10s"},
		{append(seconds(0), ten...), "5s 9s 10s"},
		{seconds(4, 4, 4, 4), "4s 4s 4s"},
	} {
		half, most, last := quantile(c.of)
		if got := fmt.Sprint(half, most, last); got != c.want {
			t.Errorf("%v: %s, want %s", c.of, got, c.want)
		}
	}
	if ten[0] != 10*time.Second {
		t.Error("what was asked about is in another order now")
	}
}

// How long a step took counts where all of it is known: in all containers together, and not what still goes on.
func TestStepTimes(t *testing.T) {
	two := startedIn("web", "a", 5, 1)
	two.Spans = append(two.Spans, span(pod.StepPull, pod.SpanDone, 7, 9))
	open := startedIn("web", "b", 5, 1)
	open.Spans = append(open.Spans, span(pod.StepPull, pod.SpanOpen, 7, 99))
	unknown := startedIn("web", "c", 5, 1)
	unknown.Spans = append(unknown.Spans, pod.Span{Step: pod.StepPull, State: pod.SpanUnknown})
	there := startedIn("web", "d", 5, 1)
	there.Spans[0].State = pod.SpanNone // the image was on the node
	got := stepTimes([]*diagnose.Timeline{&two, &open, &unknown, &there}, pod.StepPull)
	if want := []time.Duration{7 * time.Second}; !cmp.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Of a workload the quantiles of each step are told, how many of its Pods they are known of, and the slowest Pod.
func TestQuantiles(t *testing.T) {
	var all []diagnose.Timeline
	for i := range 10 {
		all = append(all, startedIn("web", fmt.Sprintf("web-%d", i+1), 10*(i+1), 5))
	}
	all = append(all, startedIn("web", "web-11", 3, 0), startedIn("api", "api-1", 1, 1))
	for lang, want := range map[string]string{"en": `Deployment shop/web: 10 of 11 Pods ready; half of them after 57 s, the last
after 1 min 47 s

   Step           Half      9 of 10      Longest   Known of
   pull image     50 s   1 min 30 s   1 min 40 s         11
   become ready    5 s          5 s          5 s         10

The slowest of them
shop/web-10: ready after 1 min 47 s; longest: pull image, 1 min 40 s
`, "zh": `Deployment shop/web：11 个 Pod 中 10 个就绪；一半在 57 秒内，最晚的用了 1 分 47
秒

   步骤        一半         九成         最久   已知
   拉取镜像   50 秒   1 分 30 秒   1 分 40 秒     11
   变为就绪    5 秒         5 秒         5 秒     10

其中最慢的
shop/web-10：1 分 47 秒后就绪；最久的一步：拉取镜像、1 分 40 秒
`} {
		got := timelinesOf(t, all, lang)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", lang, cmp.Diff(want, got))
		}
		if n := strings.Count(got, "shop/web-"); n != 1 || !strings.Contains(got, "shop/api-1") {
			t.Errorf("%s: %d Pods of web are drawn, or none of api:\n%s", lang, n, got)
		}
	}
}

// Of a workload of which no Pod became ready, that is said, and no times of Pods that did.
func TestQuantilesOfNone(t *testing.T) {
	got := timelinesOf(t, []diagnose.Timeline{startedIn("web", "a", 3, 0), startedIn("web", "b", 4, 0)}, "en")
	if !strings.HasPrefix(got, "Deployment shop/web: 2 Pods, none known to have become ready\n") {
		t.Errorf("%s", got)
	}
}
