package node

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Most bytes that are read of a file. What the kernel makes up as it is read can be as long as it likes: a
// program with 100,000 inotify watches has 12 MiB of them.
const (
	maxValue     = 64 << 10 // one value, or a short table
	maxTable     = 4 << 20  // a table that grows with the machine: /proc/stat, /proc/buddyinfo
	maxWatchInfo = 16 << 20 // /proc/PID/fdinfo/N of an inotify handle: 100,000 watches
)

// errLong is that a file is longer than anybody wants to read.
var errLong = errors.New("there is more of it than is read")

// read reads a file of the machine. Of a longer one than most it returns the first so many bytes, with an error that is
// errLong.
func (h *Host) read(limit int64, elem ...string) ([]byte, error) {
	at, err := h.at(elem...)
	if err != nil {
		return nil, err
	}
	return readFile(at, limit)
}

func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > limit:
		return data[:limit], fmt.Errorf("%s: %w: %d bytes", path, errLong, limit)
	}
	return data, nil
}

// text reads a file that holds one value, without the space around it.
func (h *Host) text(elem ...string) (string, error) {
	data, err := h.read(maxValue, elem...)
	return strings.TrimSpace(string(data)), err
}

// number reads a file that holds one number. cgroups write "max" for no limit: that is 0.
func (h *Host) number(elem ...string) (int64, error) {
	s, err := h.text(elem...)
	if err != nil {
		return 0, err
	}
	if s == "max" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", h.path(elem...), err)
	}
	return n, nil
}

// exists reports whether there is such a file or folder.
func (h *Host) exists(elem ...string) bool {
	at, err := h.at(elem...)
	if err == nil {
		_, err = os.Stat(at)
	}
	return err == nil
}
