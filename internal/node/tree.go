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
type tree struct {
	root string
	// mounted are the folders of it that are to be seen, where that is not all. Of what is outside of them nothing is
	// known, least of all that it is not there.
	mounted []string
	lost    error // why it is not known what is to be seen, where it is not
}

// at returns where a path of the tree is, with its links resolved. What is not there is returned as it is; an error is
// that it is not to be seen.
func (t tree) at(name string) (string, error) {
	if t.root == "/" {
		return name, nil // the kernel resolves
	}
	name, err := t.resolve(name)
	if !errors.Is(err, errNotMounted) {
		err = t.lost // the kernel says the rest again
	}
	return filepath.Join(t.root, name), err
}

// stat looks at what is at a path.
func (t tree) stat(name string) (fs.FileInfo, error) {
	at, err := t.at(name)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(at)
	return info, t.named(err, name)
}

// resolve follows the links of a path, as far as it is there and to be seen, and returns it as seen from inside.
func (t tree) resolve(name string) (string, error) {
	done, rest := "/", strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		next := filepath.Join(done, rest[0]) // Join cleans: what is above "/" is "/"
		rest = rest[1:]
		if next == done {
			continue // nothing was added, and /proc/PID/root itself is a link that must not be read
		}
		if err := t.shows(next, rest...); err != nil {
			return filepath.Join(append([]string{next}, rest...)...), err
		}
		to, err := os.Readlink(filepath.Join(t.root, next))
		switch {
		case errors.Is(err, syscall.EINVAL): // no link
			done = next
		case err != nil:
			return filepath.Join(append([]string{next}, rest...)...), err
		case links == maxLinks:
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
	at, err := t.at(name)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(at, os.O_RDONLY|syscall.O_NONBLOCK, 0)
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
	_, err := t.stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

// names returns the names in a folder, sorted, at most so many.
func (t tree) names(dir string, limit int) ([]string, error) {
	at, err := t.at(dir)
	if err == nil {
		err = t.showsAll(strings.TrimPrefix(at, t.root))
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(at)
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
