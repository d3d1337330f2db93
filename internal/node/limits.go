package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
)

// readLimits reads the limits that stand in one file each. One that this kernel does not have is no limit.
func readLimits(_ context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	var missing partial
	files, err := h.files()
	missing.miss("limits.files", err)
	threads, err := h.threads()
	missing.miss("limits.threads", err)
	return func(f *nodefacts.NodeFacts) {
		l := limitsOf(f)
		l.Files, l.Threads = files, threads
	}, missing.orNil()
}

// files reads /proc/sys/fs/file-nr: "1952 0 9223372036854775807" are handles allocated, of those free (always 0 since
// 2.6), and the most.
func (h *Host) files() (*nodefacts.Used, error) {
	s, err := h.text("proc/sys/fs/file-nr")
	if err != nil {
		return nil, err
	}
	n, err := numbers(s)
	if err != nil || len(n) != 3 {
		return nil, fmt.Errorf("/proc/sys/fs/file-nr is %.100q and should be three numbers", s)
	}
	return &nodefacts.Used{Used: n[0] - n[1], Max: n[2]}, nil
}

// threads counts all tasks ("0.20 0.18 0.12 1/80 11206" in /proc/loadavg are 80) against the lower of two limits.
func (h *Host) threads() (*nodefacts.Used, error) {
	s, err := h.text("proc/loadavg")
	if err != nil {
		return nil, err
	}
	n, err := tasks(s)
	if err != nil {
		return nil, err
	}
	if h.ownPIDs() {
		return nil, &message.Error{What: message.Of("fact.pid-namespace")}
	}
	pidMax, err := h.number("proc/sys/kernel/pid_max")
	if err != nil {
		return nil, err
	}
	threadsMax, err := h.number("proc/sys/kernel/threads-max")
	if err != nil {
		return nil, err
	}
	return &nodefacts.Used{Used: n, Max: min(pidMax, threadsMax)}, nil
}

// ownPIDs reports whether this runs in a PID namespace of its own, in which kernel.pid_max is that of the namespace and
// not of the node, since Linux 6.14: it has another number then in the node's /proc than in its own.
func (h *Host) ownPIDs() bool {
	there, err := os.Readlink(h.path("proc/self"))
	here, ownErr := os.Readlink("/proc/self")
	return err == nil && ownErr == nil && there != here // a folder that stands for a machine has none
}

func tasks(loadavg string) (int64, error) {
	f := strings.Fields(loadavg)
	if len(f) != 5 {
		return 0, fmt.Errorf("/proc/loadavg is %.100q and should be five fields", loadavg)
	}
	_, all, _ := strings.Cut(f[3], "/")
	n, err := strconv.ParseInt(all, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("/proc/loadavg: %w", err)
	}
	return n, nil
}

// numbers reads numbers with space between them.
func numbers(s string) ([]int64, error) {
	var out []int64
	for _, f := range strings.Fields(s) {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// limit reads a limit below /proc/sys; 0, for none, where this kernel does not have it.
func (h *Host) limit(elem string) (int64, error) {
	n, err := h.number("proc/sys", elem)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return n, err
}
