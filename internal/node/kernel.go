package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/nodelog"
	"golang.org/x/sys/unix"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	kernelAge    = 24 * time.Hour
	maxKernelLog = 4 << 20  // of the end of a file
	maxKmsg      = 64 << 20 // of /dev/kmsg: the kernel keeps 256 KiB to 32 MiB
	maxMessage   = 8 << 10  // of one record of /dev/kmsg, its fields included
)

// A kernelMessage is one of the kernel.
type kernelMessage struct {
	at   time.Time
	text string // may have several lines
}

// readKernel reads what the kernel has to say of the last day, from its own memory, or from a file where syslog writes
// it.
func readKernel(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	booted, err := h.booted()
	if err != nil {
		return nil, err
	}
	var k nodelog.Kernel
	after := h.now().Add(-kernelAge)
	var oldest time.Time
	add := func(m kernelMessage) {
		if oldest.IsZero() || m.at.Before(oldest) {
			oldest = m.at
		}
		if m.at.After(after) {
			for line := range strings.SplitSeq(m.text, "\n") {
				k.Add(m.at, line)
			}
		}
	}
	kmsg, err := h.at("dev/kmsg")
	if err == nil {
		err = readKmsg(ctx, kmsg, func(r []byte) {
			if m, ok := parseKmsg(r, booted); ok {
				add(m)
			}
		})
	}
	// The device is there, and kept from containers, or not mounted into this one.
	if (errors.Is(err, unix.EPERM) || errors.Is(err, errNotMounted)) && oldest.IsZero() {
		err = readRing(booted, add)
	}
	if err != nil && oldest.IsZero() {
		err = h.kernelFile(booted, add, err)
	}
	if oldest.IsZero() {
		return nil, err
	}
	facts := k.Facts()
	if facts == nil {
		facts = &nodefacts.Kernel{}
	}
	if oldest.Before(after) {
		oldest = after
	}
	facts.Since = metav1.NewTime(oldest.UTC().Truncate(time.Second))
	return func(f *nodefacts.NodeFacts) { f.Kernel = facts }, err
}

// readKmsg reads the records of /dev/kmsg that are there, without waiting for more. Each read returns one whole record.
// A plain file, which stands for it in a folder, may be read as well: its records are given one after another.
func readKmsg(ctx context.Context, path string, record func([]byte)) error {
	// Not os.Open: it would wait for new records where there are no more.
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	buf := make([]byte, maxMessage)
	var kept []byte // of a plain file: the record whose end has not come
	for total := 0; total < maxKmsg; {
		if ctx.Err() != nil {
			return fmt.Errorf("%s: time was up after %d bytes", path, total)
		}
		n, err := unix.Read(fd, buf)
		switch {
		case errors.Is(err, unix.EPIPE), errors.Is(err, unix.EINTR):
			continue // records were overwritten before they were read: the next read has the oldest that is there
		case errors.Is(err, unix.EAGAIN), err == nil && n == 0:
			record(kept)
			return nil
		case err != nil:
			return &os.PathError{Op: "read", Path: path, Err: err}
		}
		total += n
		kept = append(kept, buf[:n]...)
		for rest := kept; ; {
			one, more, ok := cutRecord(rest)
			if !ok {
				kept = append(kept[:0], rest...)
				break
			}
			record(one)
			rest = more
		}
		if len(kept) > maxMessage {
			kept = kept[:0] // no record of the kernel is so long
		}
	}
	return fmt.Errorf("%s: %w: %d bytes", path, errLong, maxKmsg)
}

// cutRecord cuts off the first record, if the next one has begun: lines of fields that belong to a record begin with a
// space.
func cutRecord(data []byte) (record, rest []byte, ok bool) {
	for i := 0; ; {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 || i+n+1 == len(data) {
			return nil, data, false
		}
		if i += n + 1; data[i] != ' ' {
			return data[:i], data[i:], true
		}
	}
}

// parseKmsg reads a record of /dev/kmsg (Documentation/ABI/testing/dev-kmsg): priority and facility, number,
// microseconds since the boot, flags; then the message, and fields in lines of their own:
//
//	6,339,5140900,-;NET: Registered protocol family 10
//	 SUBSYSTEM=net
//
// Only the kernel itself can write as facility 0: what other programs wrote, who may write anything, is left out.
func parseKmsg(record []byte, booted time.Time) (kernelMessage, bool) {
	line, _, _ := bytes.Cut(record, []byte("\n"))
	head, text, ok := bytes.Cut(line, []byte(";"))
	f := strings.Split(string(head), ",")
	if !ok || len(f) < 3 {
		return kernelMessage{}, false
	}
	priority, err := strconv.ParseUint(f[0], 10, 32)
	if err != nil || priority>>3 != 0 {
		return kernelMessage{}, false
	}
	micros, err := strconv.ParseUint(f[2], 10, 51) // 71 years
	if err != nil {
		return kernelMessage{}, false
	}
	return kernelMessage{booted.Add(time.Duration(micros) * time.Microsecond), unescapeKmsg(string(text))}, true
}

// unescapeKmsg undoes \xNN, which the kernel writes for what cannot be printed, and for the backslash.
func unescapeKmsg(s string) string {
	if !strings.Contains(s, `\x`) {
		return s
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, `\x`)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if n, err := strconv.ParseUint(after[:min(2, len(after))], 16, 8); err == nil && len(after) >= 2 {
			b.WriteByte(byte(n))
			after = after[2:]
		} else {
			b.WriteString(`\x`)
		}
		s = after
	}
}

