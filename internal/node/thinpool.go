package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
)

// dmsetup is the program that asks device mapper; only an ioctl tells how full a pool is.
var dmsetup = []string{"/usr/sbin/dmsetup", "/sbin/dmsetup"}

// maxStacked is how many device mapper devices may lie on each other: a thin volume below LUKS below LVM is three.
const maxStacked = 8

// A mapped device is one of device mapper: /sys/block/dm-3.
type mapped struct {
	name, uuid, dev string   // as dmsetup calls it; mpath-3600...; 253:3
	below           []string // the block devices that it lies on
}

// readThinPools reads how full the thin pools are that file systems or the runtime's snapshots lie on. That takes root:
// a container without the device /dev/mapper/control cannot.
func readThinPools(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	devices, err := h.mappedDevices()
	if errors.Is(err, os.ErrNotExist) || err == nil && !mayHavePools(devices) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	pools, err := h.thinPools(ctx)
	if err != nil || len(pools) == 0 {
		return nil, err
	}
	onto := map[string]*nodefacts.ThinPool{} // by device number
	for dm, d := range devices {
		if p := poolBelow(devices, pools, dm, maxStacked); p != nil {
			onto[d.dev] = p
		}
	}
	bySource, runtime := map[string]*nodefacts.ThinPool{}, runtimePool(pools)
	for m, err := range h.mounts(ctx) {
		if err != nil {
			return nil, err
		}
		p := onto[m.dev]
		if p == nil {
			continue
		}
		bySource[m.source] = p
		if below(m.target, "/run/containerd") || slices.ContainsFunc(runtimeRoots,
			func(r string) bool { return m.target != r && below(m.target, r) }) {
			runtime = p
		}
	}
	return func(f *nodefacts.NodeFacts) {
		for i := range f.FileSystems {
			fs := &f.FileSystems[i]
			if fs.ThinPool = bySource[fs.Device]; fs.ThinPool == nil && fs.Has(nodefacts.RoleRuntime) {
				fs.ThinPool = runtime
			}
		}
	}, nil
}

// mappedDevices are those of device mapper by their names in /sys/block.
func (h *Host) mappedDevices() (map[string]mapped, error) {
	dir, err := h.at("sys/block")
	if err != nil {
		return nil, err
	}
	names, err := entries(dir)
	out := map[string]mapped{}
	for _, dm := range names {
		if !strings.HasPrefix(dm, "dm-") {
			continue
		}
		name, err := h.text("sys/block", dm, "dm/name")
		if err != nil {
			continue // it went away
		}
		uuid, _ := h.text("sys/block", dm, "dm/uuid")
		dev, _ := h.text("sys/block", dm, "dev")
		below, _ := entries(h.path("sys/block", dm, "slaves"))
		out[dm] = mapped{name, uuid, dev, below}
	}
	return out, err
}

// mayHavePools tells by names whether it is worth to ask: LVM calls the parts of a pool X_tdata and X_tmeta, docker and
// containerd's guide call theirs ...pool. Most nodes with device mapper have ordinary volumes, and no right to ask is
// no loss there.
func mayHavePools(devices map[string]mapped) bool {
	for _, d := range devices {
		if strings.Contains(d.name, "pool") || strings.HasSuffix(d.name, "_tdata") {
			return true
		}
	}
	return false
}

// poolBelow is the thin pool that a device is or lies on.
func poolBelow(devices map[string]mapped, pools []nodefacts.ThinPool, dm string, limit int) *nodefacts.ThinPool {
	d, ok := devices[dm]
	if !ok || limit == 0 {
		return nil
	}
	if i := slices.IndexFunc(pools, func(p nodefacts.ThinPool) bool { return p.Name == d.name }); i >= 0 {
		return &pools[i]
	}
	for _, b := range d.below {
		if p := poolBelow(devices, pools, b, limit-1); p != nil {
			return p
		}
	}
	return nil
}

// runtimePool is the pool that is the runtime's by its name, as docker and containerd's guide call theirs: where no
// container runs, no mount tells.
func runtimePool(pools []nodefacts.ThinPool) *nodefacts.ThinPool {
	for i := range pools {
		if n := pools[i].Name; strings.Contains(n, "docker") || strings.Contains(n, "containerd") {
			return &pools[i]
		}
	}
	return nil
}

// thinPools asks device mapper for its pools.
func (h *Host) thinPools(ctx context.Context) ([]nodefacts.ThinPool, error) {
	ask := h.calls.dmsetup
	if ask == nil {
		ask = func(ctx context.Context, args []string) *exec.Cmd { return h.program(ctx, dmsetup, args) }
	}
	cmd := ask(ctx, []string{"status", "--target", "thin-pool"})
	if cmd == nil {
		return nil, nil // a node with thin pools has it
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	switch {
	case cmd.Err != nil:
		return nil, cmd.Err
	case err != nil:
		return nil, fmt.Errorf("dmsetup: %w: %.200s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return parsePools(string(out)), nil
}

// parsePools reads what dmsetup status says of thin pools (thin-provisioning.txt of the kernel), of those that are
// well:
//
//	NAME: START LENGTH thin-pool TRANSACTION USED/TOTAL USED/TOTAL HELD ...    first metadata, then data
func parsePools(status string) []nodefacts.ThinPool {
	var out []nodefacts.ThinPool
	for line := range strings.Lines(status) {
		name, rest, _ := strings.Cut(line, ": ")
		fields := strings.Fields(rest)
		if len(fields) < 6 || fields[2] != "thin-pool" {
			continue
		}
		p := nodefacts.ThinPool{Name: clip(name)}
		if share(fields[4], &p.MetadataUsed, &p.MetadataTotal) && share(fields[5], &p.DataUsed, &p.DataTotal) {
			out = append(out, p)
		}
	}
	return out
}

// share reads USED/TOTAL.
func share(text string, used, total *int64) bool {
	n, err := fmt.Sscanf(text, "%d/%d", used, total)
	return err == nil && n == 2 && *used >= 0 && *total > 0
}

// program is the node's own program of several names, which reads what only it knows the form of; nil where the node
// has none. Where Root is not this process's own, it runs below it, and that needs CAP_SYS_CHROOT and all of the node's
// files.
func (h *Host) program(ctx context.Context, names, args []string) *exec.Cmd {
	for _, name := range names {
		if _, err := h.tree().stat(name); errors.Is(err, os.ErrNotExist) {
			continue
		}
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Env = []string{"LC_ALL=C", "SYSTEMD_COLORS=0"}
		if h.tree().mounted != nil { // neither its libraries are there nor what it asks
			cmd.Err = &message.Error{What: message.Of("fact.program", "program", path.Base(name))}
			return cmd
		}
		if root := filepath.Clean(h.Root); root != "/" {
			cmd.Dir = "/"
			cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
		}
		return cmd
	}
	return nil
}
