package node

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
)

const (
	maxBlocked = 20
	maxThreads = 1000
	slowPlugin = 30 * time.Second
	secondLook = 200 * time.Millisecond
)

// podUID is a Pod's UID; podPath is one in the path of a volume, or in the name of a cgroup, as cgroupfs or systemd
// writes it.
var (
	podUID  = match.Lazy(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	podPath = match.Lazy(
		`(?:/pods/|pod)([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})\b`)
)

// Programs of the runtimes, by their names; docker 1.13 of CentOS has names of its own for all of them.
var (
	daemon     = match.Lazy(`^(containerd|crio|cri-dockerd|dockerd(-current)?|docker-containerd(-current)?)$`)
	shim       = match.Lazy(`^((docker-)?containerd-shim.*|conmon)$`)
	lowRuntime = match.Lazy(`^((docker-)?runc(-current)?|crun|runc:\[.*)$`)
)

// mountProgram are the programs that mount what the kernel alone does not.
var mountProgram = match.Lazy(
	`^(u?mount(\..*)?|fsck.*|mkfs.*|mke2fs|e2fsck|xfs_repair|resize2fs|blkid|iscsiadm|multipath)$`)

func readBlocked(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	s := sharedOf(ctx, h)
	procs, err := s.procs()
	if err != nil {
		return nil, err
	}
	binDirs := s.conf().binDirs
	tasks := blocked(procs, binDirs, h.now())
	if slices.ContainsFunc(tasks, func(t task) bool { return t.State == "D" }) {
		select { // most sleeps on a disk end at once
		case <-ctx.Done():
		case <-time.After(secondLook):
		}
		tasks = slices.DeleteFunc(tasks, task.recovered)
	}
	var facts []nodefacts.Task
	for _, t := range tasks[:min(len(tasks), maxBlocked)] {
		t.PodUID = t.podUID()
		facts = append(facts, t.Task)
	}
	return func(f *nodefacts.NodeFacts) {
		if len(facts) > 0 {
			if f.Runtime == nil {
				f.Runtime = &nodefacts.Runtime{}
			}
			f.Runtime.Blocked = facts
		}
	}, nil
}

// A task is a process, or a thread of one, that does not get on.
type task struct {
	nodefacts.Task
	process
}

// recovered reports whether a task has got on since: it sleeps no more, or is gone.
func (t task) recovered() bool {
	data, err := readFile(t.dir+"/stat", maxValue)
	if err != nil {
		return true
	}
	p, _, err := parseStat(data)
	return err == nil && t.State == "D" && p.state != "D"
}

// blocked returns the processes of the runtime, and what it and the kubelet started, that hold up a call; those that
// are there for longest come first.
func blocked(procs []process, binDirs []string, now time.Time) []task {
	byPID := map[int]*process{}
	for i := range procs {
		byPID[procs[i].pid] = &procs[i]
	}
	var out []task
	for i := range procs {
		p := procs[i]
		role := roleOf(&p, byPID, binDirs)
		if role == "runtime" && !p.stuck() {
			p = p.stuckThread()
		}
		running := now.Sub(p.started)
		if role == "" || !p.stuck() && (role != "cni" || running <= slowPlugin) {
			continue
		}
		t := task{nodefacts.Task{PID: procs[i].pid, Command: clip(p.comm), State: p.state, Role: role,
			RunningMillis: max(now.Sub(procs[i].started).Milliseconds(), 0)}, p}
		if data, err := readFile(p.dir+"/wchan", maxText); err == nil && string(data) != "0" {
			t.Wait = clip(strings.TrimSpace(string(data)))
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b task) int { return cmp.Compare(b.RunningMillis, a.RunningMillis) })
	return out
}

func (p *process) stuck() bool { return p.state == "D" || p.state == "T" || p.state == "t" }

// stuckThread returns the first thread that is stuck; the process itself where there is none.
func (p process) stuckThread() process {
	names, err := tree{root: p.dir}.names("/task", maxThreads)
	if err != nil {
		return p
	}
	for _, n := range names {
		dir := p.dir + "/task/" + n
		data, err := readFile(dir+"/stat", maxValue)
		if err != nil {
			continue
		}
		if thread, _, err := parseStat(data); err == nil && thread.stuck() {
			thread.dir = dir
			return thread
		}
	}
	return p
}

// roleOf tells what a process is to the runtime; "" where it has nothing to do with starting a Pod. What runs in a
// container is below its shim, and no business of ours.
func roleOf(p *process, byPID map[int]*process, binDirs []string) string {
	switch name := p.name(); {
	case daemon().MatchString(name):
		return "runtime"
	case shim().MatchString(name):
		return "shim"
	case lowRuntime().MatchString(name):
		return "runc"
	}
	parent := byPID[p.ppid]
	for range 4 { // a plugin calls its IPAM plugin, a mount program its helper
		if parent == nil {
			return ""
		}
		// dockershim, in the kubelet, calls plugins itself
		if daemon().MatchString(parent.name()) || parent.comm == "kubelet" {
			if mountProgram().MatchString(p.comm) {
				return "mount"
			}
			if exe, _ := p.exe(); slices.Contains(binDirs, path.Dir(exe)) {
				return "cni"
			}
			// a script
			if args := p.args(); len(args) > 0 && slices.Contains(binDirs, path.Dir(args[0])) || len(args) > 1 &&
				slices.Contains(binDirs, path.Dir(args[1])) {
				return "cni"
			}
			return ""
		}
		parent = byPID[parent.ppid]
	}
	return ""
}

// podUID tells which Pod a process works for: K8S_POD_UID in CNI_ARGS, else a UID on its command line.
func (p *process) podUID() string {
	if f, err := os.Open(p.dir + "/environ"); err == nil {
		defer f.Close()
		if uid := podUIDOf(f); uid != "" {
			return uid
		}
	}
	for _, a := range p.args() {
		if m := podPath().FindStringSubmatch(a); m != nil {
			return strings.ReplaceAll(m[1], "_", "-")
		}
	}
	return ""
}

// podUIDOf looks for K8S_POD_UID in the variable CNI_ARGS of an environment ("K8S_POD_NAME=web-0;K8S_POD_UID=..."). Of
// other variables no value is kept.
func podUIDOf(environ io.Reader) string {
	s := bufio.NewScanner(io.LimitReader(environ, 1<<20))
	s.Buffer(make([]byte, 4096), 1<<18)
	s.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexByte(data, 0); i >= 0 {
			return i + 1, data[:i], nil
		}
		if atEOF && len(data) > 0 {
			return len(data), data, nil
		}
		return 0, nil, nil
	})
	for s.Scan() {
		args, ok := bytes.CutPrefix(s.Bytes(), []byte("CNI_ARGS="))
		if !ok {
			continue
		}
		for arg := range bytes.SplitSeq(args, []byte(";")) {
			if uid, ok := bytes.CutPrefix(arg, []byte("K8S_POD_UID=")); ok && podUID().Match(uid) {
				return clip(string(uid))
			}
		}
	}
	return ""
}