// kernelFiles are where syslog writes what the kernel says: on Debian, on RHEL, and what dmesg was told to write.
var kernelFiles = []string{"/var/log/kern.log", "/var/log/messages", "/var/log/dmesg"}

// kernelFile reads the end of the first file that is there. why is the error that made it necessary.
func (h *Host) kernelFile(booted time.Time, add func(kernelMessage), why error) error {
	zone := h.zone()
	for _, file := range kernelFiles {
		at, err := h.tree().at(file)
		if err != nil {
			return errors.Join(why, err)
		}
		data, err := tail(at, maxKernelLog)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return errors.Join(why, err)
		}
		for m := range parseKernelLog(data, h.now(), booted, zone) {
			add(m)
		}
		return nil
	}
	return fmt.Errorf("%w, and there is none of %s", why, strings.Join(kernelFiles, ", "))
}

// tail reads the end of a file. What comes first may be a part of a line.
func tail(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	from := max(info.Size()-limit, 0)
	data, err := io.ReadAll(io.NewSectionReader(f, from, limit))
	if _, rest, ok := bytes.Cut(data, []byte("\n")); ok && from > 0 {
		data = rest
	}
	return data, err
}

// zone is the machine's time zone: syslog writes local time. It is UTC where the machine has none.
func (h *Host) zone() *time.Location {
	file, err := h.resolve("/etc/localtime")
	if err != nil {
		return time.UTC
	}
	data, err := h.read(maxValue, file)
	if err != nil {
		return time.UTC
	}
	zone, err := time.LoadLocationFromTZData("", data)
	if err != nil {
		return time.UTC
	}
	return zone
}

// parseKernelLog yields the kernel's messages of a log file. A line without a time, as of a message with several lines,
// is of the time before it.
func parseKernelLog(data []byte, now, booted time.Time, zone *time.Location) iter.Seq[kernelMessage] {
	return func(yield func(kernelMessage) bool) {
		var last time.Time
		for line := range bytes.Lines(data) {
			m, ok := parseKernelLine(string(bytes.TrimRight(line, "\r\n")), now, booted, zone)
			if !ok {
				continue
			}
			if m.at.IsZero() {
				m.at = last
			}
			last = m.at
			if !m.at.IsZero() && !yield(m) {
				return
			}
		}
	}
}

// parseKernelLine reads one line; those of other programs are none. The forms are syslog's, old and new, and dmesg's,
// with -T and without:
//
//	Nov 25 03:24:30 node-7 kernel: [86400.123456] INFO: task ...
//	2026-11-25T03:24:30.123456+01:00 node-7 kernel: INFO: task ...
//	[Wed Nov 25 03:24:30 2026] INFO: task ...
//	[86400.123456] INFO: task ...
func parseKernelLine(line string, now, booted time.Time, zone *time.Location) (kernelMessage, bool) {
	if strings.HasPrefix(line, "[") {
		return parseDmesg(line, booted, zone)
	}
	var at time.Time
	var rest string
	if stamp, after, ok := strings.Cut(line, " "); ok && strings.Contains(stamp, "T") {
		t, err := time.Parse(time.RFC3339Nano, stamp)
		if err != nil {
			return kernelMessage{}, false
		}
		at, rest = t, after
	} else {
		const form = "Jan _2 15:04:05"
		if len(line) <= len(form) {
			return kernelMessage{}, false
		}
		t, err := time.ParseInLocation(form, line[:len(form)], zone)
		if err != nil {
			return kernelMessage{}, false
		}
		at, rest = inYear(t, now), line[len(form)+1:]
	}
	_, tag, _ := strings.Cut(rest, " ") // after the host's name
	text, ok := strings.CutPrefix(tag, "kernel: ")
	if !ok {
		return kernelMessage{}, false
	}
	if m, ok := parseDmesg(text, booted, zone); ok {
		text = m.text
	}
	return kernelMessage{at, text}, true
}

// inYear gives a time without a year the one that makes it the last such time before now; a day in the future may be a
// clock that was set back.
func inYear(t, now time.Time) time.Time {
	year := now.In(t.Location()).Year()
	dated := func(year int) time.Time {
		return time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, t.Location())
	}
	if d := dated(year + 1); d.Before(now.Add(24 * time.Hour)) {
		return d // New Year's Eve by our clock, New Year's Day by the log's
	}
	if d := dated(year); d.Before(now.Add(24 * time.Hour)) {
		return d
	}
	return dated(year - 1)
}

// parseDmesg reads a line of dmesg: seconds since the boot, or a date, in brackets.
func parseDmesg(line string, booted time.Time, zone *time.Location) (kernelMessage, bool) {
	inside, text, ok := strings.Cut(strings.TrimPrefix(line, "["), "] ")
	if !ok || !strings.HasPrefix(line, "[") {
		return kernelMessage{}, false
	}
	inside = strings.TrimSpace(inside)
	if t, err := time.ParseInLocation(time.ANSIC, inside, zone); err == nil {
		return kernelMessage{t, text}, true
	}
	s, err := strconv.ParseFloat(inside, 64)
	if err != nil || !(s >= 0 && s < 1<<31) {
		return kernelMessage{}, false
	}
	return kernelMessage{booted.Add(time.Duration(s * float64(time.Second))), text}, true
}
