package node

import (
	"context"
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"golang.org/x/sys/unix"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	minStep  = time.Second // shorter ones are NTP at its daily work
	maxSteps = 20
)

// A stepDetector remembers how far apart two clocks of the machine were, so that a jump of one shows.
type stepDetector struct {
	read   bool
	offset time.Duration // wall clock minus the clock that counts from the boot
	steps  []nodefacts.ClockStep
}

// readClock reads whether the clock is kept in time, and whether it has jumped since the last reading.
func readClock(_ context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	clocks, synced := h.calls.clocks, h.calls.synced
	if clocks == nil {
		clocks = readClocks
	}
	if synced == nil {
		synced = synchronized
	}
	var c nodefacts.Clock
	var missing partial
	ok, err := synced()
	missing.miss("clock.synchronized", err)
	if err == nil {
		c.Synchronized = &ok
	}
	wall, boot, err := clocks()
	missing.miss("clock.steps", err)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err == nil {
		h.stepDetector.compare(wall, boot)
	}
	c.Steps = slices.Clone(h.stepDetector.steps)
	return func(f *nodefacts.NodeFacts) { f.Clock = &c }, missing.orNil()
}

// compare compares the clocks with the last time.
func (d *stepDetector) compare(wall, boot time.Duration) {
	offset := wall - boot
	if step := offset - d.offset; d.read && (step > minStep || step < -minStep) {
		at := metav1.NewTime(time.Unix(0, int64(wall)).UTC().Truncate(time.Second))
		d.steps = append(d.steps, nodefacts.ClockStep{At: at, Millis: step.Milliseconds()})
		d.steps = d.steps[max(len(d.steps)-maxSteps, 0):]
	}
	d.read, d.offset = true, offset
}

// readClocks reads the wall clock, and the one that nobody can set. CLOCK_BOOTTIME also counts while the machine is
// suspended: to wake up is no jump.
func readClocks() (wall, boot time.Duration, err error) {
	var w, b unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &b); err != nil {
		return 0, 0, err
	}
	if err := unix.ClockGettime(unix.CLOCK_REALTIME, &w); err != nil {
		return 0, 0, err
	}
	return time.Duration(w.Nano()), time.Duration(b.Nano()), nil
}

// synchronized asks whether somebody (NTP, chrony, systemd-timesyncd) keeps the clock in time. With no mode set,
// adjtimex changes nothing.
func synchronized() (bool, error) {
	var t unix.Timex
	if _, err := unix.Adjtimex(&t); err != nil {
		return false, err
	}
	return t.Status&unix.STA_UNSYNC == 0, nil
}
