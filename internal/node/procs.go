package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxProcesses is how many processes are looked at.
const maxProcesses = 100_000

// ticks is how many the kernel's clock makes in a second for /proc (USER_HZ): 100 on all that Kubernetes runs on.
const ticks = 100

// A process is what /proc/PID/stat tells of one.
type process struct {
	pid, ppid int
	comm      string // the name that it has or gave itself, at most 15 bytes: containerd-shim
	state     string // R, S, D (uninterruptible sleep), T (stopped), Z...
	started   time.Time
	dir       string // where the rest is: /proc/PID
}

// processes lists the machine's processes, kernel threads included, by their number. One that ends meanwhile is left
// out, and so is one that has ended and only waits to be counted by its parent.
func (h *Host) processes(ctx context.Context) ([]process, error) {
	booted, err := h.booted()
	if err != nil {
		return nil, err
	}
	pids, err := h.pids()
	if err != nil {
		return nil, err
	}
	list := make([]process, 0, len(pids))
	for _, pid := range pids {
		if ctx.Err() != nil {
			return list, fmt.Errorf("there are %d processes, and time was up after %d", len(pids), len(list))
		}
		dir := h.path("proc", strconv.Itoa(pid))
		data, err := readFile(dir+"/stat", maxValue)
		if err != nil {
			continue
		}
		p, since, err := parseStat(data)
		if err != nil {
			return list, fmt.Errorf("%s/stat: %w", dir, err)
		}
		if p.state == zombie {
			continue
		}
		p.dir, p.started = dir, booted.Add(since)
		list = append(list, p)
	}
	return list, nil
}

// pids lists the numbers of the machine's processes, in their order.
func (h *Host) pids() ([]int, error) {
	dir, err := os.Open(h.path("proc"))
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(maxProcesses)
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, n := range names {
		if pid, err := strconv.Atoi(n); err == nil && pid > 0 {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids, nil
}

// parseStat reads /proc/PID/stat: "811 (containerd) S 1 811 ...". The name may hold anything, brackets and line breaks
// too, so it ends at the last bracket. since is how long after the boot the process was started.
func parseStat(data []byte) (p process, since time.Duration, err error) {
	from, to := bytes.IndexByte(data, '('), bytes.LastIndexByte(data, ')')
	if from < 0 || to < from {
		return p, 0, errors.New("there is no name in it")
	}
	// from the third field on: state is [0], ppid [1], starttime (the 22nd) [19]
	fields := strings.Fields(string(data[to+1:]))
	if len(fields) < 20 {
		return p, 0, fmt.Errorf("it has %d fields after the name, and should have 20", len(fields))
	}
	p.comm, p.state = string(data[from+1:to]), fields[0]
	if p.pid, err = strconv.Atoi(string(bytes.TrimSpace(data[:from]))); err != nil {
		return p, 0, err
	}
	if p.ppid, err = strconv.Atoi(fields[1]); err != nil {
		return p, 0, err
	}
	start, err := strconv.ParseInt(fields[19], 10, 64)
	if err != nil {
		return p, 0, err
	}
	const century = 1 << 38 // nearly, in ticks: more is made up, and would run over
	return p, time.Duration(min(max(start, 0), century)) * (time.Second / ticks), nil
}

// args returns the process's command line, at most 64 KiB of it; nil for a kernel thread, or one that is gone. It may
// hold secrets: a fact takes out of it what it knows, and nothing else.
func (p *process) args() []string {
	data, err := readFile(p.dir+"/cmdline", maxValue)
	if err != nil && !errors.Is(err, errLong) || len(data) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(data), "\x00"), "\x00")
}

// exe returns the path of the process's executable; deleted where that file is not there any more, or was replaced.
// It is empty for a kernel thread, and where it cannot be read.
func (p *process) exe() (path string, deleted bool) {
	link, err := os.Readlink(p.dir + "/exe")
	if err != nil {
		return "", false
	}
	return strings.CutSuffix(link, " (deleted)")
}

