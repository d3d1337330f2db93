package node

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

const (
	mostBlocked = 20
	slowPlugin  = 30 * time.Second
)

// podUID is a Pod's UID: as the API has it, or as cgroup names and systemd slices write it.
var podUID = regexp.MustCompile(`\b[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}\b`)

// mountProgram are the programs that mount what the kernel alone does not.
var mountProgram = regexp.MustCompile(`^(u?mount(\..*)?|fsck.*|mkfs.*|mke2fs|e2fsck|xfs_repair|resize2fs|blkid|iscsiadm|multipath)$`)

func readBlocked(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	s := sharedOf(ctx, h)
	procs, err := s.procs()
	if err != nil {
		return nil, err
	}
	tasks := blocked(procs, s.conf().binDirs, h.now())
	return func(f *nodefacts.NodeFacts) {
		if len(tasks) > 0 {
			if f.Runtime == nil {
				f.Runtime = &nodefacts.Runtime{}
			}
			f.Runtime.Blocked = tasks
		}
	}, nil
}

// blocked returns the processes of the runtime, and what it and the kubelet started, that hold up a call.
func blocked(procs []process, binDirs []string, now time.Time) []nodefacts.Task {
	byPID := map[int]*process{}
	for i := range procs {
		byPID[procs[i].pid] = &procs[i]
	}
	var out []nodefacts.Task
	for i := range procs {
		p := &procs[i]
		role := roleOf(p, byPID, binDirs)
		running := now.Sub(p.started)
		stuck := p.state == "D" || p.state == "T" || p.state == "t"
		if role == "" || !stuck && (role != "cni" || running <= slowPlugin || p.state == "Z") {
			continue
		}
		t := nodefacts.Task{PID: p.pid, Command: clip(p.comm), State: p.state, Role: role, RunningMillis: max(running.Milliseconds(), 0), PodUID: p.podUID()}
		if data, err := readFile(p.dir+"/wchan", textMost); err == nil && string(data) != "0" {
			t.Wait = clip(strings.TrimSpace(string(data)))
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b nodefacts.Task) int { // the one that is behind the others has most often been there for long
		return cmp.Compare(b.RunningMillis, a.RunningMillis)
	})
	return out[:min(len(out), mostBlocked)]
}

// roleOf tells what a process is to the runtime; "" where it has nothing to do with starting a Pod. What runs in a container is below its shim, and no business of ours.
func roleOf(p *process, byPID map[int]*process, binDirs []string) string {
	switch {
	case slices.Contains(daemons, p.comm):
		return "runtime"
	case strings.HasPrefix(p.comm, "containerd-shim"), p.comm == "conmon":
		return "shim"
	case p.comm == "runc", p.comm == "crun", strings.HasPrefix(p.comm, "runc:["):
		return "runc"
	}
	parent := byPID[p.ppid]
	for range 4 { // a plugin calls its IPAM plugin, a mount program its helper
		if parent == nil {
			return ""
		}
		switch {
		case slices.Contains(daemons, parent.comm) || parent.comm == "kubelet":
			if mountProgram.MatchString(p.comm) {
				return "mount"
			}
			if parent.comm == "kubelet" {
				return ""
			}
			if exe, _ := p.exe(); slices.Contains(binDirs, path.Dir(exe)) {
				return "cni"
			}
			if args := p.args(); len(args) > 0 && slices.Contains(binDirs, path.Dir(args[0])) || len(args) > 1 && slices.Contains(binDirs, path.Dir(args[1])) { // a script
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
		if uid := podUID.FindString(a); uid != "" {
			return strings.ReplaceAll(uid, "_", "-")
		}
	}
	return ""
}

// podUIDOf looks for K8S_POD_UID in the variable CNI_ARGS of an environment ("K8S_POD_NAME=web-0;K8S_POD_UID=..."). Of other variables no value is kept.
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
			if uid, ok := bytes.CutPrefix(arg, []byte("K8S_POD_UID=")); ok && podUID.Match(uid) {
				return clip(string(uid))
			}
		}
	}
	return ""
}
