package cli

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// memFS lays files from anywhere into one folder, under the names that the user gave them.
type memFS map[string][]byte

// add puts a file, a folder or standard input into it.
func (m memFS) add(name string, stdin io.Reader) error {
	if name == "-" {
		data, err := io.ReadAll(stdin)
		m["stdin.yaml"] = data
		return err
	}
	return filepath.WalkDir(name, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		as := filepath.ToSlash(p)
		if ext := path.Ext(p); ext != ".yaml" && ext != ".yml" && ext != ".json" {
			if p != name {
				return nil
			}
			as += ".yaml" // it was named, so it is read whatever it is called
		}
		data, err := os.ReadFile(p)
		m[path.Join(".", as)] = data
		return err
	})
}

func (m memFS) Open(name string) (fs.File, error) {
	if name == "." {
		return &memFile{info: memInfo{".", -1}}, nil
	}
	data, ok := m[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memFile{bytes.NewReader(data), memInfo{name, int64(len(data))}}, nil
}

// ReadDir lists the one folder that there is, whose entries have slashes in their names.
func (m memFS) ReadDir(string) ([]fs.DirEntry, error) {
	var out []fs.DirEntry
	for n, data := range m {
		out = append(out, fs.FileInfoToDirEntry(memInfo{n, int64(len(data))}))
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

type memFile struct {
	*bytes.Reader
	info memInfo
}

func (f *memFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *memFile) Close() error               { return nil }

type memInfo struct {
	name string
	size int64 // -1: the folder
}

func (i memInfo) Name() string       { return i.name }
func (i memInfo) Size() int64        { return max(i.size, 0) }
func (i memInfo) ModTime() time.Time { return time.Time{} }
func (i memInfo) IsDir() bool        { return i.size < 0 }
func (i memInfo) Sys() any           { return nil }

func (i memInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
