package node

import (
	"context"
	"os/exec"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// hostProbes read what the kernel tells of the machine.
var hostProbes = []probe{
	{"system", 2 * time.Second, readSystem},
	{"fileSystems", 3 * time.Second, readFileSystems},
	{"fileSystems.largest", 2 * time.Second, readLargest},
	{"fileSystems.thinPool", 3 * time.Second, readThinPools},
	{"memory", 2 * time.Second, readMemory},
	{"pressure", 2 * time.Second, readPressure},
	{"limits", 2 * time.Second, readLimits},
	{"limits.inotifyInstances", 3 * time.Second, readInotify},
	{"limits.podPIDs", 3 * time.Second, readPIDs},
	{"limits.memoryCgroups", 3 * time.Second, readCgroups},
	{"kernel", 5 * time.Second, readKernel},
	{"mounts", 3 * time.Second, readMounts},
	{"mounts.stale", 7 * time.Second, readStale},
	{"clock", 2 * time.Second, readClock},
}

// calls are what no folder can stand for. What is nil asks the kernel that this runs on.
type calls struct {
	own    mountTable // what this process itself sees
	statfs func(path string) (space, error)
	clocks func() (wall, boot time.Duration, err error) // since 1970, and since the boot
	synced func() (bool, error)
	stat   func(path string) (*child, error)
	// journal and dmsetup are the commands that are asked for the journal and for thin pools; nil where the node has
	// none.
	journal func(ctx context.Context, args []string) *exec.Cmd
	dmsetup func(ctx context.Context, args []string) *exec.Cmd
}

// limitsOf returns the limits of facts, which several probes set together.
func limitsOf(f *nodefacts.NodeFacts) *nodefacts.Limits {
	if f.Limits == nil {
		f.Limits = &nodefacts.Limits{}
	}
	return f.Limits
}

// mountsOf returns the mounts of facts, which two probes set together.
func mountsOf(f *nodefacts.NodeFacts) *nodefacts.Mounts {
	if f.Mounts == nil {
		f.Mounts = &nodefacts.Mounts{}
	}
	return f.Mounts
}

// orNil is a partial error only where something is missing.
func (p partial) orNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// miss notes that a fact could not be read, if err is not nil.
func (p *partial) miss(path string, err error) {
	if err != nil {
		*p = append(*p, Unread(path, err))
	}
}
