package node

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"golang.org/x/sys/unix"
)

// TestInotifyOfThisMachine makes an inotify handle with two watches and finds them among those of this process.
func TestInotifyOfThisMachine(t *testing.T) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for range 2 {
		if _, err := unix.InotifyAddWatch(fd, t.TempDir(), unix.IN_CREATE); err != nil {
			t.Fatal(err)
		}
	}
	var k held
	if err := k.look("/proc/self"); err != nil {
		t.Fatal(err)
	}
	if k.instances != 1 || k.watches != 2 {
		t.Errorf("%d handles with %d watches", k.instances, k.watches)
	}
}

// Who holds too much to be counted is not counted too low.
func TestInotifyHasNoTime(t *testing.T) {
	h := fixture("debian12", "2025-11-26T14:30:00Z", nil, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := &nodefacts.NodeFacts{}
	set, err := readInotify(ctx, h)
	set(f)
	if f.Limits.InotifyInstances != nil || f.Limits.InotifyWatches != nil || err == nil ||
		!strings.Contains(err.Error(), "no time for more") {
		t.Errorf("%+v, %v", f.Limits, err)
	}
}

// TestOwnPIDs tells no limit of threads from within another PID namespace than the node's.
func TestOwnPIDs(t *testing.T) {
	own, err := os.Readlink("/proc/self")
	if err != nil {
		t.Skip(err)
	}
	for self, want := range map[string]bool{own: true, "4711471": false, "": true} {
		root := t.TempDir()
		if err := os.MkdirAll(root+"/proc/sys/kernel", 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"loadavg": "0.20 0.18 0.12 1/80 11206", "sys/kernel/pid_max": "4194304",
			"sys/kernel/threads-max": "1000"} {
			if err := os.WriteFile(root+"/proc/"+name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if self != "" {
			if err := os.Symlink(self, root+"/proc/self"); err != nil {
				t.Fatal(err)
			}
		}
		threads, err := (&Host{Root: root}).threads()
		if known := err == nil && threads.Max == 1000; known != want || !want && !strings.Contains(err.Error(), "hostPID") {
			t.Errorf("it is %q in the node's /proc and %q in its own: %+v, %v", self, own, threads, err)
		}
	}
}

func TestParseCgroup(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"11:memory:/a\n3:pids:/system.slice/docker.service\n1:name=systemd:/b\n", "/system.slice/docker.service"},
		{"0::/system.slice/containerd.service\n", "/system.slice/containerd.service"},
		// from within a cgroup namespace
		{"0::/../../../system.slice/containerd.service\n", "/system.slice/containerd.service"},
		{"3:cpu,pids:/a:b\n0::/c\n", "/a:b"}, // hybrid
		{"11:memory:/a\n", ""},
		{"", ""},
	} {
		if got := parseCgroup([]byte(c.text), "pids"); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPodOfCgroup(t *testing.T) {
	const uid = "0b9d7f5e-3c1a-4e2d-8f6b-7a5c4d3e2f10"
	for cgroup, want := range map[string]string{
		"/kubepods/burstable/pod" + uid:          uid,
		"/kubepods/pod" + uid + "/f3c1d0a4":      uid,
		"/kubelet/kubepods/besteffort/pod" + uid: uid,
		"/kubepods.slice/kubepods-pod0b9d7f5e_3c1a_4e2d_8f6b_7a5c4d3e2f10.slice/cri-containerd-f3.scope": uid,
		// static
		"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-" +
			"pod7a3c1f0e9d8b7a6c5d4e3f2a1b0c9d8e.slice": "7a3c1f0e9d8b7a6c5d4e3f2a1b0c9d8e",
		"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod" +
			strings.ReplaceAll(uid, "-", "_") + ".slice": uid,
		"/kubepods/burstable":                      "",
		"/system.slice/podman-" + uid + ".service": "",
	} {
		if got := podOfCgroup(cgroup); got != want {
			t.Errorf("%s: %q, want %q", cgroup, got, want)
		}
	}
}

// The kubelet may have been told to put Pods below another cgroup.
func TestKubepods(t *testing.T) {
	for _, c := range []struct{ folder, want string }{
		{"kubepods", "/kubepods"}, {"kubepods.slice", "/kubepods.slice"}, {"kubelet/kubepods", "/kubelet/kubepods"},
		{"kubelet.slice/kubelet-kubepods.slice", "/kubelet.slice/kubelet-kubepods.slice"},
		{"system.slice/kubelet.service", ""},
	} {
		h := machineWith(t, map[string]string{"sys/fs/cgroup/" + c.folder + "/pids.max": "max\n"})
		if got, err := h.kubepods("/sys/fs/cgroup"); got != c.want || err != nil != (c.want == "") {
			t.Errorf("%s: %q, %v", c.folder, got, err)
		}
	}
}

// More cgroups are full than are listed: the first by path are.
func TestFullCgroups(t *testing.T) {
	files := map[string]string{"sys/fs/cgroup/cgroup.controllers": "pids\n", "sys/fs/cgroup/kubepods/pids.max": "100\n",
		"sys/fs/cgroup/kubepods/pids.current": "99\n"}
	for i := range 30 {
		files[fmt.Sprintf("sys/fs/cgroup/kubepods/c%02d/pids.max", i)] = "5\n"
		files[fmt.Sprintf("sys/fs/cgroup/kubepods/c%02d/pids.current", i)] = "5\n"
	}
	h := machineWith(t, files)
	full, err := h.fullCgroups(t.Context(), "/sys/fs/cgroup", "/kubepods")
	if err != nil || len(full) != maxFullCgroups || full[0].Path != "/kubepods/c00" ||
		full[19].Path != "/kubepods/c19" {
		t.Errorf("%d: %+v, %v", len(full), full, err)
	}
}

func TestFuller(t *testing.T) {
	none, full, half := &nodefacts.Used{Used: 5}, &nodefacts.Used{Used: 9, Max: 9}, &nodefacts.Used{Used: 4, Max: 9}
	for _, c := range []struct {
		a, b *nodefacts.Used
		want bool
	}{{full, half, true}, {half, full, false}, {half, none, true}, {none, half, false}, {none, none, false}} {
		if got := fuller(c.a, c.b); got != c.want {
			t.Errorf("%+v is fuller than %+v: %t", c.a, c.b, got)
		}
	}
}

func TestClockJumpsBackAndForth(t *testing.T) {
	const day = 20_000 * 24 * time.Hour
	var p stepDetector
	p.compare(day, time.Hour)
	p.compare(day+30*time.Second, time.Hour+30*time.Second)                   // both go on
	p.compare(day+60*time.Second+900*time.Millisecond, time.Hour+time.Minute) // NTP
	p.compare(day+2*time.Hour+90*time.Second, time.Hour+90*time.Second)
	p.compare(day+2*time.Minute, time.Hour+2*time.Minute)
	var got []string
	for _, s := range p.steps {
		got = append(got, fmt.Sprintf("%s %d", s.At.UTC().Format(time.TimeOnly), s.Millis))
	}
	if diff := cmp.Diff([]string{"02:01:30 7199100", "00:02:00 -7200000"}, got); diff != "" {
		t.Error(diff)
	}
	for i := range 50 {
		p.compare(day+time.Duration(i%2)*time.Hour, 2*time.Hour)
	}
	if len(p.steps) != maxSteps {
		t.Errorf("%d steps are kept", len(p.steps))
	}
}

func TestClocksOfThisMachine(t *testing.T) {
	wall, boot, err := readClocks()
	if d := time.Since(time.Unix(0, int64(wall))).Abs(); err != nil || d > time.Minute || boot <= 0 {
		t.Errorf("the wall clock is %s off, %s since the boot, %v", d, boot, err)
	}
	if _, err := synchronized(); err != nil {
		t.Error(err)
	}
}

func TestLargeLogs(t *testing.T) {
	h := machineWith(t, map[string]string{"var/log/pods/a/app/0.log": "", "var/log/pods/a/app/1.log": "",
		"var/log/pods/b/app/0.log": "", "var/log/pods/c/app/0.log": "", "docker/x-json.log": ""})
	for name, size := range map[string]int64{"var/log/pods/a/app/0.log": largeLog + 1,
		"var/log/pods/a/app/1.log": largeLog, "var/log/pods/b/app/0.log": 5 * largeLog,
		"var/log/pods/c/app/0.log": 2 * largeLog, "docker/x-json.log": 4 * largeLog} {
		if err := os.Truncate(h.path(name), size); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/docker/x-json.log", h.path("var/log/pods/a/app/2.log")); err != nil {
		t.Fatal(err)
	}
	got, err := h.largeLogs(t.Context(), "/var/log/pods")
	want := []nodefacts.Usage{{What: "/var/log/pods/b/app/0.log", Bytes: 5 * largeLog}, {What: "/docker/x-json.log",
		Bytes: 4 * largeLog}, {What: "/var/log/pods/c/app/0.log", Bytes: 2 * largeLog}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.largeLogs(ctx, "/var/log/pods"); err == nil || !strings.Contains(err.Error(), "time was up") {
		t.Errorf("it had no time, and said %v", err)
	}
}
