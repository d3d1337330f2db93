package node

import (
	"debug/buildinfo"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// maxBuilds is how many executables are remembered between readings.
const maxBuilds = 200

// buildVersion is the version of a Go program; "" where it does not tell. It is read once for each file, as long as
// that stays as it is.
func (h *Host) buildVersion(file string) string {
	info, err := os.Stat(file)
	if err != nil {
		return ""
	}
	id := fileID(info)
	h.mu.Lock()
	v, known := h.builds[id]
	h.mu.Unlock()
	if known {
		return v
	}
	if b, err := buildinfo.ReadFile(file); err == nil {
		v = version(b)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.builds == nil || len(h.builds) > maxBuilds {
		h.builds = map[string]string{}
	}
	h.builds[id] = v
	return v
}

// fileID names a file as it stands: it changes when the file is replaced or written.
func fileID(info fs.FileInfo) string {
	id := fmt.Sprintf(":%d:%d", info.Size(), info.ModTime().UnixNano())
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		id += fmt.Sprintf(":%d:%d", s.Dev, s.Ino)
	}
	return id
}
