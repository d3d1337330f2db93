package node

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

func TestProgramOf(t *testing.T) {
	for line, want := range map[string]string{
		"Nov 25 11:59:01 n1 kubelet[811]: E1125 11:59:01.1 1 pod_workers.go:1] \"Error: x\"": "kubelet",
		"2026-11-25T11:59:01.123456+00:00 n1 containerd[5]: time=\"...\" level=error":        "containerd",
		"2026-11-25T11:59:01+0000 n1 dockerd: level=error":                                   "dockerd",
		"Nov 25 11:59:01 n1 /usr/bin/crio[7]: x":                                             "crio",
		"Nov 25 11:59:01 n1 kernel: [1.0] docker0: port":                                     "kernel",
		"no line of syslog": "",
		"":                  "",
		strings.Repeat("x", 300) + " kubelet[1]: x": "",
	} {
		if got := programOf([]byte(line)); got != want {
			t.Errorf("%.60s is of %q, not of %q", line, got, want)
		}
	}
}

// components are those that a line came from.
func (r *logReader) components() []string {
	var out []string
	for c := range r.logs {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// TestLogSources finds the log of each component: what a process writes to, its own file, and syslog for the rest.
func TestLogSources(t *testing.T) {
	h := machine(t, "crio", "2026-11-25T12:00:00Z")
	h.Knows = func(string) bool { return true }
	write := func(name, content string, at time.Time) {
		t.Helper()
		file := h.path(name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, at); err != nil {
			t.Fatal(err)
		}
	}
	write("/proc/720/fd/2", "E1125 11:59:00.000000 720 kubelet.go:1] \"x\"\n", sandboxNow)
	write("/var/log/containerd.log", "old\n", sandboxNow.Add(-time.Hour)) // nobody writes there any more
	write("/var/log/messages",
		"Nov 25 11:59:01 n1 kubelet[1]: other\nNov 25 11:59:01 n1 crio[7]: x\nNov 25 11:59:01 n1 sshd[7]: x\n",
		sandboxNow)
	r := newLogReader(h)
	if err := r.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"crio", "kubelet"}, r.components()); diff != "" {
		t.Error(diff)
	}
	if _, err := readLogs(context.Background(), machine(t, "debian-dup", "2026-11-25T12:00:00Z")); err != nil {
		t.Errorf("logs are looked for although nobody knows their lines: %v", err)
	}
	h = machine(t, "debian-dup", "2026-11-25T12:00:00Z")
	h.Knows = func(string) bool { return true }
	if _, err := readLogs(context.Background(), h); err == nil {
		t.Error("a machine without logs is said to have been read")
	}
}

// TestLines hands over the end of a log: no half line at its start, a long one cut, and the last not before it is
// whole; and after that only what is new.
func TestLines(t *testing.T) {
	h := &Host{Root: t.TempDir()}
	file := h.path("log")
	appendTo := func(text string) {
		t.Helper()
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	read := func() []string {
		t.Helper()
		var got []string
		r := newLogReader(h)
		if found, err := r.file(t.Context(), file, func(line []byte) { got = append(got, string(line)) }); err != nil ||
			!found {
			t.Fatal(found, err)
		}
		h.tails.ends = r.next
		return got
	}
	long := strings.Repeat("y", maxTail-100)
	appendTo(strings.Repeat("x", 200) + "\none\r\n" + long + "\nhal")
	if got := read(); len(got) != 2 || got[0] != "one" || len(got[1]) != maxLine {
		t.Errorf("%d lines", len(got))
	}
	appendTo("f\n\nthree")
	if diff := cmp.Diff([]string{"half", ""}, read()); diff != "" {
		t.Error(diff)
	}
	if got := read(); got != nil {
		t.Errorf("nothing is new, and yet %q", got)
	}
	if err := os.Truncate(file, 0); err != nil {
		t.Fatal(err)
	}
	appendTo("again\n")
	if diff := cmp.Diff([]string{"again"}, read()); diff != "" {
		t.Error(diff)
	}
	appendTo(strings.Repeat("z", maxTail) + "\nlast\n")
	if diff := cmp.Diff([]string{"last"}, read()); diff != "" {
		t.Error(diff)
	}
}

// kept are the lines of the logs that are facts, each with how often it was said.
func kept(t *testing.T, h *Host) ([]string, error) {
	set, err := readLogs(t.Context(), h)
	var f nodefacts.NodeFacts
	set(&f)
	var out []string
	for _, l := range f.Logs {
		out = append(out, fmt.Sprintf("%s %d", l.Message, l.Count))
	}
	return out, err
}

// TestLogsGoOn has lines counted once, however often they are read, kept while they are young, and those of a file that
// was rotated away not forgotten.
func TestLogsGoOn(t *testing.T) {
	now := sandboxNow
	h := &Host{Root: t.TempDir(), Now: func() time.Time { return now }, Knows: func(string) bool { return true }}
	file := h.path("/var/log/kubelet.log")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, now); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want ...string) {
		t.Helper()
		got, err := kept(t, h)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	first := now.UTC().Format("E0102 15:04:05.000000") + " 1 x.go:1] one failed\n"
	write(first)
	check("one failed 1")
	check("one failed 1")
	now = now.Add(10 * time.Minute)
	second := now.UTC().Format("E0102 15:04:05.000000") + " 1 x.go:1] two failed\n"
	write(first + second)
	check("one failed 1", "two failed 1")
	if err := os.Rename(file, file+".1"); err != nil {
		t.Fatal(err)
	}
	write(second)
	check("one failed 1", "two failed 2")
	now = now.Add(6 * time.Minute)
	check("two failed 2")
}
