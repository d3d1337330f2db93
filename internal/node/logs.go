package node

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"syscall"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/nodelog"
)

const (
	logAge   = 15 * time.Minute
	maxTail  = 8 << 20 // bytes at a log's end
	maxLines = 1000    // more than a reader wants: which ones count is known only where Pods are
	maxLine  = 64 << 10
)

// components are the programs whose logs are read, by the name of their process, and what their lines are told to be
// of.
var components = map[string]string{"kubelet": "kubelet", "hyperkube": "kubelet", "containerd": "containerd",
	"crio": "crio", "docker": "docker", "dockerd": "docker", "cri-dockerd": "cri-dockerd"}

// logFiles are where logs are without systemd, each of one component.
var logFiles = []string{"kubelet", "containerd", "crio", "docker", "cri-dockerd"}

// logTails are what a Host keeps of logs from one reading to the next, so that each line is read once: logs are long,
// and little of them is new.
type logTails struct {
	logs   map[string]*nodelog.Log // by component
	ends   map[inode]int64         // how far a file was read
	cursor string                  // how far the journal was read, in its own words
}

// An inode is a file whatever its name is: logs are renamed.
type inode struct{ device, number uint64 }

// A logReader hands the lines of logs to their components.
type logReader struct {
	logTails
	h     *Host
	since time.Time
	found map[string]bool // components that a log was found of
	next  map[inode]int64 // the ends for the next reading: of those files that are still there
	lost  bool            // how far was read is not known, so the next reading begins anew
}

func readLogs(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	if h.Knows == nil {
		return nil, nil // there is nothing to look for
	}
	r := newLogReader(h)
	err := r.read(ctx)
	h.tails = logTails{r.logs, r.next, r.cursor}
	if r.lost {
		h.tails = logTails{}
	}
	var lines []nodefacts.LogLine
	for _, c := range logFiles {
		if l := r.logs[c]; l != nil {
			lines = append(lines, l.Facts(maxLines)...)
		}
	}
	slices.SortStableFunc(lines, func(a, b nodefacts.LogLine) int { return a.Last.Compare(b.Last.Time) })
	lines = lines[max(0, len(lines)-maxLines):]
	return func(f *nodefacts.NodeFacts) { f.Logs = lines }, err
}

// newLogReader goes on where the last reading ended.
func newLogReader(h *Host) *logReader {
	now := h.now()
	r := &logReader{logTails: h.tails, h: h, since: now.Add(-logAge), found: map[string]bool{}, next: map[inode]int64{}}
	if r.logs == nil {
		r.logs = map[string]*nodelog.Log{}
	}
	for _, l := range r.logs {
		l.Move(r.since, now)
	}
	return r
}

// read looks where each component writes: to a file that is its output, to one of its own in /var/log, else to what
// syslog or journald keep of all.
func (r *logReader) read(ctx context.Context) error {
	var errs []error
	note := func(err error) {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	own := func(c, name string) {
		found, err := r.file(ctx, name, func(line []byte) { r.add(c, line) })
		if found {
			r.found[c] = true
		}
		note(err)
	}
	procs, _ := sharedOf(ctx, r.h).procs()
	for _, p := range procs {
		if c := components[p.comm]; c != "" && !r.found[c] && outputFile(p) {
			own(c, p.dir+"/fd/2")
		}
	}
	logs, err := r.h.tree().at("/var/log")
	note(err)
	for _, c := range logFiles {
		if !r.found[c] && err == nil {
			own(c, path.Join(logs, c+".log"))
		}
	}
	if !r.found["kubelet"] || len(r.found) < 2 {
		note(r.common(ctx))
	}
	if len(r.found) == 0 && len(errs) == 0 {
		return &message.Error{What: message.Of("fact.no-log")}
	}
	return errors.Join(errs...)
}

// outputFile reports whether a process writes its messages to a file, as it does without a service manager.
func outputFile(p process) bool {
	info, err := os.Stat(p.dir + "/fd/2")
	return err == nil && info.Mode().IsRegular()
}

// common reads what syslog or journald keep of all programs, for those that have no log of their own.
func (r *logReader) common(ctx context.Context) error {
	own := maps.Clone(r.found)
	sort := func(line []byte) {
		if c := components[programOf(line)]; c != "" && !own[c] {
			r.found[c] = true
			r.add(c, line)
		}
	}
	var errs []error
	found := false
	for _, name := range []string{"/var/log/syslog", "/var/log/messages"} {
		there := false
		at, err := r.h.tree().at(name)
		if err == nil {
			there, err = r.file(ctx, at, sort)
		}
		found = found || there
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	if found && r.logs["kubelet"] != nil { // of which it may have had nothing new to say
		r.found["kubelet"] = true
		return errors.Join(errs...)
	}
	return errors.Join(append(errs, r.journal(ctx, sort))...)
}

func (r *logReader) add(component string, line []byte) {
	l := r.logs[component]
	if l == nil {
		l = &nodelog.Log{Component: component, Since: r.since, Now: r.h.now(), Knows: r.h.Knows}
		r.logs[component] = l
	}
	l.Add(string(line))
}

// programOf is who wrote a line of syslog's or journald's: "Nov 25 03:40:01 n1 kubelet[811]: E1125 ..." or with a time
// of RFC 3339. It is "" for others.
func programOf(line []byte) string {
	head, _, ok := bytes.Cut(line[:min(len(line), 256)], []byte(": "))
	if !ok {
		return ""
	}
	head = head[bytes.LastIndexByte(head, ' ')+1:]
	name, _, _ := bytes.Cut(head, []byte("["))
	return path.Base(string(name))
}

// file reads what came to a file's end since the last reading, where it was written to lately, and reports whether it
// was.
func (r *logReader) file(ctx context.Context, name string, add func([]byte)) (bool, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.ModTime().Before(r.since) {
		return false, err
	}
	from, cut := max(0, info.Size()-maxTail), info.Size() > maxTail
	stat := info.Sys().(*syscall.Stat_t)
	id := inode{uint64(stat.Dev), stat.Ino}
	// else it is new, was cut short, or grew by more than is read
	if end := r.ends[id]; end >= from && end <= info.Size() {
		from, cut = end, false
	}
	n, err := r.lines(ctx, io.NewSectionReader(f, from, info.Size()-from), cut, add)
	r.next[id] = from + n
	return true, err
}

// lines hands over whole lines, and none of which the start is missing; of a long one the start counts.
// A last line that is not whole yet is left for the next time. It returns the number of bytes that are done with.
func (r *logReader) lines(ctx context.Context, from io.Reader, cut bool, add func([]byte)) (int64, error) {
	in := bufio.NewReaderSize(from, maxLine)
	var done int64
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		size := len(line)
		if errors.Is(err, bufio.ErrBufferFull) {
			line = bytes.Clone(line)
			for rest := []byte(nil); errors.Is(err, bufio.ErrBufferFull); size += len(rest) {
				rest, err = in.ReadSlice('\n')
			}
		}
		if err == nil {
			done += int64(size)
			if !cut {
				add(bytes.TrimRight(line, "\r\n"))
			}
			cut = false
		}
		switch {
		case errors.Is(err, io.EOF):
			return done, nil
		case err != nil:
			return done, err
		case n%1000 == 0 && ctx.Err() != nil:
			return done, fmt.Errorf("time was up after %d lines", n)
		}
	}
}
