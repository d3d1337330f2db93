package node

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// Most entries that a list of mounts has.
const maxListed = 50

// readMounts reads the mounts of Pods' volumes, what holds devices, and the programs that mounting needs.
func readMounts(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	var missing partial
	var m nodefacts.Mounts
	all, err := h.podMounts(ctx, &m)
	missing.miss("mounts.count", err)
	missing.miss("mounts.deleted", err)
	limit, err := h.limit("fs/mount-max")
	missing.miss("limits.mounts", err)
	m.Multipath, err = h.multipath()
	missing.miss("mounts.multipath", err)
	m.Helpers, err = h.mountPrograms()
	missing.miss("mounts.helpers", err)
	return func(f *nodefacts.NodeFacts) {
		to := mountsOf(f)
		to.Count, to.Deleted, to.Multipath, to.Helpers = m.Count, m.Deleted, m.Multipath, m.Helpers
		if all > 0 {
			limitsOf(f).Mounts = &nodefacts.Used{Used: all, Max: limit}
		}
	}, missing.orNil()
}

// podMounts counts all mounts, and finds those of Pods whose source was removed.
func (h *Host) podMounts(ctx context.Context, into *nodefacts.Mounts) (all int64, err error) {
	root := h.kubeletRoot(ctx)
	for m, err := range h.mounts(ctx) {
		if err != nil {
			return all, err
		}
		all++
		if !below(m.target, root+"/pods") {
			continue
		}
		into.Count++
		source, deleted := strings.CutSuffix(m.root, "//deleted")
		if !deleted || len(into.Deleted) == maxListed {
			continue
		}
		of := podMount(m.target, root)
		of.Source, of.Type, of.Why = source, m.kind, "deleted"
		into.Deleted = append(into.Deleted, of)
	}
	return all, nil
}

// podMount tells from where something is mounted what it is:
// ROOT/pods/UID/volumes/PLUGIN/VOLUME[/mount], or ROOT/pods/UID/volume-subpaths/VOLUME/CONTAINER/INDEX.
func podMount(target, root string) nodefacts.Mount {
	m := nodefacts.Mount{Target: target}
	rest, ok := strings.CutPrefix(target, strings.TrimSuffix(root, "/")+"/pods/")
	if !ok {
		return m
	}
	f := strings.Split(rest, "/")
	m.PodUID = f[0]
	switch {
	case len(f) >= 4 && f[1] == "volumes":
		m.Volume = f[3]
	case len(f) >= 4 && f[1] == "volume-subpaths":
		m.Volume, m.Container = f[2], f[3]
	}
	return m
}

// multipath finds the devices that a multipath map holds: /sys/block/dm-3/dm/uuid begins with mpath-, and slaves has
// its devices.
func (h *Host) multipath() ([]nodefacts.HeldDevice, error) {
	devices, err := h.mappedDevices()
	if err != nil {
		return nil, err
	}
	var held []nodefacts.HeldDevice
	for _, dm := range slices.Sorted(maps.Keys(devices)) {
		d := devices[dm]
		if !strings.HasPrefix(d.uuid, "mpath-") {
			continue
		}
		for _, b := range d.below {
			held = append(held, nodefacts.HeldDevice{Device: "/dev/" + b, Holder: dm + " " + d.name})
		}
	}
	return held[:min(len(held), maxListed)], nil
}

// entries lists what is in a folder, by name, at most 10,000.
func entries(folder string) ([]string, error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// rootPath is root's PATH, in which the kubelet and mount(8) find their programs.
var rootPath = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}

// mountHelpers are the programs that mounting needs, by what the kubelet and mount(8) call.
var mountHelpers = []string{"mount.nfs", "mount.nfs4", "mount.cifs", "mount.ceph", "mount.glusterfs", "iscsiadm",
	"multipath", "mkfs.ext4", "mkfs.xfs"}

// mountPrograms finds them. Those of which it may not be known whether they are there are left out.
func (h *Host) mountPrograms() (out []nodefacts.Helper, hidden error) {
	for _, name := range mountHelpers {
		at, err := h.lookPath(name)
		if err != nil {
			hidden = err
			continue
		}
		out = append(out, nodefacts.Helper{Name: name, Path: at})
	}
	return out, hidden
}

// lookPath finds a program as root's shell would; it is empty where there is none, with an error where one of the
// folders may not be looked into.
func (h *Host) lookPath(name string) (found string, hidden error) {
	for _, dir := range rootPath {
		if _, err := h.tree().at(dir); err != nil {
			hidden = err
			continue
		}
		at, err := h.resolve(path.Join(dir, name))
		if err == nil {
			var info os.FileInfo
			if info, err = h.tree().stat(at); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
				return path.Join(dir, name), nil
			}
		}
		if errors.Is(err, fs.ErrPermission) {
			hidden = err
		}
	}
	return "", hidden
}
