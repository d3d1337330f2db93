package causefile

import (
	"errors"
	"io"
	"io/fs"
)

// Causes may be read from a folder that somebody else writes into: a link to /dev/zero never ends, and a pipe that
// nobody writes into never begins.

// Longest is how long a cause.yaml may be, and LongestCase a case.
const (
	Longest     = 256 << 10
	LongestCase = 16 << 20
)

// ErrNoPlainFile is the error where a file is none that is read: it is no plain file, or too long.
var ErrNoPlainFile = errors.New("no plain file, or too long")

// ReadFile reads a plain file that is not longer than so many bytes.
func ReadFile(fsys fs.FS, name string, most int64) ([]byte, error) {
	if fi, err := fs.Stat(fsys, name); err != nil { // before it is opened, which may wait for ever
		return nil, err
	} else if !fi.Mode().IsRegular() || fi.Size() > most {
		return nil, ErrNoPlainFile
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if fi, err := f.Stat(); err != nil {
		return nil, err
	} else if !fi.Mode().IsRegular() {
		return nil, ErrNoPlainFile
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most { // files of /proc say that they are empty
		return nil, ErrNoPlainFile
	}
	return data, err
}
