package nodelog

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var at = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func kernelOf(log string) *nodefacts.Kernel {
	var k Kernel
	for l := range strings.Lines(log) {
		k.Add(at, l)
	}
	return k.Facts()
}

const uid = "1c9e5b8a-7f30-4b02-9d4f-6a3f1f0c2b11"

// TestOOM reads out-of-memory reports as kernels of three generations write them.
func TestOOM(t *testing.T) {
	group := "/kubepods/burstable/pod" + uid
	unit := "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + strings.ReplaceAll(uid, "-", "_") +
		".slice"
	for name, c := range map[string]struct {
		log  string
		want []nodefacts.OOMKill
	}{
		"3.10": {`stress invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=968
stress cpuset=d8b6 mems_allowed=0
CPU: 1 PID: 3111 Comm: stress Not tainted 3.10.0-1160.el7.x86_64 #1
Call Trace:
 [<ffffffff8b781340>] dump_stack+0x19/0x1b
Task in ` + group + `/d8b6 killed as a result of limit of ` + group + `
memory: usage 10240kB, limit 10240kB, failcnt 27
Memory cgroup stats for ` + group + `: cache:0KB rss:0KB
Memory cgroup stats for ` + group + `/d8b6: cache:0KB rss:9992KB
[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name
[ 3111]     0  3111     1853      142       8        0           968 stress
Memory cgroup out of memory: Kill process 3111 (runc:[2:INIT]) score 1968 or sacrifice child
Killed process 3112 (stress), UID 0, total-vm:7412kB, anon-rss:9992kB, file-rss:0kB, shmem-rss:0kB
`, []nodefacts.OOMKill{{KernelLine: nodefacts.KernelLine{Message: "Memory cgroup out of memory: Kill process 3111 " +
			"(runc:[2:INIT]) score 1968 or sacrifice child", Count: 1},
			Command: "stress", Cgroup: group, PodUID: uid}}},
		"3.10, the line in pieces": {"x invoked oom-killer: gfp_mask=0xd0\nTask in " + group +
			"/d8b6\n killed as a result of limit of \n" + group + "\nMemory cgroup stats for " + group +
			": cache:0KB\n" +
			"Memory cgroup out of memory: Kill process 7 (x) score 1 or sacrifice child\nKilled process 7 (x) " +
			"total-vm:1kB, anon-rss:1kB, file-rss:0kB\n",
			[]nodefacts.OOMKill{{KernelLine: nodefacts.KernelLine{
				Message: "Memory cgroup out of memory: Kill process 7 (x) score 1 or sacrifice child", Count: 1},
				Command: "x", Cgroup: group, PodUID: uid}}},
		"5.4": {`[91.125] stress invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=968
[91.125] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=4a3b.scope,mems_allowed=0,oom_memcg=` + unit +
			`,task_memcg=` + unit + `/cri-containerd-4a3b.scope,task=stress,pid=123,uid=0
[91.126] Memory cgroup out of memory: Killed process 123 (stress) total-vm:7412kB, anon-rss:10020kB, file-rss:256kB, shmem-rss:0kB, UID:0 pgtables:56kB oom_score_adj:968
[91.127] oom_reaper: reaped process 123 (stress), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB
`, []nodefacts.OOMKill{{KernelLine: nodefacts.KernelLine{Message: "Memory cgroup out of memory: Killed process 123 " +
			"(stress) total-vm:7412kB, anon-rss:10020kB, file-rss:256kB, shmem-rss:0kB, UID:0 pgtables:56kB " +
			"oom_score_adj:968", Count: 1},
			Command: "stress", Cgroup: unit, PodUID: uid}}},
		"4.19, both lines": {"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=" +
			group + ",task_memcg=" + group + "/c,task=x,pid=9,uid=0\n" +
			"Memory cgroup out of memory: Kill process 9 (x) score 1979 or sacrifice child\nKilled process 9 (x) " +
			"total-vm:1kB, anon-rss:1kB, file-rss:1kB, shmem-rss:0kB\n",
			[]nodefacts.OOMKill{{KernelLine: nodefacts.KernelLine{
				Message: "Memory cgroup out of memory: Kill process 9 (x) score 1979 or sacrifice child", Count: 1},
				Command: "x", Cgroup: group, PodUID: uid}}},
		"a group is killed whole": {
			"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=" + group +
				",task_memcg=" + group + "/c,task=x,pid=9,uid=0\n" +
				"Memory cgroup out of memory: Killed process 9 (x) total-vm:1kB\nTasks in " + group +
				" are going to be killed due to memory.oom.group set\nMemory cgroup out of memory: Killed process " +
				"10 (y) total-vm:1kB\n",
			[]nodefacts.OOMKill{{KernelLine: nodefacts.KernelLine{
				Message: "Memory cgroup out of memory: Killed process 9 (x) total-vm:1kB", Count: 1}, Command: "x",
				Cgroup: group, PodUID: uid},
				{KernelLine: nodefacts.KernelLine{
					Message: "Memory cgroup out of memory: Killed process 10 (y) total-vm:1kB", Count: 1}, Command: "y",
					Cgroup: group, PodUID: uid}}},
		"the node itself": {
			"java invoked oom-killer: gfp_mask=0x100cca, " +
				"order=0\noom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=x,mems_allowed=0,global_oom,task_memcg=" +
				group + "/c,task=java,pid=4,uid=1000\n" +
				"Out of memory: Killed process 4 (java) total-vm:1kB, anon-rss:1kB\n",
			[]nodefacts.OOMKill{{KernelLine: nodefacts.KernelLine{
				Message: "Out of memory: Killed process 4 (java) total-vm:1kB, anon-rss:1kB", Count: 1},
				Command: "java", PodUID: uid}}},
		"again and again": {strings.Repeat(
			"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg="+group+
				",task_memcg="+group+
				"/c,task=x,pid=9,uid=0\nMemory cgroup out of memory: Killed process 9 (x) total-vm:1kB\n", 3),
			[]nodefacts.OOMKill{{KernelLine: nodefacts.KernelLine{
				Message: "Memory cgroup out of memory: Killed process 9 (x) total-vm:1kB", Count: 3}, Command: "x",
				Cgroup: group, PodUID: uid}}},
		"a line that only looks like it": {"Killed process 1 (x) total-vm:1kB\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range c.want {
				c.want[i].At = metav1.NewTime(at)
			}
			if diff := cmp.Diff(c.want, kernelOf(c.log).OOMKills); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAllocationFailures(t *testing.T) {
	k := kernelOf(
		"runc:[1:CHILD]: page allocation failure: order:4, mode:0xc0d0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO), " +
			"nodemask=(null)\n" +
			"swapper: page allocation failure. order:1, mode:0x4020\n" +
			"CPU: 0 PID: 1 Comm: runc:[1:CHILD] Not tainted\n" +
			"<4>[ 12.5] runc:[1:CHILD]: page allocation failure: order:6, mode:0x10c0d0\n" +
			"runc:[1:CHILD]: page allocation failure: order:6, mode:0x10c0d0\n" +
			"x: page allocation failure: order:99999999999999999999, mode:0\n")
	line := func(message string, count int) nodefacts.KernelLine {
		return nodefacts.KernelLine{At: metav1.NewTime(at), Message: message, Count: count}
	}
	want := []nodefacts.AllocationFailure{
		{
			KernelLine: line(
				"runc:[1:CHILD]: page allocation failure: order:4, mode:0xc0d0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO), "+
					"nodemask=(null)", 1), Order: 4, Command: "runc:[1:CHILD]"},
		{KernelLine: line("swapper: page allocation failure. order:1, mode:0x4020", 1), Order: 1, Command: "swapper"},
		{KernelLine: line("runc:[1:CHILD]: page allocation failure: order:6, mode:0x10c0d0", 2), Order: 6,
			Command: "runc:[1:CHILD]"},
	}
	if diff := cmp.Diff(want, k.AllocationFailures); diff != "" {
		t.Error(diff)
	}
}

// TestSorts looks for each message in the list that it belongs to.
func TestSorts(t *testing.T) {
	for want, lines := range map[string]string{
		"hung": "INFO: task containerd:811 blocked for more than 120 seconds.\nINFO: task kworker/u8:3:77 blocked " +
			"in I/O wait for more than 122 seconds.",
		"io": `blk_update_request: I/O error, dev sda, sector 2048 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 0
print_req_error: I/O error, dev nvme1n1, sector 81920
I/O error, dev vdb, sector 8 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 2
Buffer I/O error on dev dm-3, logical block 0, lost async page write
EXT4-fs error (device vda1): ext4_find_entry:1455: inode #2: comm runc: reading directory lblock 0
EXT4-fs (vda1): Remounting filesystem read-only
Aborting journal on device vda1-8.
XFS (dm-0): Corruption detected. Unmount and run xfs_repair
XFS (dm-0): Filesystem has been shut down due to log error (0x2).
XFS (sdb): metadata I/O error in "xfs_trans_read_buf_map" at daddr 0x10 len 8 error 5
BTRFS error (device sdc): bdev /dev/sdc errs: wr 1, rd 0, flush 0, corrupt 0, gen 0
nfs: server 10.0.0.9 not responding, still trying
device-mapper: thin: 253:2: switching pool to out-of-data-space mode`,
		"others": `unregister_netdevice: waiting for eth0 to become free. Usage count = 1
cgroup: fork rejected by pids controller in /kubepods/burstable/pod` + uid + `/c
SLUB: Unable to allocate memory on node -1 (gfp=0x80d0)
SLUB: Unable to allocate memory on node -1, gfp=0x6000c0(GFP_KERNEL)
neighbour: arp_cache: neighbor table overflow!
neighbour table overflow
nf_conntrack: nf_conntrack: table full, dropping packet
nf_conntrack: table full, dropping packet.
VFS: file-max limit 1024 reached`,
		"": `EXT4-fs (vda1): mounted filesystem with ordered data mode. Opts: (null)
XFS (dm-0): Mounting V5 Filesystem
I/O error, dev sr0, sector 0 op 0x0:(READ)
blk_update_request: I/O error, dev fd0, sector 0
nfs: server 10.0.0.9 OK
device-mapper: thin: 253:2: reached low water mark for data device: sending event.
device-mapper: thin: 253:2: growing the data device
task containerd was here`,
	} {
		for l := range strings.Lines(lines) {
			l = strings.TrimSpace(l)
			k := kernelOf(l)
			got := ""
			for name, list := range map[string][]nodefacts.KernelLine{"hung": k.HungTasks, "io": k.IOErrors,
				"others": k.Others} {
				if len(list) > 0 {
					got += name
				}
			}
			if got != want {
				t.Errorf("%q is in %q, want %q", l, got, want)
			}
		}
	}
}

// TestKernelBounds fills the lists: the newest stay, and no message is long.
func TestKernelBounds(t *testing.T) {
	var k Kernel
	if k.Facts() != nil {
		t.Error("facts of no message")
	}
	for i := range 50 {
		k.Add(at.Add(time.Duration(i)*time.Minute),
			fmt.Sprintf("EXT4-fs error (device sd%c%d): \xff%s end", 'a'+i%26, i, strings.Repeat("ü", 400)))
	}
	f := k.Facts()
	if len(f.IOErrors) != maxKernel || !f.Since.Time.Equal(at) {
		t.Fatalf("%d messages since %s", len(f.IOErrors), f.Since)
	}
	last := f.IOErrors[maxKernel-1]
	if !last.At.Time.Equal(at.Add(49*time.Minute)) || len(last.Message) > maxKernelMessage ||
		!utf8.ValidString(last.Message) || !strings.HasSuffix(last.Message, " end") {
		t.Errorf("%+v", last)
	}
}

func TestKernelFile(t *testing.T) {
	var k Kernel
	now := time.Date(2026, 1, 2, 4, 0, 0, 0, time.UTC)
	lines := []string{
		"Jan  2 03:59:58 node-1 kernel: [ 5123.877] INFO: task containerd:811 blocked for more than 120 seconds.",
		"2026-01-02T03:59:59.123456+00:00 node-1 kernel: [ 5124.0] EXT4-fs (vda1): Remounting filesystem read-only",
		"Jan  1 01:00:00 node-1 kernel: EXT4-fs error (device vda1): too old",
		"Jan  2 03:59:59 node-1 systemd[1]: Started x.",
	}
	var ok []bool
	for _, l := range lines {
		ok = append(ok, k.AddLine(l, now.Add(-24*time.Hour), now))
	}
	if diff := cmp.Diff([]bool{true, true, true, false}, ok); diff != "" {
		t.Error(diff)
	}
	f := k.Facts()
	if len(f.HungTasks) != 1 || len(f.IOErrors) != 1 || !f.Since.Time.Equal(now.Add(-2*time.Second)) {
		t.Errorf("%+v", f)
	}
}

func TestPodUID(t *testing.T) {
	static := "0123456789abcdef0123456789abcdef"
	for path, want := range map[string]string{
		"/kubepods/besteffort/pod" + uid + "/0123": uid,
		"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1c9e5b8a_7f30_4b02_9d4f_6a3f1f0c2b11.slice/" +
			"cri-containerd-0123456789ab.scope": uid,
		"/kubepods.slice/kubepods-pod1c9e5b8a_7f30_4b02_9d4f_6a3f1f0c2b11.slice": uid,
		"/kubepods/burstable/pod" + static:                                       static,
		"/kubepods/burstable/pod" + uid[:8]:                                      "",
		"/system.slice/containerd.service":                                       "",
		"":                                                                       "",
	} {
		if got := PodUID(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// FuzzKernel holds what is kept of any log to its bounds.
func FuzzKernel(f *testing.F) {
	f.Add(
		"stress invoked oom-killer: x\nTask in /a killed as a result of limit of /b\nMemory cgroup out of memory: " +
			"Kill process 1 (x) score 1\nKilled process 1 (x) total-vm:1kB")
	f.Add(
		"oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/a,task_memcg=/a/b,task=x,pid=1,uid=0\nMemory cgroup out of " +
			"memory: Killed process 1 (x) total-vm:1kB")
	f.Add("a: page allocation failure: order:4, mode:0x1\nJan  2 03:04:05 n kernel: [1.5] I/O error, dev sda")
	f.Fuzz(func(t *testing.T, log string) {
		var k Kernel
		for l := range strings.Lines(log) {
			if !k.AddLine(l, at.Add(-time.Hour), at) {
				k.Add(at, l)
			}
		}
		facts := k.Facts()
		if facts == nil {
			return
		}
		check := func(n int, l nodefacts.KernelLine, names ...string) {
			if n > maxKernel || len(l.Message) > maxKernelMessage ||
				!utf8.ValidString(strings.Join(names, "")+l.Message) || l.Count < 1 {
				t.Errorf("%d in the list; %+v %q", n, l, names)
			}
		}
		for _, l := range facts.OOMKills {
			check(len(facts.OOMKills), l.KernelLine, l.Command, l.Cgroup, l.PodUID)
		}
		for _, l := range facts.AllocationFailures {
			check(len(facts.AllocationFailures), l.KernelLine, l.Command)
		}
		for _, list := range [][]nodefacts.KernelLine{facts.HungTasks, facts.IOErrors, facts.Others} {
			for _, l := range list {
				check(len(list), l)
			}
		}
	})
}
