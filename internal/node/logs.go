package node

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/nodelog"
)

const (
	logAge     = 15 * time.Minute
	mostOfTail = 8 << 20 // bytes at a log's end
	mostLines  = 200
	mostOfLine = 64 << 10
	// journalLines bounds a journal from its old end, mostOfTail from its new one: the newest lines tell most.
	journalLines = "40000"
	journalMost  = 5 * time.Second
)

// components are the programs whose logs are read, by the name of their process, and what their lines are told to be of.
var components = map[string]string{"kubelet": "kubelet", "hyperkube": "kubelet", "containerd": "containerd", "crio": "crio", "docker": "docker", "dockerd": "docker", "cri-dockerd": "cri-dockerd"}

// logFiles are where logs are without systemd, each of one component.
var logFiles = []string{"kubelet", "containerd", "crio", "docker", "cri-dockerd"}

// A logReader hands the lines of logs to their components.
type logReader struct {
	h     *Host
	ctx   context.Context
	since time.Time
	logs  map[string]*nodelog.Log // by component
}

func readLogs(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	if h.Knows == nil {
		return nil, nil // there is nothing to look for
	}
	now := h.now()
	r := &logReader{h: h, ctx: ctx, since: now.Add(-logAge), logs: map[string]*nodelog.Log{}}
	err := r.read()
	var lines []nodefacts.LogLine
	for _, c := range logFiles {
		if l := r.logs[c]; l != nil {
			lines = append(lines, l.Facts(mostLines)...)
		}
	}
	slices.SortStableFunc(lines, func(a, b nodefacts.LogLine) int { return a.Last.Compare(b.Last.Time) })
	lines = lines[max(0, len(lines)-mostLines):]
	return func(f *nodefacts.NodeFacts) { f.Logs = lines }, err
}

// read looks where each component writes: to a file that is its output, to one of its own in /var/log, else to what syslog or journald keep of all.
func (r *logReader) read() error {
	var errs []error
	note := func(err error) {
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	procs, _ := sharedOf(r.ctx, r.h).procs()
	for _, p := range procs {
		if c := components[p.comm]; c != "" && r.logs[c] == nil && outputFile(p) {
			note(r.file(p.dir+"/fd/2", func(line string) { r.add(c, line) }))
		}
	}
	for _, c := range logFiles {
		if r.logs[c] == nil {
			note(r.file(r.h.tree().path("/var/log/"+c+".log"), func(line string) { r.add(c, line) }))
		}
	}
	if r.logs["kubelet"] == nil || len(r.logs) < 2 {
		own := len(r.logs)
		for _, name := range []string{"/var/log/syslog", "/var/log/messages"} {
			note(r.file(r.h.tree().path(name), r.sort(r.logs)))
		}
		if len(r.logs) == own {
			note(r.journal())
		}
	}
	if len(r.logs) == 0 && len(errs) == 0 {
		return errors.New("no log of the kubelet or the container runtime was found: not in /var/log, not in syslog's files, and journalctl could not be asked")
	}
	return errors.Join(errs...)
}

// outputFile tells whether a process writes its messages to a file, as it does without a service manager.
func outputFile(p process) bool {
	info, err := os.Stat(p.dir + "/fd/2")
	return err == nil && info.Mode().IsRegular()
}

func (r *logReader) add(component, line string) {
	l := r.logs[component]
	if l == nil {
		l = &nodelog.Log{Component: component, Since: r.since, Now: r.h.now(), Knows: r.h.Knows}
		r.logs[component] = l
	}
	l.Add(line)
}

// sort returns what hands lines of a common log to those components that have none of their own.
func (r *logReader) sort(own map[string]*nodelog.Log) func(line string) {
	has := map[string]bool{}
	for c := range own {
		has[c] = true
	}
	return func(line string) {
		if c := components[programOf(line)]; c != "" && !has[c] {
			r.add(c, line)
		}
	}
}

// programOf is who wrote a line of syslog's or journald's: "Nov 25 03:40:01 n1 kubelet[811]: E1125 ..." or with a time of RFC 3339. It is "" for others.
func programOf(line string) string {
	head, _, ok := strings.Cut(line[:min(len(line), 256)], ": ")
	if !ok {
		return ""
	}
	head = head[strings.LastIndexByte(head, ' ')+1:]
	name, _, _ := strings.Cut(head, "[")
	return path.Base(name)
}

// file reads the lines at a file's end, where it was written to lately.
func (r *logReader) file(name string, add func(string)) error {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.ModTime().Before(r.since) {
		return err
	}
	from := max(0, info.Size()-mostOfTail)
	return r.lines(io.NewSectionReader(f, from, mostOfTail), from > 0, add)
}

// lines hands over lines, without the rest of one at the start. Of a long one the start counts.
func (r *logReader) lines(from io.Reader, cut bool, add func(string)) error {
	in := bufio.NewReaderSize(from, mostOfLine)
	for n := 0; ; n++ {
		line, err := in.ReadSlice('\n')
		for rest := err; errors.Is(rest, bufio.ErrBufferFull); {
			line = bytes.Clone(line)
			_, rest = in.ReadSlice('\n')
			err = rest
		}
		if len(line) > 0 && !cut {
			add(strings.TrimRight(string(line), "\r\n"))
		}
		cut = false
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case n%1000 == 0 && r.ctx.Err() != nil:
			return fmt.Errorf("time was up after %d lines", n)
		}
	}
}

// journal asks journald, where the node is this machine itself: its files are of a form that only journalctl knows. It reads, and no more.
func (r *logReader) journal() error {
	if r.h.Root != "/" {
		return nil
	}
	program, err := exec.LookPath("journalctl")
	if err != nil {
		return nil // the node has none
	}
	ctx, cancel := context.WithTimeout(r.ctx, journalMost)
	defer cancel()
	args := []string{"--no-pager", "--quiet", "-o", "short-iso", "-n", journalLines, fmt.Sprintf("--since=@%d", r.since.Unix())}
	for _, unit := range logFiles {
		args = append(args, "-u", unit)
	}
	cmd := exec.CommandContext(ctx, program, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = r.lines(io.LimitReader(out, mostOfTail), false, r.sort(r.logs))
	cancel() // where there is more
	if waitErr := cmd.Wait(); err == nil && waitErr != nil && len(r.logs) == 0 {
		return fmt.Errorf("journalctl: %w", waitErr)
	}
	return err
}

// tree is the whole machine.
func (h *Host) tree() tree { return tree(h.Root) }
