package dump

import (
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/nodelog"
)

const (
	logChunk    = 1 << 20    // bytes of a log that are looked through at once
	maxLogEntry = 16 << 10   // bytes of an entry that has several lines
	maxAbove    = 30         // lines above one that are looked at for the beginning of its entry
	logHead     = 100        // lines of a log that may tell whose it is, whatever they say
	maxLine     = 64 << 10   // bytes of a line; the rest of a longer one is not looked at
	maxNodeHits = 1000       // lines that could name the node and do not, until none is looked at any more
	export      = "__CURSOR" // begins each entry of journalctl -o export
)

// A logScan looks for the entries of a log that may say something. All others are passed over unseen: they are most of
// it, and a log may have any length.
type logScan struct {
	to    *logText
	knows *match.Finder // nil: every line may say something
	names *match.Finder // the same, or it may name the node
	done  int           // so much of the text is read, or passed over
	nodes int           // lines that could have named the node
}

// words are what a line holds that says what the kubelet tells the API server as well; and what begins a message that
// journald has as a list of bytes, because it is no text.
var words = []string{"volumes=[", "failed for volume", "startcontainer", "initcontainer", "createpodsandboxerror",
	"admission denied", "pull secret", `"message":[`, `"message" : [`}

// nodeWords are in lines that may name the node.
var nodeWords = []string{"node=", "nodename=", `"node":`, `"nodename":`, "system:node:", "on node ", "between node '",
	"hostname-override", "kube-node-lease/leases/",
	`="kube-system/kube-`, `="kube-system/etcd-`}

// newLogScan makes one; the automata are made with the first log.
func (r *reader) newLogScan(to *logText) *logScan {
	if r.finders == nil && r.words != nil {
		if all := r.words(); all != nil {
			all = slices.Concat(words, all)
			r.finders = []*match.Finder{match.NewFinder(all), match.NewFinder(append(all, nodeWords...))}
		}
	}
	s := &logScan{to: to}
	if r.finders != nil {
		s.knows, s.names = r.finders[0], r.finders[1]
	}
	return s
}

// log reads the log of a node's programs, whatever its length: what no cause knows is not kept.
func (r *reader) log(in io.Reader) {
	t := &logText{file: r.name, time: r.time, asked: r.asked, logs: map[string]*nodelog.Log{},
		component: ownComponent(r.name), knows: r.knows}
	r.logs = append(r.logs, t)
	if r.asked && !nodeLogName().MatchString(strings.ToLower(path.Base(r.name))) {
		t.end = &tail{in: in, keep: keptTail}
		in = t.end
	}
	s := r.newLogScan(t)
	buf := make([]byte, 0, logChunk)
	first, skipping, hole := true, false, false
	for {
		n, err := io.ReadFull(in, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		last := err != nil
		if skipping { // the rest of a line that is too long
			end, ends := restOfLine(buf, hole)
			if !ends && !last {
				hole = len(buf) > 0 && buf[len(buf)-1] == 0
				buf = buf[:0]
				continue
			}
			buf, skipping, s.done = append(buf[:0], buf[end:]...), false, 0
		}
		text := buf[:bytes.LastIndexByte(buf, '\n')+1]
		if last || len(text) == 0 {
			text, skipping = buf, !last
			hole = len(buf) > 0 && buf[len(buf)-1] == 0
		}
		if first {
			first = false
			s.head(text)
		}
		from := s.text(text, last)
		s.done = max(s.done-from, 0)
		buf = append(buf[:0], buf[from:]...)
		if last {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				r.gap(cluster.Gap{What: inFile(r.name), Why: message.Because(err), Needs: message.Of("file.give-whole")})
			}
			return
		}
	}
}

// restOfLine is how much of a text belongs to a line that is too long, and whether it ends there: at a line break, or
// with the hole that a log has which was cut off while it was written; a hole may come before.
func restOfLine(text []byte, hole bool) (n int, ends bool) {
	if hole && len(text) > 0 && text[0] != 0 {
		return 0, true
	}
	end := bytes.IndexByte(text, '\n')
	line := text
	if end >= 0 {
		line = text[:end]
	}
	if n := bytes.LastIndexByte(line, 0) + 1; n > 0 && n < len(line) {
		return n, true
	}
	return end + 1, end >= 0
}

// head looks at the first lines: whose log it is.
func (s *logScan) head(text []byte) {
	n := 0
	for line := range bytes.Lines(text) {
		if n++; n > logHead {
			return
		}
		s.to.identify(lineText(line))
	}
}

