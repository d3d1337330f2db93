package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"golang.org/x/sys/unix"
)

// space is what statfs(2) tells of a file system, in bytes and inodes.
type space struct {
	bytes, bytesFree   int64 // bytes is 0 where it has no size (proc, a tmpfs without limit)
	inodes, inodesFree int64 // inodes is 0 where there is no fixed number
}

func statfs(path string) (space, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return space{}, &os.PathError{Op: "statfs", Path: path, Err: err}
	}
	size := int64(s.Frsize) // its type is another on each architecture
	if size <= 0 {
		size = int64(s.Bsize)
	}
	return space{int64(s.Blocks) * size, int64(s.Bavail) * size, int64(s.Files), int64(s.Ffree)}, nil
}

// runtimeRoots are where container runtimes keep images and sandboxes: containerd, CRI-O, docker, and the containerd of
// distributions of Kubernetes.
var runtimeRoots = []string{"/var/lib/containerd", "/var/lib/containers/storage", "/var/lib/docker",
	"/var/lib/rancher/k3s/agent/containerd",
	"/var/lib/rancher/rke2/agent/containerd", "/var/lib/k0s/containerd", "/var/snap/microk8s/common/var/lib/containerd"}

// A place is a folder that starting a Pod writes to.
type place struct{ role, path string }

// places are the folders that starting a Pod writes to and that are there. Where two runtimes are installed, both have
// one.
func (h *Host) places(ctx context.Context) []place {
	var out []place
	for _, p := range runtimeRoots {
		out = append(out, place{nodefacts.RoleRuntime, p})
	}
	kubelet := h.kubeletRoot(ctx)
	return append(out, place{nodefacts.RoleKubelet, kubelet}, place{nodefacts.RoleKubelet, filepath.Join(kubelet,
		"pods")}, place{nodefacts.RoleLogs, "/var/log/pods"},
		place{nodefacts.RoleRun, "/run"}, place{nodefacts.RoleTmp, "/tmp"})
}

// A measured place is one that is there, with where it leads to and how much room is there.
type measured struct {
	place
	real string // its path without symbolic links
	room space
}

// readFileSystems reads how full the file systems are that starting a Pod writes to. Each folder is asked in its own
// time: of one on a disk that hangs nothing is known, and the others are.
func readFileSystems(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	places := h.places(ctx)
	all, errs := make([]measured, len(places)), make([]error, len(places))
	var wg sync.WaitGroup
	for i, p := range places {
		wg.Go(func() { all[i], errs[i] = h.measure(ctx, p) })
	}
	wg.Wait()
	var missing partial
	var found []measured
	for i, err := range errs {
		switch {
		case err == nil:
			found = append(found, all[i])
		case errors.Is(err, errNotMounted):
			missing.miss("fileSystems", err) // it names the place
		case !errors.Is(err, fs.ErrNotExist):
			missing.miss("fileSystems", fmt.Errorf("%s: %w", places[i].path, err))
		}
	}
	list, err := fileSystems(found, h.mounts(ctx))
	missing.miss("fileSystems.device", err)
	return func(f *nodefacts.NodeFacts) { f.FileSystems = list }, missing.orNil()
}

// measure asks for the room at a place, for at most a second.
func (h *Host) measure(ctx context.Context, p place) (measured, error) {
	ask := h.calls.statfs
	if ask == nil {
		ask = statfs
	}
	var m measured
	set, err := h.try(ctx, probe{"fileSystems " + p.path, time.Second, func(context.Context, *Host) (
		func(*nodefacts.NodeFacts), error) {
		real, err := h.resolve(p.path)
		if err != nil {
			return nil, err
		}
		at, err := h.at(real)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(at); err != nil {
			return nil, err
		}
		room, err := ask(at)
		return func(*nodefacts.NodeFacts) { m = measured{p, real, room} }, err
	}})
	if err == nil {
		set(nil)
	}
	return m, err
}

