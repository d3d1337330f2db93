package node

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"time"
)

const (
	journalLines   = "40000" // of the newest
	journalTimeout = 5 * time.Second
)

// journalUnits are the systemd units of components.
var journalUnits = []string{"kubelet", "containerd", "crio", "docker", "cri-docker"}

// journalctl is the node's own, which knows the form that its journald writes.
var journalctl = []string{"/usr/bin/journalctl", "/bin/journalctl"}

// cursorLine stands before the last line of journalctl --show-cursor: how far it has read.
var cursorLine = []byte("-- cursor: ")

// journal asks journald, whose files are of a form that only its own journalctl knows well. It reads, and no more.
func (r *logReader) journal(ctx context.Context, add func([]byte)) error {
	ctx, cancel := context.WithTimeout(ctx, journalTimeout)
	defer cancel()
	args := []string{"--no-pager", "--quiet", "--show-cursor", "-o", "short-iso", "-n", journalLines}
	if r.cursor != "" {
		args = append(args, "--after-cursor="+r.cursor)
	} else {
		args = append(args, fmt.Sprintf("--since=@%d", r.since.Unix()))
	}
	for _, unit := range journalUnits {
		args = append(args, "-u", unit)
	}
	ask := r.h.calls.journal
	if ask == nil {
		ask = func(ctx context.Context, args []string) *exec.Cmd { return r.h.program(ctx, journalctl, args) }
	}
	cmd := ask(ctx, args)
	if cmd == nil {
		return nil // the node has none
	}
	gotLine, there, err := r.journalLines(ctx, cmd, add)
	if !there {
		r.lost = gotLine // some lines came, and it is not known how far they go
		return err
	}
	for c := range r.logs { // those of the journal, which may have had nothing new to say
		r.found[c] = true
	}
	return err
}

// journalLines runs journalctl. It reports whether any line came, and whether it told how far it has read: an answer
// that is whole, or nothing new.
func (r *logReader) journalLines(ctx context.Context, cmd *exec.Cmd, add func([]byte)) (gotLine, whole bool,
	err error) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return false, false, err
	}
	if err := cmd.Start(); err != nil {
		return false, false, err
	}
	_, err = r.lines(ctx, out, false, func(line []byte) {
		if cursor, ok := bytes.CutPrefix(line, cursorLine); ok {
			r.cursor, whole = string(cursor), true
			return
		}
		gotLine = true
		add(line)
	})
	if failed := cmd.Wait(); err == nil && failed != nil {
		err = fmt.Errorf("journalctl: %w: %.200s", failed, bytes.TrimSpace(stderr.Bytes()))
	}
	return gotLine, whole || err == nil && !gotLine && r.cursor != "", err
}
