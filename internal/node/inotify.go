package node

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
	"golang.org/x/sys/unix"
)

// maxHandles is how many file handles of processes are looked at. Each takes a system call.
const maxHandles = 100_000

// held is what root's processes hold of the limits that the kernel grants to a user. A handle that two processes share
// counts twice: the kernel does not tell.
type held struct {
	instances, watches int64
	userNS, netNS      map[string]bool // by the text of their links: net:[4026531840]
	handles            int             // looked at
}

// readInotify counts what root's processes hold of inotify and of namespaces.
func readInotify(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	var missing partial
	k, err := h.held(ctx)
	missing.miss("limits.inotifyInstances", err)
	missing.miss("limits.inotifyWatches", err)
	used := func(path string, n int64, limit string) *nodefacts.Used {
		highest, err := h.limit(limit)
		missing.miss(path, err)
		if err != nil {
			return nil
		}
		return &nodefacts.Used{Used: n, Max: highest}
	}
	var l nodefacts.Limits
	if err == nil {
		l.InotifyInstances = used("limits.inotifyInstances", k.instances, "fs/inotify/max_user_instances")
		l.InotifyWatches = used("limits.inotifyWatches", k.watches, "fs/inotify/max_user_watches")
	}
	var userNS, netNS int
	if err == nil { // the machine's own namespace counts against nobody
		userNS, netNS = max(len(k.userNS)-1, 0), max(len(k.netNS)-1, 0)
	}
	l.UserNamespaces = used("limits.userNamespaces", int64(userNS), "user/max_user_namespaces")
	l.NetNamespaces = used("limits.netNamespaces", int64(netNS), "user/max_net_namespaces")
	return func(f *nodefacts.NodeFacts) {
		to := limitsOf(f)
		to.InotifyInstances, to.InotifyWatches = l.InotifyInstances, l.InotifyWatches
		to.UserNamespaces, to.NetNamespaces = l.UserNamespaces, l.NetNamespaces
	}, missing.orNil()
}

// held looks at the processes of root. Where it may not look at all of them, or cannot in time, it says so: what it
// counted is too little.
func (h *Host) held(ctx context.Context) (held, error) {
	k := held{userNS: map[string]bool{}, netNS: map[string]bool{}}
	pids, err := h.pids()
	if err != nil {
		return k, err
	}
	root, err := owner(h.path("proc/1")) // a folder that stands for a machine belongs to whoever made it
	if err != nil {
		return k, err
	}
	var denied int
	for i, pid := range pids {
		if ctx.Err() != nil || k.handles > maxHandles {
			return k, fmt.Errorf("after %d of %d processes with %d open files there was no time for more", i, len(pids),
				k.handles)
		}
		dir := h.path("proc", strconv.Itoa(pid))
		for name, set := range map[string]map[string]bool{"user": k.userNS, "net": k.netNS} {
			if ns, err := os.Readlink(dir + "/ns/" + name); err == nil {
				set[ns] = true
			}
		}
		if uid, err := owner(dir); err == nil && uid == root && errors.Is(k.look(dir), fs.ErrPermission) {
			denied++
		}
	}
	if denied > 0 {
		return k, &message.Error{What: message.Of("fact.processes", "n", denied, "all", len(pids))}
	}
	return k, nil
}

// owner is the user that a process is of.
func owner(dir string) (uint32, error) {
	var s unix.Stat_t
	err := unix.Stat(dir, &s)
	return s.Uid, err
}

// look counts the inotify handles of one process, in /proc/PID/fd, and what they watch. A process that ends has none.
func (k *held) look(dir string) error {
	fds, err := os.Open(dir + "/fd")
	if err != nil {
		return err
	}
	defer fds.Close()
	for {
		names, err := fds.Readdirnames(1024)
		for _, name := range names {
			if k.handles++; k.handles > maxHandles {
				return nil
			}
			if to, err := os.Readlink(dir + "/fd/" + name); err != nil || !strings.HasPrefix(to, "anon_inode:") ||
				strings.Trim(to[len("anon_inode:"):], "[]") != "inotify" {
				continue
			}
			k.instances++
			if fdinfo, err := os.Open(dir + "/fdinfo/" + name); err == nil {
				k.watches += watches(fdinfo)
				fdinfo.Close()
			}
		}
		if err != nil {
			return nil // the end, or the process's
		}
	}
}

// watches counts the lines of /proc/PID/fdinfo/N that are a watch, of which each has some 120 bytes; those of the first
// 16 MiB are enough to see who holds them: "inotify wd:3 ino:9e7e sdev:800013 mask:800afce ignored_mask:0 ...".
func watches(fdinfo io.Reader) int64 {
	var n int64
	for lines := bufio.NewScanner(io.LimitReader(fdinfo, maxWatchInfo)); lines.Scan(); {
		if bytes.HasPrefix(lines.Bytes(), []byte("inotify ")) {
			n++
		}
	}
	return n
}
