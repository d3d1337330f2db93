package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
)

const (
	maxCgroups     = 50_000    // looked at
	maxFullCgroups = 20        // listed
	maxCgroupsV1   = 1<<16 - 1 // a memory cgroup of version 1 has a number of 16 bits
)

// controller is the folder, below Root, in which a controller's cgroups are.
func (h *Host) controller(name string) (string, error) {
	v, err := h.cgroupVersion()
	if err != nil {
		return "", err
	}
	if v == 2 {
		return "/" + cgroups, nil
	}
	return "/" + cgroups + "/" + name, nil
}

// readPIDs reads how many tasks Pods and the container runtime may have, and have.
func readPIDs(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	top, err := h.controller("pids")
	if err != nil {
		return nil, err
	}
	var missing partial
	var pods *nodefacts.Used
	var full []nodefacts.FullCgroup
	kubepods, err := h.kubepods(top)
	if err == nil {
		pods, err = h.pidsOf(top + kubepods)
	}
	missing.miss("limits.podPIDs", err)
	if kubepods != "" {
		full, err = h.fullCgroups(ctx, top, kubepods)
		missing.miss("limits.fullCgroups", err)
	}
	runtime, err := h.runtimePIDs(ctx, top)
	missing.miss("limits.runtimePIDs", err)
	return func(f *nodefacts.NodeFacts) {
		l := limitsOf(f)
		l.PodPIDs, l.FullCgroups, l.RuntimePIDs = pods, full, runtime
	}, missing.orNil()
}

// kubepods finds the cgroup of all Pods: at the top, or below the kubelet's --cgroup-root.
func (h *Host) kubepods(top string) (string, error) {
	names := func(dir string) []string {
		list, _ := subfolders(h.path(top, dir))
		slices.Sort(list)
		return list
	}
	first := names("/")
	for _, dir := range first {
		if isKubepods(dir) {
			return "/" + dir, nil
		}
	}
	for _, dir := range first {
		for _, sub := range names(dir) {
			if isKubepods(sub) {
				return "/" + dir + "/" + sub, nil
			}
		}
	}
	return "", fmt.Errorf("there is no cgroup kubepods or kubepods.slice in %s", top)
}

func isKubepods(name string) bool {
	return name == "kubepods" || name == "kubepods.slice" || strings.HasSuffix(name, "-kubepods.slice")
}

// pidsOf reads pids.current and pids.max of a cgroup.
func (h *Host) pidsOf(cgroup string) (*nodefacts.Used, error) {
	limit, err := h.number(cgroup, "pids.max")
	if err != nil {
		return nil, err
	}
	n, err := h.number(cgroup, "pids.current")
	if err != nil {
		return nil, err
	}
	return &nodefacts.Used{Used: n, Max: limit}, nil
}

// fullCgroups finds the cgroups below kubepods that have no task left, the first by their path.
func (h *Host) fullCgroups(ctx context.Context, top, kubepods string) ([]nodefacts.FullCgroup, error) {
	var full []nodefacts.FullCgroup
	err := h.eachCgroup(ctx, top+kubepods, func(dir string) {
		limit, err := h.number(dir, "pids.max")
		if err != nil || limit == 0 {
			return
		}
		if n, err := h.number(dir, "pids.current"); err == nil && n >= limit {
			cgroup := strings.TrimPrefix(dir, top)
			full = append(full, nodefacts.FullCgroup{Path: cgroup, PodUID: podOfCgroup(cgroup), Used: n, Max: limit})
		}
	})
	slices.SortFunc(full, func(a, b nodefacts.FullCgroup) int { return strings.Compare(a.Path, b.Path) })
	return full[:min(len(full), maxFullCgroups)], err
}

// A Pod's UID is that of its object, or, of a static Pod, a hash. systemd's names have _ for -.
var podCgroup = match.Lazy(
	`(?:^|[/-])pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?:` +
		`/|$)`)

// podOfCgroup returns the UID of the Pod whose cgroup this is, or is below: /kubepods/burstable/podUID/..., and
// /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID.slice/....
func podOfCgroup(cgroup string) string {
	if m := podCgroup().FindStringSubmatch(cgroup); m != nil {
		return strings.ReplaceAll(m[1], "_", "-")
	}
	return ""
}

// runtimes are the names of the processes that make sandboxes and containers, or keep images.
var runtimes = []string{"containerd", "crio", "dockerd"}

