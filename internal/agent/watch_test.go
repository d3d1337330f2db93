package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// TestWritesOnChange writes at first, then when something changed, and when what was written grows old; never twice in
// 30 s.
func TestWritesOnChange(t *testing.T) {
	s := new(server)
	var log bytes.Buffer
	k := keep(t, s, &log)
	full := facts()
	*full.FileSystems[0].BytesFree = 0
	for _, step := range []struct {
		at    time.Duration
		facts *nodefacts.NodeFacts
		want  int
		why   string
	}{
		{0, facts(), 1, "there is nothing yet"},
		{30 * time.Second, facts(), 1, "nothing changed"},
		{60 * time.Second, full, 2, "the disk is full"},
		{70 * time.Second, facts(), 2, "30 s are not over"},
		{90 * time.Second, facts(), 3, "they are, and there is room again"},
		{9 * time.Minute, facts(), 3, "nothing changed"},
		{11 * time.Minute, facts(), 3, "not for less than ten minutes"},
		{11*time.Minute + 30*time.Second, facts(), 4, "at the next reading it would be too late"},
	} {
		k.consider(t.Context(), step.facts, start.Add(step.at))
		if got := s.writes(); got != step.want {
			t.Errorf("after %s: %d writes, want %d: %s", step.at, got, step.want, step.why)
		}
	}
	if want := "PATCH /apis/stuck.dev/v1alpha1/nodefacts/n1?fieldManager=stuck-agent&force=true " +
		"application/apply-patch+yaml"; s.asked[0] != want {
		t.Errorf("asked %q, want %q", s.asked[0], want)
	}
	if got := s.objects["n1"]; *got.FileSystems[0].BytesFree != 50<<30 || got.Memory.Zones == nil ||
		got.Logs[0].Count != 3 {
		t.Errorf("what is written is not what was read: %+v", got)
	}
}

// TestWritesWhatIsStuck writes the line about a Pod that waits, as its folder shows, though 300 others are newer.
func TestWritesWhatIsStuck(t *testing.T) {
	s := new(server)
	k := keep(t, s, new(bytes.Buffer))
	k.folders = func(context.Context, *nodefacts.NodeFacts) map[string]folder {
		return map[string]folder{"stuck": {made: start.Add(-time.Hour), empty: true}}
	}
	f := facts()
	line := nodefacts.LogLine{Component: "kubelet", PodUID: "stuck", Message: "no IP address is left",
		Last: metav1.NewTime(start.Add(-10 * time.Minute))}
	f.Logs = []nodefacts.LogLine{line}
	for i := range 300 {
		f.Logs = append(f.Logs, nodefacts.LogLine{Component: "kubelet", Message: fmt.Sprintf("line %d", i), Last: f.At})
	}
	k.consider(t.Context(), f, start)
	logs := s.objects["n1"].Logs
	if len(logs) != maxLogs || logs[0].Message != line.Message || logs[maxLogs-1].Message != "line 299" {
		t.Errorf("%d lines were written, the first is %q", len(logs), logs[0].Message)
	}
}

// TestFailures logs one line for each, waits longer after each, and writes when it can again.
func TestFailures(t *testing.T) {
	for status, want := range map[int]string{
		403: "no right to write nodefacts n1",
		404: "apply deploy/crd/stuck.dev_nodefacts.yaml",
		409: "first line second line",
		422: "NodeFacts of another form",
		500: "first line second line",
	} {
		s := &server{status: status}
		var log bytes.Buffer
		k := keep(t, s, &log)
		var tried []time.Duration
		for at := time.Duration(0); at <= 10*time.Minute; at += 30 * time.Second {
			before := s.writes()
			k.consider(t.Context(), facts(), start.Add(at))
			if s.writes() > before {
				tried = append(tried, at/time.Second)
			}
		}
		if got, want := tried[:6], []time.Duration{0, 30, 90, 210, 330, 450}; !equal(got, want) {
			t.Errorf("%d: tried after %d s, want %d", status, got, want)
		}
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(lines) != len(tried) || !strings.Contains(lines[0], want) || len(lines[0]) > 600 {
			t.Errorf("%d: logged %q", status, lines)
		}
		s.answer(0)
		k.consider(t.Context(), facts(), start.Add(time.Hour))
		if len(s.objects) != 1 || !strings.Contains(log.String(), "facts are written") {
			t.Errorf("%d: it was not written when it could be", status)
		}
	}
}

