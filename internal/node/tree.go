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

// A tree is a folder that stands for "/": [Host.Root], or /proc/PID/root for what a process in another mount namespace sees.
// Links in it lead where they lead a process for which it is "/", so a link to /run in it does not lead out of it.
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

// read returns a file, at most so many bytes of it. A file that is larger is an error: half of a configuration tells less than none.
func (t tree) read(name string, most int64) ([]byte, error) {
	data, err := readBounded(t.path(name), most)
	var p *fs.PathError
	if errors.As(err, &p) {
		p.Path = name // as it is called on the node
	}
	return data, err
}

func readBounded(path string, most int64) ([]byte, error) {
	// A FIFO that nobody writes would hang.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it has more than %d bytes", most)}
	}
	return data, err
}

// exists tells whether something is there.
func (t tree) exists(name string) bool {
	_, err := os.Stat(t.path(name))
	return err == nil
}

// names returns the names in a folder, sorted, at most so many.
func (t tree) names(dir string, most int) ([]string, error) {
	f, err := os.Open(t.path(dir))
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			p.Path = dir
		}
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(most)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	slices.Sort(names)
	return names, err
}
