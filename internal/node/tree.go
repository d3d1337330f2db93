package node

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// A tree is a folder that stands for "/": [Host.Root], or /proc/PID/root for what a process in another mount namespace
// sees. Links in it lead where they lead a process for which it is "/", so a link to /run in it does not lead out of
// it.
type tree string

// path returns where a path of the tree is, with its links resolved. What is not there is returned as it is.
func (t tree) path(name string) string {
	if t == "/" {
		return name // the kernel resolves
	}
	name, _ = t.resolve(name)
	return filepath.Join(string(t), name)
}

// resolve follows the links of a path, as far as it is there, and returns it as seen from inside.
func (t tree) resolve(name string) (string, error) {
	done, rest := "/", strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		next := filepath.Join(done, rest[0]) // Join cleans: what is above "/" is "/"
		rest = rest[1:]
		if next == done {
			continue // nothing was added, and /proc/PID/root itself is a link that must not be read
		}
		to, err := os.Readlink(filepath.Join(string(t), next))
		switch {
		case errors.Is(err, syscall.EINVAL): // no link
			done = next
		case err != nil:
			return filepath.Join(append([]string{next}, rest...)...), err
		case links == 40:
			return next, fmt.Errorf("%s: %w", name, syscall.ELOOP)
		default:
			links++
			if filepath.IsAbs(to) {
				done = "/"
			}
			rest = append(strings.Split(to, "/"), rest...)
		}
	}
	return done, nil
}

// open opens a file. One that nobody writes to, a FIFO, does not hang.
func (t tree) open(name string) (*os.File, error) {
	f, err := os.OpenFile(t.path(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	return f, t.named(err, name)
}

// named is an error that calls a file as it is called on the node.
func (t tree) named(err error, name string) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		p.Path = name
	}
	return err
}

// A treeFS is a tree as an [fs.FS].
type treeFS struct{ tree }

// Open implements [fs.FS].
func (t treeFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	f, err := t.open("/" + name)
	if err != nil {
		return nil, err // and no File that holds a nil
	}
	return f, nil
}

// read returns a file, at most so many bytes of it. A file that is larger is an error: half of a configuration tells
// less than none.
func (t tree) read(name string, limit int64) ([]byte, error) {
	f, err := t.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it has more than %d bytes", limit)}
	}
	return data, t.named(err, name)
}

// exists reports whether something is there, or may not be looked at: only the kernel's own word says that it is not.
func (t tree) exists(name string) bool {
	_, err := os.Stat(t.path(name))
	return !errors.Is(err, fs.ErrNotExist)
}

// names returns the names in a folder, sorted, at most so many.
func (t tree) names(dir string, limit int) ([]string, error) {
	f, err := os.Open(t.path(dir))
	if err != nil {
		return nil, t.named(err, dir)
	}
	defer f.Close()
	names, err := f.Readdirnames(limit)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	slices.Sort(names)
	return names, err
}
