package node

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Commands of syslog(2).
const (
	syslogReadAll    = 3  // what is in the kernel's buffer, which stays as it is
	syslogSizeBuffer = 10 // its size
)

// readRing asks the kernel for its log without a device: a container that has CAP_SYSLOG may do that, where /dev/kmsg
// is kept from it. There is one kernel, so this is no other log.
func readRing(booted time.Time, add func(kernelMessage)) error {
	size, err := unix.Klogctl(syslogSizeBuffer, nil)
	if err != nil {
		return fmt.Errorf("syslog(2): %w", err)
	}
	buf := make([]byte, min(size, maxKmsg))
	n, err := unix.Klogctl(syslogReadAll, buf)
	if err != nil {
		return fmt.Errorf("syslog(2): %w", err)
	}
	none := true
	for line := range bytes.Lines(buf[:n]) {
		if m, ok := parseRing(string(line), booted); ok {
			add(m)
			none = false
		}
	}
	if none {
		return errors.New("syslog(2): no line has the time since the boot")
	}
	return nil
}

// parseRing reads a line as syslog(2) gives it: priority and facility, seconds since the boot, the message.
//
//	<4>[ 3714.201554] runc:[1:CHILD]: page allocation failure: order:4
//
// Only the kernel itself writes as facility 0.
func parseRing(line string, booted time.Time) (kernelMessage, bool) {
	head, rest, ok := strings.Cut(strings.TrimPrefix(strings.TrimRight(line, "\n"), "<"), ">[")
	priority, err := strconv.ParseUint(head, 10, 32)
	if !ok || err != nil || priority>>3 != 0 {
		return kernelMessage{}, false
	}
	stamp, text, ok := strings.Cut(rest, "] ")
	seconds, err := strconv.ParseFloat(strings.TrimSpace(stamp), 64)
	if !ok || err != nil || !(seconds >= 0 && seconds < 1<<31) {
		return kernelMessage{}, false
	}
	return kernelMessage{booted.Add(time.Duration(seconds * float64(time.Second))).Truncate(time.Microsecond), text}, true
}