// text looks through a part of the log that ends with a line, and returns from where on it has to come again: entries
// may go on.
func (s *logScan) text(text []byte, last bool) (from int) {
	finder := s.knows
	if s.to.node == "" && s.nodes < maxNodeHits {
		finder = s.names
	}
	again := -1
	visit := func(end int) {
		if end <= s.done || again >= 0 {
			return
		}
		start, to := entryAround(text, s.done, end-1)
		if to == len(text) && !last && start > 0 {
			again = start
			return
		}
		s.entry(text[start:to])
		s.done = to
	}
	switch {
	case finder != nil && len(text) > 0 && text[0] == 0 && zeros(text): // a hole
	case finder != nil:
		finder.Find(text, s.done, visit)
	default:
		for s.done < len(text) && again < 0 {
			visit(s.done + 1)
		}
	}
	if again >= 0 {
		s.done = again
		return again
	}
	s.done = len(text)
	if last {
		return len(text)
	}
	context := max(0, len(text)-maxLogEntry)
	return context + bytes.IndexByte(text[context:], '\n') + 1
}

func zeros(text []byte) bool {
	return bytes.Equal(text[1:], text[:len(text)-1]) // it begins with one
}

// entryAround is the entry that a place of a text is in, but for what was read before.
func entryAround(text []byte, done, at int) (start, end int) {
	if bytes.Contains(text[:min(len(text), 2000)], []byte(export)) {
		return blockAround(text, done, at)
	}
	lineStart := func(at int) int { return bytes.LastIndexByte(text[:at], '\n') + 1 }
	lineEnd := func(at int) int {
		if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
			return at + n + 1
		}
		return len(text)
	}
	begins := func(from int) bool { return nodelog.Begins(lineText(text[from:lineEnd(from)])) }
	own := max(lineStart(at), done)
	start, end = own, lineEnd(at)
	for n := 0; !begins(start); n++ {
		if start <= done || n == maxAbove || own-start > maxLogEntry {
			start = own
			break
		}
		start = max(lineStart(start-1), done)
	}
	for end < len(text) && end-start < maxLogEntry && !begins(end) {
		end = lineEnd(end)
	}
	return start, end
}

// blockAround is the entry of journalctl -o export that a place is in: up to an empty line.
func blockAround(text []byte, done, at int) (start, end int) {
	start = max(bytes.LastIndex(text[:at], []byte("\n\n"))+2, done)
	if bytes.LastIndex(text[:at], []byte("\n\n")) < 0 {
		start = done
	}
	if n := bytes.Index(text[at:], []byte("\n\n")); n >= 0 {
		return start, at + n + 2
	}
	return start, len(text)
}

// entry reads the lines of one.
func (s *logScan) entry(text []byte) {
	if bytes.HasPrefix(text, []byte(export)) {
		text = []byte(exported(text))
	}
	s.to.last = ""
	for line := range bytes.Lines(text) {
		line := lineText(line)
		if s.to.node == "" && s.nodes < maxNodeHits {
			s.nodes++
			s.to.identify(line)
		}
		s.to.add(line)
	}
	for _, l := range s.to.logs {
		l.Cut()
	}
}

// lineText is a line as it is looked at.
func lineText(line []byte) string {
	line = bytes.TrimRight(line, "\r\n")
	return strings.ToValidUTF8(strings.TrimLeft(string(line[:min(len(line), maxLine)]), "\x00"), "\uFFFD")
}

// exported is an entry of journalctl -o export as journald prints it. A field with line breaks has its length before
// it.
func exported(text []byte) string {
	fields := map[string]string{}
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		name, value, ok := bytes.Cut(line, []byte("="))
		if !ok && len(line) > 0 && len(rest) >= 8 {
			n := uint64(rest[0]) | uint64(rest[1])<<8 | uint64(rest[2])<<16
			value = rest[8:min(uint64(len(rest)), 8+n)]
			rest = rest[8+len(value):]
		}
		fields[string(name)] = string(value)
		text = rest
	}
	micros, _ := strconv.ParseInt(fields["__REALTIME_TIMESTAMP"], 10, 64)
	return nodelog.Prefixed(time.UnixMicro(micros), fields["_HOSTNAME"], fields["SYSLOG_IDENTIFIER"], fields["MESSAGE"])
}
