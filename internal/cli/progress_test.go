package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// slowly is a file that takes a second for each piece of it.
type slowly struct {
	io.Reader
	ticks chan<- time.Time
	now   time.Time
}

func (s *slowly) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	for range 2 { // when the second is taken, what the first one brought about is done
		s.now = s.now.Add(500 * time.Millisecond)
		s.ticks <- s.now
	}
	return n, err
}

// TestProgress reads for some seconds: a person at a terminal sees how far that is, and nothing of it when it is done.
func TestProgress(t *testing.T) {
	start := time.Date(2026, 1, 2, 4, 0, 0, 0, time.UTC)
	run := func(columns int, tty bool, env string, args ...string) string {
		var said bytes.Buffer
		ticks := make(chan time.Time)
		stopped := 0
		a := &App{Out: io.Discard, Err: &said, Now: func() time.Time { return start },
			Getenv:   func(name string) string { return map[string]string{"TERM": env}[name] },
			Terminal: func() (int, int, bool) { return columns, 24, tty },
			Ticks:    func() (<-chan time.Time, func()) { return ticks, func() { stopped++ } }}
		a.In = strings.NewReader(stuckPod)
		if want := tty && env != "dumb" && len(args) == 0; want {
			a.In = &slowly{iotest.OneByteReader(strings.NewReader(stuckPod[:5])), ticks, start}
		}
		if code := a.Run(append([]string{"-f", "-", "--all"}, args...)); code == ExitFine {
			t.Errorf("%v: exit code %d", args, code)
		}
		return said.String()
	}
	said := run(60, true, "xterm")
	line, rest, _ := strings.Cut(said, "\r"+strings.Repeat(" ", 59)+"\r")
	begins, ends := "\rReading: 0 MB, 0 Pods, 1s ", "\rReading: 0 MB, 0 Pods, 4s "
	if !strings.Contains(line, begins) || !strings.Contains(line, ends) ||
		!strings.HasPrefix(rest, "error: ") {
		t.Errorf("a slow file tells:\n%q", said)
	}
	for _, of := range strings.Split(line, "\r")[1:] {
		if len(of) != 59 {
			t.Errorf("the line has %d columns: %q", len(of), of)
		}
	}
	for what, said := range map[string]string{
		"on a narrow terminal": run(20, true, "xterm"),
		"when piped":           run(0, false, ""),
		"on a dumb terminal":   run(80, true, "dumb"),
		"with --quiet":         run(80, true, "xterm", "--quiet"),
	} {
		if strings.Contains(said, "Reading") {
			t.Errorf("%s it tells:\n%q", what, said)
		}
	}
}

// TestSize says how much there is to read.
func TestSize(t *testing.T) {
	d := dir(t)
	if n := sizeOf([]string{d + "/stuck.yaml", d + "/sub"}, nil); n != int64(2*len(stuckPod)) {
		t.Errorf("%d bytes", n)
	}
	if n := sizeOf([]string{d + "/stuck.yaml", "-"}, strings.NewReader("")); n != 0 {
		t.Errorf("%d bytes of a stream", n)
	}
	for n, want := range map[int64]string{0: "0 MB", 1_999_999: "1 MB", 52_400_000_000: "52.4 GB"} {
		if got := sizeText(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