// runtimePIDs reads the tasks of the container runtime's own cgroup: of the fullest where several run. It is nil where
// none runs, or it has no cgroup of its own.
func (h *Host) runtimePIDs(ctx context.Context, top string) (*nodefacts.Used, error) {
	list, err := h.named(ctx, func(comm string) bool { return slices.Contains(runtimes, comm) })
	var worst *nodefacts.Used
	for _, p := range list {
		data, err := readFile(p.dir+"/cgroup", maxValue)
		if err != nil {
			continue
		}
		cgroup := parseCgroup(data, "pids")
		if cgroup == "" || cgroup == "/" {
			continue // the root has no limit of its own
		}
		u, err := h.pidsOf(top + cgroup)
		if err != nil {
			continue // it has just ended, or the pids controller is not turned on for it
		}
		if worst == nil || fuller(u, worst) {
			worst = u
		}
	}
	return worst, err
}

// fuller reports whether less is left of a than of b.
func fuller(a, b *nodefacts.Used) bool {
	if a.Max == 0 || b.Max == 0 {
		return a.Max != 0
	}
	return a.Max-a.Used < b.Max-b.Used
}

// parseCgroup finds a process's cgroup in /proc/PID/cgroup: "8:pids:/system.slice/containerd.service" of version 1,
// else "0::/system.slice/containerd.service". For a reader in a cgroup namespace of its own the path leads up first:
// /../../system.slice.
func parseCgroup(data []byte, controller string) string {
	var unified string
	for line := range bytes.Lines(data) {
		f := strings.SplitN(strings.TrimSuffix(string(line), "\n"), ":", 3)
		switch {
		case len(f) != 3:
		case hasWord(f[1], controller):
			return path.Clean("/" + f[2])
		case f[1] == "":
			unified = path.Clean("/" + f[2])
		}
	}
	return unified
}

// readCgroups counts the cgroups of the memory controller, and the folders of them: the kernel counts those too that
// are removed and that something still holds.
func readCgroups(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	v, err := h.cgroupVersion()
	if err != nil {
		return nil, err
	}
	var used nodefacts.Used
	var there int64
	if v == 2 {
		var data []byte
		if data, err = h.read(maxValue, cgroups, "cgroup.stat"); err == nil {
			var dying int64
			there, dying, err = parseCgroupStat(data)
			used.Used = there + dying
		}
	} else {
		used.Max = maxCgroupsV1
		var data []byte
		if data, err = h.read(maxValue, "proc/cgroups"); err == nil {
			used.Used, err = parseCgroups(data, "memory")
		}
		if err == nil {
			err = h.eachCgroup(ctx, "/"+cgroups+"/memory", func(string) { there++ })
		}
	}
	if err != nil && used.Used == 0 {
		return nil, err
	}
	return func(f *nodefacts.NodeFacts) {
		l := limitsOf(f)
		l.Cgroups = &used
		if err == nil {
			l.MemoryCgroups = &there
		}
	}, err
}

// parseCgroups reads num_cgroups of a controller from /proc/cgroups: "memory	4	65012	1".
func parseCgroups(data []byte, controller string) (int64, error) {
	for line := range bytes.Lines(data) {
		if f := strings.Fields(string(line)); len(f) == 4 && f[0] == controller {
			return strconv.ParseInt(f[2], 10, 64)
		}
	}
	return 0, fmt.Errorf("/proc/cgroups has no controller %s", controller)
}

// parseCgroupStat reads nr_descendants and nr_dying_descendants of cgroup.stat.
func parseCgroupStat(data []byte) (there, dying int64, err error) {
	var found bool
	for line := range bytes.Lines(data) {
		name, value, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
		n, bad := strconv.ParseInt(value, 10, 64)
		switch name {
		case "nr_descendants":
			there, found, err = n, true, errors.Join(err, bad)
		case "nr_dying_descendants":
			dying, err = n, errors.Join(err, bad)
		}
	}
	if !found {
		err = errors.New("cgroup.stat has no nr_descendants")
	}
	return there, dying, err
}

// eachCgroup visits a cgroup and all below it.
func (h *Host) eachCgroup(ctx context.Context, top string, visit func(dir string)) error {
	var seen int
	for todo := []string{top}; len(todo) > 0; todo = todo[1:] {
		if seen++; seen > maxCgroups || ctx.Err() != nil {
			return fmt.Errorf("%s: there are more than %d cgroups, or time was up", top, seen-1)
		}
		dir := todo[0]
		subs, err := subfolders(h.path(dir))
		if err != nil && dir == top {
			return err
		}
		visit(dir)
		for _, s := range subs {
			todo = append(todo, dir+"/"+s)
		}
	}
	return nil
}

// subfolders lists the folders in a folder, at most 10,000. Most cgroups have none and some forty files: their number
// of links tells, without a look.
func subfolders(dir string) ([]string, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && s.Nlink == 2 {
		return nil, nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []string
	for err == nil && len(out) < 10_000 {
		var entries []fs.DirEntry
		entries, err = f.ReadDir(1024)
		for _, e := range entries {
			if e.IsDir() {
				out = append(out, e.Name())
			}
		}
	}
	return out, nil
}
