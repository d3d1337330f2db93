package node

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/nodelog"
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
		if got := programOf(line); got != want {
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
	write("/var/log/messages", "Nov 25 11:59:01 n1 kubelet[1]: other\nNov 25 11:59:01 n1 crio[7]: x\nNov 25 11:59:01 n1 sshd[7]: x\n", sandboxNow)
	r := &logReader{h: h, ctx: context.Background(), since: sandboxNow.Add(-logAge), logs: map[string]*nodelog.Log{}}
	if err := r.read(); err != nil {
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

// TestLines hands over the end of a log: no half line at its start, a long one cut, the last without its end.
func TestLines(t *testing.T) {
	h := &Host{Root: t.TempDir()}
	long := strings.Repeat("y", mostOfTail-100)
	file := h.path("log")
	if err := os.WriteFile(file, []byte(strings.Repeat("x", 200)+"\none\r\n"+long+"\ntwo"), 0o644); err != nil {
		t.Fatal(err)
	}
	var got []string
	r := &logReader{h: h, ctx: context.Background()}
	if err := r.file(file, func(line string) { got = append(got, line) }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0] != "one" || got[2] != "two" || len(got[1]) != mostOfLine {
		t.Errorf("%d lines", len(got))
	}
}
