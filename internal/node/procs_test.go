package node

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseStat(t *testing.T) {
	for _, c := range []struct {
		name, stat string
		want       process
		since      time.Duration
		bad        bool
	}{
		{name: "plain",
			stat: "811 (containerd) S 1 811 811 0 -1 1077936384 9 0 3 0 120 30 0 0 20 0 14 0 1542 1899999232 12000 " +
				"18446744073709551615",
			want: process{pid: 811, ppid: 1, comm: "containerd", state: "S"}, since: 15420 * time.Millisecond},
		{name: "a name that looks like the rest", stat: "7 (a) S 1 (b\n) D 2 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 100 0",
			want: process{pid: 7, ppid: 2, comm: "a) S 1 (b\n", state: "D"}, since: time.Second},
		{name: "a start of long after", stat: "7 (a) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9223372036854775807 0",
			want: process{pid: 7, ppid: 1, comm: "a", state: "S"}, since: 1 << 38 * 10 * time.Millisecond},
		{name: "cut off", stat: "7 (a) S 1 7 7", bad: true},
		{name: "no name", stat: "7 a S 1", bad: true},
		{name: "empty", bad: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, since, err := parseStat([]byte(c.stat))
			if err != nil != c.bad {
				t.Fatalf("error %v, bad %t", err, c.bad)
			}
			if c.bad {
				return
			}
			if diff := cmp.Diff(c.want, p, cmp.AllowUnexported(process{})); diff != "" || since != c.since {
				t.Errorf("since %s, want %s\n%s", since, c.since, diff)
			}
		})
	}
}

func FuzzStat(f *testing.F) {
	f.Add([]byte("811 (containerd) S 1 811 811 0 -1 1077936384 9 0 3 0 120 30 0 0 20 0 14 0 1542 1899999232 12000"))
	f.Add([]byte("7 (a) S 1 (b\n) D 2"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, since, err := parseStat(data); err == nil && since < 0 {
			t.Errorf("started %s after the boot", since)
		}
	})
}

// TestProcessesOfThisMachine finds the test itself in the real /proc.
func TestProcessesOfThisMachine(t *testing.T) {
	h := &Host{Root: "/"}
	list, err := h.processes(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if p.pid != os.Getpid() {
			continue
		}
		exe, deleted := p.exe()
		if self, err := os.Executable(); err != nil || exe != self || deleted {
			t.Errorf("its executable is %q, deleted %t; want %q (%v)", exe, deleted, self, err)
		}
		if diff := cmp.Diff(os.Args, p.args()); diff != "" {
			t.Error(diff)
		}
		if age := time.Since(p.started); age < -2*time.Second || age > time.Hour || p.ppid != os.Getppid() {
			t.Errorf("it was started %s ago by %d", age, p.ppid)
		}
		return
	}
	t.Errorf("%d processes, and the test is not among them", len(list))
}

func TestFlagOf(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
		ok   bool
	}{
		{[]string{"kubelet", "--root-dir=/data/kubelet"}, "/data/kubelet", true},
		{[]string{"kubelet", "--root-dir", "/data/kubelet"}, "/data/kubelet", true},
		{[]string{"kubelet", "-root-dir=/a", "--root-dir=/b"}, "/b", true},
		{[]string{"kubelet", "--root-dir"}, "", false},
		{[]string{"kubelet", "root-dir", "/x", "--root-directory=/y"}, "", false},
	} {
		if got, ok := flagOf(c.args, "root-dir"); got != c.want || ok != c.ok {
			t.Errorf("%q: %q, %t; want %q, %t", c.args, got, ok, c.want, c.ok)
		}
	}
}

// A kubelet that has ended and was not waited for runs no more, and the one that was started after it is found.
func TestKubeletThatEnded(t *testing.T) {
	root := t.TempDir()
	add := func(pid, stat string) {
		dir := filepath.Join(root, "proc", pid)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"comm": "kubelet\n", "stat": stat,
			"cmdline": "kubelet\x00--hostname-override=Node-" + pid + "\x00"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	const rest = " 1 290 290 0 -1 4228100 0 0 0 0 5 3 0 0 20 0 1 0 4711 0 0"
	add("290", "290 (kubelet) Z"+rest)
	h := &Host{Root: root}
	if p := h.kubelet(t.Context()); p != nil {
		t.Errorf("process %d has ended", p.pid)
	}
	add("300", "300 (kubelet) S"+rest)
	if p := h.kubelet(t.Context()); p == nil || p.pid != 300 {
		t.Errorf("got %v, want process 300", p)
	}
	if name := h.Override(t.Context()); name != "node-300" {
		t.Errorf("the node is called %q, want node-300", name)
	}
	if err := os.WriteFile(filepath.Join(root, "proc", "stat"), []byte("btime 1700000000\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	list, err := h.processes(t.Context())
	if err != nil || len(list) != 1 || list[0].pid != 300 {
		t.Errorf("got %v (%v), want process 300 alone", list, err)
	}
}
