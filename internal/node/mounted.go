package node

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/message"
)

// errNotMounted is that a path lies in no folder of the machine that was mounted into this container. Nobody may look
// there, so nothing is known of it.
var errNotMounted = fmt.Errorf("it is not mounted: %w", fs.ErrPermission)

// tree is the machine, as far as it is to be seen. What is mounted into a container stays so as long as that lives.
func (h *Host) tree() tree {
	h.lookOnce.Do(func() {
		h.seen = tree{root: h.Root}
		if filepath.Clean(h.Root) == "/" {
			return
		}
		table := h.calls.own
		if table == nil {
			table = ownMounts
		}
		h.seen.mounted, h.seen.lost = mountedBelow(h.Root, table)
	})
	return h.seen
}

// ownMounts are the mounts that this process sees.
func ownMounts(yield func(mount, error) bool) {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		yield(mount{}, err)
		return
	}
	defer f.Close()
	parseMountinfo(f)(yield)
}

// mountedBelow returns the folders that are mounted below root, as paths of the machine that it stands for: where root
// is nothing but what holds them, made by a container runtime. It is nil where all of the machine is there: root itself
// is mounted, or is a folder with things of its own.
func mountedBelow(root string, table mountTable) ([]string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	var all []string
	for m, err := range table {
		switch {
		case err != nil:
			return nil, err
		case m.target == root:
			return nil, nil
		case !below(m.target, root):
		case !slices.ContainsFunc(all, func(a string) bool { return below(m.target, a) }):
			all = slices.DeleteFunc(all, func(a string) bool { return below(a, m.target) })
			all = append(all, m.target)
		}
	}
	names, err := entries(root)
	if err != nil || len(all) == 0 {
		return nil, nil // whoever looks for something there is told why there is nothing
	}
	for _, n := range names {
		if n = filepath.Join(root, n); !slices.ContainsFunc(all, func(a string) bool { return below(a, n) }) {
			return nil, nil
		}
	}
	for i, a := range all {
		all[i] = strings.TrimPrefix(a, root)
	}
	slices.Sort(all)
	return all, nil
}

// shows reports, as an error, that a path is not to be seen. Links are not followed. What leads to a mounted folder is
// there. rest is what comes below it.
func (t tree) shows(name string, rest ...string) error {
	if t.mounted == nil || slices.ContainsFunc(t.mounted, func(m string) bool {
		return below(name, m) || below(m, name)
	}) {
		return t.lost
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	return t.hidden(filepath.Join(append([]string{name}, rest...)...), "/"+first)
}

// showsAll reports, as an error, that of a folder not all is to be seen: only what is mounted in it.
func (t tree) showsAll(name string) error {
	if t.mounted == nil || slices.ContainsFunc(t.mounted, func(m string) bool { return below(name, m) }) {
		return t.lost
	}
	return t.hidden(name, name)
}

// hidden is that a path is not to be seen, and which folder has to be mounted for it.
func (t tree) hidden(name, folder string) error {
	return &message.Error{What: message.Of("fact.not-mounted", "path", name, "folder", folder,
		"at", filepath.Join(t.root, folder)), Err: errNotMounted}
}

// at is where a path of the machine is to be found, whose links, if it has any, are not followed; or why it is not to
// be seen.
func (h *Host) at(elem ...string) (string, error) {
	t := h.tree()
	name := filepath.Join(append([]string{"/"}, elem...)...)
	return filepath.Join(t.root, name), t.shows(name)
}
