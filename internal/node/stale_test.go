package node

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"golang.org/x/sys/unix"
)

// TestMain lets the test's own program be the child that looks at a mount. A path with "hangs" in it hangs.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == statCommand && strings.HasSuffix(os.Args[2], "hangs") {
		_ = unix.Pause()
	}
	if handled, code := StatChild(os.Args); handled {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// TestStatChild asks about real paths in real processes.
func TestStatChild(t *testing.T) {
	h := &Host{Root: "/"}
	dir := t.TempDir()
	for _, c := range []struct{ path, why, err string }{
		{dir, "", ""},
		{dir + "/none", "", "it was unmounted, or is not to be seen from here"},
		{dir + "/" + strings.Repeat("x", 300), "ENAMETOOLONG", ""},
	} {
		why, err := h.ask(t.Context(), &mount{target: c.path, dev: "0:50", source: c.path})
		if why != c.why || err == nil != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%.60s: %q, %v; want %q, %q", c.path, why, err, c.why, c.err)
		}
	}
	if handled, _ := StatChild([]string{"stuck-agent", "--once", "x"}); handled {
		t.Error("a flag of the agent was taken for a child's")
	}
}

// A child that hangs can be ended, and its end tells nothing of the mount.
func TestChildThatHangs(t *testing.T) {
	c, err := startChild("/hangs")
	if err != nil {
		t.Fatal(err)
	}
	c.kill()
	code := <-c.done
	if why, err := answer("/hangs", code); why != "" || err == nil {
		t.Errorf("it ended with %d: %q, %v", code, why, err)
	}
}

// A reading that is broken off says nothing of the mounts that it was at.
func TestAskIsBrokenOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done, killed := make(chan int), false
		h := &Host{Root: "/", calls: calls{stat: func(string) (*child, error) {
			return &child{done,
				func() { killed = true }}, nil
		}}}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if why, err := h.ask(ctx, &mount{target: "/mnt"}); why != "" || err == nil || !killed {
			t.Errorf("%q, %v, killed %t", why, err, killed)
		}
		close(done)
	})
}

// nfsMounts makes lines of mountinfo for NFS mounts n0, n1, ...: of servers that each have one.
func nfsMounts(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d 1 0:%d / /mnt/n%d rw - nfs4 10.0.0.%d:/export rw\n", 100+i, 100+i, i, i)
	}
	return b.String()
}

func machineWith(t *testing.T, files map[string]string) *Host {
	t.Helper()
	h := &Host{Root: t.TempDir()}
	for name, text := range files {
		path := h.path(name)
		if err := os.MkdirAll(path[:strings.LastIndexByte(path, '/')], 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// Mounts that hang are found in time, no more than eight at once, and are not asked again while the child hangs.
func TestStale(t *testing.T) {
	h := machineWith(t, map[string]string{"proc/1/mountinfo": nfsMounts(40)})
	synctest.Test(t, func(t *testing.T) {
		var started, at, limit int
		dead := make(chan int)
		h.calls.stat = func(path string) (*child, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			started, at = started+1, at+1
			limit = max(limit, at)
			return &child{dead, func() { // it hangs, and its turn is over
				h.mu.Lock()
				defer h.mu.Unlock()
				at--
			}}, nil
		}
		read := func() (*nodefacts.NodeFacts, error) {
			f := &nodefacts.NodeFacts{}
			set, err := h.try(t.Context(), probe{"mounts.stale", 7 * time.Second, readStale})
			if set != nil {
				set(f)
			}
			return f, err
		}
		begun := time.Now()
		f, err := read()
		if took := time.Since(begun); took > 7*time.Second {
			t.Errorf("it took %s", took)
		}
		if err == nil || !strings.Contains(err.Error(), "others hung, and time was up") {
			t.Errorf("error %v: it had no time for all", err)
		}
		if limit > maxConcurrent || started != 24 || len(f.Mounts.Stale) != 24 {
			t.Errorf("%d at once, %d asked, %d stale; want 8, 24, 24", limit, started, len(f.Mounts.Stale))
		}
		f, err = read() // the 24 hang still; the others are asked now
		if err != nil || started != 40 || len(f.Mounts.Stale) != 40 {
			t.Errorf("second reading: %d asked, %d stale, %v; want 40, 40", started, len(f.Mounts.Stale), err)
		}
		close(dead)
	})
}

// An answer of one mount stands for the file system, a hang too, and an error only for itself.
func TestAskAll(t *testing.T) {
	of := []mount{{dev: "0:50", target: "/a"}, {dev: "0:50", target: "/b"}, {dev: "0:50", target: "/c"}}
	for _, c := range []struct {
		name  string
		codes map[string]int
		want  map[string]string
		asked int
	}{
		{"well", nil, map[string]string{}, 1},
		{"an error of some", map[string]int{"/a": int(unix.ESTALE), "/c": int(unix.EIO)},
			map[string]string{"/a": "ESTALE", "/c": "EIO"}, 3},
		{"not for root to see", map[string]int{"/a": int(unix.EACCES)}, map[string]string{}, 1},
		{"hangs", map[string]int{"/a": -1}, map[string]string{"/a": "timeout", "/b": "timeout", "/c": "timeout"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				over := make(chan int)
				h := &Host{Root: "/", calls: calls{stat: func(path string) (*child, error) {
					asked++
					if c.codes[path] < 0 {
						return &child{over, func() {}}, nil
					}
					done := make(chan int, 1)
					done <- statAsked + c.codes[path]
					return &child{done, func() {}}, nil
				}}}
				stale, err := h.askAll(t.Context(), t.Context(), of)
				got := map[string]string{}
				for _, s := range stale {
					got[s.target] = s.why
				}
				if diff := cmp.Diff(c.want, got); diff != "" || err != nil || asked != c.asked {
					t.Errorf("asked %d, want %d; %v\n%s", asked, c.asked, err, diff)
				}
				close(over)
			})
		})
	}
}

func TestAnswerOfAnotherProgram(t *testing.T) {
	for _, code := range []int{-1, 0, 1, 2} {
		if why, err := answer("/mnt", code); why != "" || err == nil {
			t.Errorf("code %d: %q, %v: no child of ours ends so", code, why, err)
		}
	}
}
