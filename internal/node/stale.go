package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"golang.org/x/sys/unix"
)

// Network mounts are asked so many at once, each for so long, and none is begun with later than that.
const (
	maxConcurrent = 8
	statTimeout   = 2 * time.Second
	lastStart     = 4500 * time.Millisecond
	maxNetwork    = 200 // mounts that are asked at all
)

// hangs is what is wrong with a mount that does not answer in time.
const hangs = "timeout"

// statCommand makes this program ask about one path and end: "stuck-agent statfs-and-exit /var/lib/kubelet/...".
const statCommand = "statfs-and-exit"

// statAsked is the exit code of a child that was answered; an error number of the kernel is added to it. It is none
// that a program has by chance.
const statAsked = 100

// StatChild is the part of the agent that looks at a mount that may hang. The program's main calls it first thing, with
// os.Args, and where it was handled ends with this code, without doing anything else.
func StatChild(args []string) (handled bool, code int) {
	if len(args) != 3 || args[1] != statCommand {
		return false, 0
	}
	var s unix.Statfs_t
	err := unix.Statfs(args[2], &s)
	if errno, ok := errors.AsType[unix.Errno](err); ok {
		return true, statAsked + int(errno)
	}
	return true, statAsked
}

// A child is a process that looks at one mount.
type child struct {
	done <-chan int // its exit code, when it ends
	kill func()     // asks it to end; one in uninterruptible sleep does not
}

// startChild starts this program again, without any of its environment.
func startChild(path string) (*child, error) {
	cmd := exec.Command("/proc/self/exe", statCommand, path)
	cmd.Env = []string{}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	done := make(chan int, 1)
	go func() {
		_ = cmd.Wait() // its exit code says it
		done <- cmd.ProcessState.ExitCode()
	}()
	return &child{done, func() { _ = cmd.Process.Kill() }}, nil
}

// readStale looks at network mounts, each in a process of its own: who asks a dead server may never come back.
func readStale(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	list, err := networkMounts(h.mounts(ctx))
	if list == nil {
		return nil, err
	}
	begun, cancel := context.WithTimeout(ctx, lastStart)
	defer cancel()
	found, errs := make([][]staleMount, len(list)), make([]error, len(list))
	turn := make(chan struct{}, maxConcurrent)
	var wg sync.WaitGroup
	for i := range list {
		wg.Go(func() {
			select {
			case turn <- struct{}{}:
				defer func() { <-turn }()
				found[i], errs[i] = h.askAll(ctx, begun, list[i])
			case <-begun.Done():
				errs[i] = fmt.Errorf("%s: others hung, and time was up", list[i][0].target)
			}
		})
	}
	wg.Wait()
	root := h.kubeletRoot(ctx)
	var stale []nodefacts.Mount
	for _, m := range slices.Concat(found...) {
		of := podMount(m.target, root)
		of.Source, of.Type, of.Why = m.source, m.kind, m.why
		stale = append(stale, of)
	}
	stale = stale[:min(len(stale), maxListed)]
	return func(f *nodefacts.NodeFacts) { mountsOf(f).Stale = stale }, cmp.Or(append(errs, err)...)
}

// A staleMount is one that did not answer, and how.
type staleMount struct {
	mount
	why string
}

// networkMounts lists the mounts whose server may be gone, those of one file system together.
func networkMounts(table mountTable) (list [][]mount, err error) {
	at := map[string]int{}
	var n int
	for m, err := range table {
		if err != nil {
			return list, err
		}
		if !isNetwork(m.kind) {
			continue
		}
		if n++; n > maxNetwork {
			return list, fmt.Errorf("only %d network mounts are looked at, and there are more", maxNetwork)
		}
		i, there := at[m.key()]
		if !there {
			i = len(list)
			at[m.key()] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], m)
	}
	return list, nil
}

// key tells the file systems of network mounts apart.
func (m *mount) key() string { return m.dev + " " + m.source }

// askAll looks at the mounts of one file system. Where the first answers, all would; where it hangs, so would the
// others; where it has an error, each may have its own, and is asked until time is up.
func (h *Host) askAll(ctx, begun context.Context, of []mount) ([]staleMount, error) {
	why, err := h.ask(ctx, &of[0])
	if why == "" {
		return nil, err
	}
	stale := []staleMount{{of[0], why}}
	for i := range of[1:] {
		m := &of[i+1]
		if why != hangs {
			if begun.Err() != nil {
				return stale, fmt.Errorf("%s: time was up", m.target)
			}
			why, err = h.ask(ctx, m)
			if err != nil {
				return stale, err
			}
		}
		if why != "" {
			stale = append(stale, staleMount{*m, why})
		}
	}
	return stale, nil
}

func isNetwork(kind string) bool {
	return slices.Contains([]string{"nfs", "nfs4", "cifs", "smb3", "ceph", "fuse", "fuseblk", "glusterfs", "9p",
		"beegfs", "lustre"}, kind) || strings.HasPrefix(kind, "fuse.")
}

// ask looks at one mount, and tells what is wrong with it: "" where nothing is, timeout, or the error's name. While a
// process that was left behind still hangs at it, no other is started.
func (h *Host) ask(ctx context.Context, m *mount) (why string, err error) {
	key := "mounts.stale " + m.key()
	if _, ok := h.begin(key); !ok {
		return hangs, nil
	}
	start := h.calls.stat
	if start == nil {
		start = startChild
	}
	at, err := h.at(m.target)
	if err != nil {
		h.end(key)
		return "", err
	}
	c, err := start(at)
	if err != nil {
		h.end(key)
		return "", fmt.Errorf("%s: %w", m.target, err)
	}
	select {
	case code := <-c.done:
		h.end(key)
		return answer(m.target, code)
	case <-ctx.Done():
		err = fmt.Errorf("%s: %w", m.target, ctx.Err())
	case <-time.After(statTimeout):
		why = hangs
	}
	c.kill()
	go func() {
		<-c.done
		h.end(key)
	}()
	return why, err
}

// answer tells what an exit code of StatChild says. That root may not look, as with FUSE file systems of other users,
// says nothing of their health.
func answer(target string, code int) (why string, err error) {
	errno := unix.Errno(code - statAsked)
	switch {
	case code == statAsked, errno == unix.EACCES, errno == unix.EPERM, errno == unix.ENOSYS:
		return "", nil
	case errno == unix.ENOENT, errno == unix.ENOTDIR:
		return "", fmt.Errorf("%s: %w: it was unmounted, or is not to be seen from here", target, os.ErrNotExist)
	case code > statAsked:
		return cmp.Or(unix.ErrnoName(errno), errno.Error()), nil
	}
	return "", fmt.Errorf("%s: the process that was to look at it ended with %d", target, code)
}