// fileSystems makes one fact of all places that lie on the same file system. Where the mounts are not known, each place
// is its own.
func fileSystems(found []measured, table mountTable) ([]nodefacts.FileSystem, error) {
	var paths []string
	for _, m := range found {
		paths = append(paths, m.real)
	}
	mounts, err := mountsFor(table, paths)
	var list []nodefacts.FileSystem
	at := map[string]int{}
	for i, m := range found {
		key := m.real
		if mounts[i] != nil {
			key = mounts[i].dev
		}
		if j, ok := at[key]; ok {
			if !list[j].Has(m.role) {
				list[j].Roles = append(list[j].Roles, m.role)
			}
			list[j].ReadOnly = list[j].ReadOnly || mounts[i] != nil && mounts[i].has("ro")
			continue
		}
		at[key] = len(list)
		list = append(list, fileSystem(m, mounts[i]))
	}
	return list, err
}

func fileSystem(m measured, on *mount) nodefacts.FileSystem {
	f := nodefacts.FileSystem{Roles: []string{m.role}, Path: m.path}
	if m.room.bytes > 0 {
		f.Bytes, f.BytesFree = &m.room.bytes, &m.room.bytesFree
	}
	if m.room.inodes > 0 {
		f.Inodes, f.InodesFree = &m.room.inodes, &m.room.inodesFree
	}
	if on == nil {
		return f
	}
	f.Device, f.Type, f.ReadOnly = on.source, on.kind, on.has("ro")
	for _, q := range []string{"prjquota", "usrquota", "grpquota"} {
		if on.has(q) {
			f.Quota = q
			break
		}
	}
	return f
}

// Logs of containers that are worth to be named, how many of them, and how many files are looked at for it.
const (
	largeLog   = 100 << 20
	maxLogs    = 3
	maxEntries = 20_000
)

// readLargest finds the largest logs of containers.
func readLargest(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	logs, err := h.largeLogs(ctx, "/var/log/pods")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if len(logs) == 0 {
		return nil, err
	}
	var paths []string
	for _, l := range logs {
		paths = append(paths, l.What)
	}
	mounts, tableErr := mountsFor(h.mounts(ctx), paths)
	return func(f *nodefacts.NodeFacts) {
		for i, l := range logs {
			j := slices.IndexFunc(f.FileSystems, func(s nodefacts.FileSystem) bool {
				return mounts[i] != nil && s.Device == mounts[i].source && s.Type == mounts[i].kind
			})
			if j >= 0 {
				f.FileSystems[j].Largest = append(f.FileSystems[j].Largest, l)
			}
		}
	}, cmp.Or(err, tableErr)
}

// largeLogs finds the largest files below a folder, the largest first. A symbolic link counts as the file that it leads
// to (docker keeps the logs itself). It looks at no more than so many entries, and tells where that was not all.
func (h *Host) largeLogs(ctx context.Context, folder string) ([]nodefacts.Usage, error) {
	top, err := h.resolve(folder)
	if err != nil {
		return nil, err
	}
	var found []nodefacts.Usage
	var hidden error
	err = h.walk(ctx, top, func(path string, d fs.DirEntry) {
		if d.Type()&fs.ModeSymlink != 0 {
			var lost error
			if path, lost = h.resolve(path); lost != nil {
				hidden = lost
				return
			}
		} else if !d.Type().IsRegular() {
			return
		}
		if info, err := os.Lstat(h.path(path)); err == nil && info.Mode().IsRegular() && info.Size() > largeLog {
			found = append(found, nodefacts.Usage{What: path, Bytes: info.Size()})
		}
	})
	slices.SortFunc(found, func(a, b nodefacts.Usage) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.What, b.What))
	})
	return found[:min(len(found), maxLogs)], cmp.Or(err, hidden)
}

// walk visits what is below a folder, level by level, without following links. Folders that go away meanwhile are left
// out.
func (h *Host) walk(ctx context.Context, top string, visit func(path string, d fs.DirEntry)) error {
	var seen int
	for todo := []string{top}; len(todo) > 0; todo = todo[1:] {
		dir, err := os.Open(h.path(todo[0]))
		switch {
		case err != nil && todo[0] == top:
			return err
		case err != nil:
			continue
		}
		for err == nil {
			var entries []fs.DirEntry
			entries, err = dir.ReadDir(256)
			for _, d := range entries {
				path := filepath.Join(todo[0], d.Name())
				if d.IsDir() {
					todo = append(todo, path)
				}
				visit(path, d)
			}
			if seen += len(entries); seen > maxEntries || ctx.Err() != nil {
				dir.Close()
				return fmt.Errorf("%s: not all was looked at, only %d entries: there are more than %d, or time was up",
					top, seen, maxEntries)
			}
		}
		dir.Close()
	}
	return nil
}
