package node

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// maxMounts is how many mounts are looked at. The kernel's own limit is 100,000 (fs.mount-max) unless somebody raised
// it.
const maxMounts = 200_000

// A mount is one line of /proc/PID/mountinfo.
type mount struct {
	dev      string // of the file system: 253:0
	root     string // which folder of the file system is mounted; ends in //deleted when that was removed
	target   string // where
	options  string // of this mount: rw,relatime
	kind     string // of file system: ext4, nfs4, fuse.glusterfs
	source   string // /dev/vda1, server:/export
	superOps string // of the file system: rw,prjquota
}

// has reports whether an option is set, of the mount or of its file system.
func (m *mount) has(option string) bool {
	return hasWord(m.options, option) || hasWord(m.superOps, option)
}

func hasWord(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if w == word {
			return true
		}
	}
	return false
}

// A mountTable yields mounts, and an error where it cannot go on.
type mountTable = iter.Seq2[mount, error]

// mounts are those of this process, where it runs on the machine itself and sees what the machine sees; else those of
// the kubelet, or of the machine's first process, for what this one sees is the mounts of a container.
func (h *Host) mounts(ctx context.Context) mountTable {
	file := h.path("proc/1/mountinfo")
	if h.Root == "/" {
		file = "/proc/self/mountinfo"
	} else if p := h.kubelet(ctx); p != nil && h.exists("proc", strconv.Itoa(p.pid), "mountinfo") {
		file = p.dir + "/mountinfo"
	}
	return func(yield func(mount, error) bool) {
		f, err := os.Open(file)
		if err != nil {
			yield(mount{}, err)
			return
		}
		defer f.Close()
		parseMountinfo(f)(yield)
	}
}

// parseMountinfo reads /proc/PID/mountinfo (proc(5)) line by line, for it may have 100,000 of them:
//
//	36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
func parseMountinfo(r io.Reader) mountTable {
	return func(yield func(mount, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxValue)
		for n := 0; lines.Scan(); n++ {
			if n == maxMounts {
				yield(mount{}, fmt.Errorf("mountinfo: %w: %d mounts", errLong, n))
				return
			}
			m, err := parseMount(lines.Text())
			if !yield(m, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(mount{}, fmt.Errorf("mountinfo: %w", err))
		}
	}
}

func parseMount(line string) (mount, error) {
	before, after, ok := strings.Cut(line, " - ")
	b, a := strings.SplitN(before, " ", 7), strings.SplitN(after, " ", 3)
	if !ok || len(b) < 6 || len(a) < 2 {
		return mount{}, fmt.Errorf("mountinfo: a line is %.200q", line)
	}
	m := mount{dev: b[2], root: unescape(b[3]), target: unescape(b[4]), options: b[5], kind: a[0],
		source: unescape(a[1])}
	if len(a) == 3 {
		m.superOps = a[2]
	}
	return m, nil
}

// unescape undoes what the kernel writes for space, tab, line break and backslash: \040, \011, \012, \134.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`, `\043`, "#").Replace(s)
}

// mountsFor finds, for each of some paths, the mount that it lies on: the last one of the longest target.
func mountsFor(table mountTable, paths []string) ([]*mount, error) {
	on := make([]*mount, len(paths))
	for m, err := range table {
		if err != nil {
			return on, err
		}
		for i, p := range paths {
			if below(p, m.target) && (on[i] == nil || len(m.target) >= len(on[i].target)) {
				one := m
				on[i] = &one
			}
		}
	}
	return on, nil
}

// below reports whether a path is a folder, or in it.
func below(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(folder, "/"))
	return ok && (rest == "" || rest[0] == '/')
}

// maxLinks is how many symbolic links a path may lead over, as in the kernel.
const maxLinks = 40

// resolve follows the symbolic links of a path of the machine, those that begin with "/" too, which the kernel would
// take from the root of this process. What is not there stays as it is.
func (h *Host) resolve(path string) (string, error) {
	real, err := h.tree().resolve(path)
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, errNotMounted) {
		return "", err
	}
	return real, nil
}