func equal(a, b []time.Duration) bool {
	for i := range b {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// inProcess hands requests to a server without a network, so that a test can have a clock of its own.
type inProcess struct {
	server *server
	gone   func() bool // the server does not answer
	hangs  func() bool // it answers never
}

func (p *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	switch {
	case p.gone():
		return nil, errors.New("connection refused")
	case p.hangs():
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	return w.Result(), nil
}

// TestRun goes on reading while the API server is away or hangs, and ends at once when it is told to.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		within := func(from, to time.Duration) func() bool {
			return func() bool { d := time.Since(began); return d >= from && d < to }
		}
		s := new(server)
		var log bytes.Buffer
		k := keeperOf(t, &rest.Config{Host: "http://fake", Transport: &inProcess{s,
			within(5*time.Minute, 20*time.Minute), within(20*time.Minute, 25*time.Minute)}}, &log)
		k.spent = func() time.Duration { return 0 }
		reads := 0
		k.read = func(context.Context) *nodefacts.NodeFacts { reads++; return facts() }
		ctx, stop := context.WithTimeout(t.Context(), 40*time.Minute+time.Second)
		defer stop()
		k.run(ctx)
		if d := time.Since(began); d != 40*time.Minute+time.Second {
			t.Errorf("it ended after %s", d)
		}
		if reads < 70 || reads > 81 {
			t.Errorf("it read %d times", reads)
		}
		if n := s.writes(); n != 3 { // at first, when the server is back, ten minutes later
			t.Errorf("it wrote %d times", n)
		}
		for _, want := range []string{"no answer: connection refused", "no answer: context deadline exceeded"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%q was not logged: %s", want, log.String())
			}
		}
	})
}

// TestOffset compares the node's clock with the Date of an answer.
func TestOffset(t *testing.T) {
	for _, ahead := range []time.Duration{0, 90 * time.Second, -2 * time.Hour} {
		s := &server{date: func() string { return time.Now().Add(-ahead).UTC().Format(http.TimeFormat) }}
		k := keep(t, s, new(bytes.Buffer))
		k.consider(t.Context(), facts(), start)
		f := facts()
		k.consider(t.Context(), f, start.Add(time.Hour))
		if f.Clock == nil || f.Clock.OffsetMillis == nil {
			t.Fatal("no offset is known after an answer")
		}
		if off := time.Duration(*f.Clock.OffsetMillis)*time.Millisecond - ahead; off < -3*time.Second ||
			off > 3*time.Second {
			t.Errorf("the offset is %d ms, want about %s", *f.Clock.OffsetMillis, ahead)
		}
	}
	var o offset
	o.compare("yesterday", start, 0)
	o.compare(start.Format(http.TimeFormat), start, time.Minute)
	if o.last.Load() != nil {
		t.Error("an offset was made of no date, or of a round trip that tells nothing")
	}
	o.compare(start.Format(http.TimeFormat), start.Add(10*time.Second), 2*time.Second)
	if got := *o.last.Load(); got != 10500*time.Millisecond {
		t.Errorf("offset %s: the middle of the round trip against the middle of the second is 10.5 s", got)
	}
}

func TestConfigFails(t *testing.T) {
	var out, err bytes.Buffer
	a := &App{Out: &out, Err: &err, Getenv: func(string) string { return "" }, Hostname: func() (string, error) {
		return "n1", nil
	},
		Config: func(string) (*rest.Config, error) { return nil, rest.ErrNotInCluster }}
	if code := a.Run(t.Context(), nil); code != exitFailed || !strings.Contains(err.String(),
		"KUBERNETES_SERVICE_HOST") {
		t.Errorf("exit %d, %s", code, err.String())
	}
}

// TestFirstReadingIsFree delays no reading by what the first took of the processor, which read logs of a quarter of an
// hour, and does by what a later one took.
func TestFirstReadingIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		up := func() bool { return false }
		s := new(server)
		var log bytes.Buffer
		k := keeperOf(t, &rest.Config{Host: "http://fake", Transport: &inProcess{s, up, up}}, &log)
		var used time.Duration
		k.spent = func() time.Duration { return used }
		var read []time.Duration // when
		k.read = func(context.Context) *nodefacts.NodeFacts {
			read = append(read, time.Since(began))
			f := facts()
			switch len(read) {
			case 1:
				used += 936 * time.Millisecond
			case 2: // what happened meanwhile
				*f.FileSystems[0].BytesFree = 0
				used += 800 * time.Millisecond
			}
			return f
		}
		ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
		defer stop()
		k.run(ctx)
		want := []time.Duration{0, 30 * time.Second, 130 * time.Second, 160 * time.Second}
		if !slices.Equal(read, want) {
			t.Errorf("it read after %v, want %v", read, want)
		}
		if n := s.writes(); n < 2 {
			t.Errorf("it wrote %d times", n)
		}
	})
}

// TestPause reads less often where that is expensive, and often enough for facts that are never out of date.
func TestPause(t *testing.T) {
	for _, c := range []struct{ every, took, want time.Duration }{
		{30 * time.Second, 100 * time.Millisecond, 30 * time.Second},
		{30 * time.Second, 400 * time.Millisecond, 50 * time.Second},
		{30 * time.Second, time.Minute, 5 * time.Minute},
		{5 * time.Minute, 0, 5 * time.Minute},
	} {
		if got := pause(c.every, c.took); got != c.want {
			t.Errorf("every %s, %s of the processor: %s, want %s", c.every, c.took, got, c.want)
		}
	}
	before := spent()
	for range 1 << 12 {
		normalize(rich(), nil)
	}
	if spent() <= before {
		t.Error("work took nothing of the processor")
	}
}