// booted is when the machine was started, by its own clock as that stands now: btime of /proc/stat.
func (h *Host) booted() (time.Time, error) {
	data, err := h.read(maxTable, "proc/stat")
	if err != nil {
		return time.Time{}, err
	}
	for line := range bytes.Lines(data) {
		if v, ok := bytes.CutPrefix(line, []byte("btime ")); ok {
			n, err := strconv.ParseInt(string(bytes.TrimSpace(v)), 10, 64)
			return time.Unix(n, 0).UTC(), err
		}
	}
	return time.Time{}, errors.New("/proc/stat has no btime")
}

// defaultKubeletRoot is where the kubelet keeps volumes and state unless it is told otherwise.
const defaultKubeletRoot = "/var/lib/kubelet"

// kubeletRoot is the kubelet's --root-dir as its process was started with; the default where it has none, or does not
// run.
func (h *Host) kubeletRoot(ctx context.Context) string {
	if p := h.kubelet(ctx); p != nil {
		if dir, ok := flagOf(p.args(), "root-dir"); ok && strings.HasPrefix(dir, "/") {
			return filepath.Clean(dir)
		}
	}
	return defaultKubeletRoot
}

// kubelet finds the kubelet's process, of which only pid, comm and dir are set; nil where none runs.
func (h *Host) kubelet(ctx context.Context) *process {
	h.mu.Lock()
	last := h.lastKubelet
	h.mu.Unlock()
	if last != nil && isKubelet(commOf(last.dir)) && !ended(last.dir) {
		return last
	}
	list, _ := h.named(ctx, isKubelet) // what was found until an error is as good
	if len(list) == 0 {
		return nil
	}
	h.mu.Lock()
	h.lastKubelet = &list[0]
	h.mu.Unlock()
	return &list[0]
}

func isKubelet(comm string) bool { return comm == "kubelet" || comm == "hyperkube" }

// named lists the processes of some name, of which it sets only pid, comm and dir: that is cheaper than all of them.
// Where several machines share one /proc (nodes in containers), those that see the same mounts as this process come
// alone.
func (h *Host) named(ctx context.Context, is func(comm string) bool) ([]process, error) {
	pids, err := h.pids()
	if err != nil {
		return nil, err
	}
	mounts, _ := os.Readlink(h.path("proc/self/ns/mnt")) // a folder that stands for a machine has none
	var all, ours []process
	for _, pid := range pids {
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
		p := process{pid: pid, dir: h.path("proc", strconv.Itoa(pid))}
		if p.comm = commOf(p.dir); !is(p.comm) || ended(p.dir) {
			continue
		}
		all = append(all, p)
		if ns, err := os.Readlink(p.dir + "/ns/mnt"); err == nil && ns == mounts {
			ours = append(ours, p)
		}
	}
	if len(ours) > 0 {
		return ours, nil
	}
	return all, nil
}

// zombie is the state of a process that has ended and that its parent has not asked about.
const zombie = "Z"

// ended reports whether a process has ended and only waits to be counted by its parent (state Z): its name is still
// there, and nothing else.
func ended(dir string) bool {
	data, err := readFile(dir+"/stat", maxValue)
	if err != nil {
		return false // a fixture may do without
	}
	p, _, err := parseStat(data)
	return err == nil && p.state == zombie
}

// commOf is a process's name; empty where it is gone.
func commOf(dir string) string {
	comm, err := readFile(dir+"/comm", maxValue)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(comm), "\n")
}

// flagOf returns the value of a flag on a command line: --name=value, --name value, with one dash or two.
func flagOf(args []string, name string) (value string, ok bool) {
	for i, a := range args {
		if !strings.HasPrefix(a, "-") {
			continue
		}
		n, v, has := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(a, "-"), "-"), "=")
		switch {
		case n != name:
		case has:
			value, ok = v, true // the last one counts
		case i+1 < len(args):
			value, ok = args[i+1], true
		}
	}
	return value, ok
}
