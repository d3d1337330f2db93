package node

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var boot = time.Date(2025, 11, 24, 16, 0, 0, 0, time.UTC)

func TestKmsg(t *testing.T) {
	var got []string
	err := readKmsg(context.Background(), "testdata/debian12/dev/kmsg", func(r []byte) {
		if m, ok := parseKmsg(r, boot); ok {
			got = append(got, m.at.Format("02T15:04:05.000 ")+m.text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"24T16:00:00.000 Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) " +
			"12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)",
		"24T16:00:05.140 NET: Registered PF_INET6 protocol family",
		// What systemd wrote into the kernel's log is not the kernel's.
		"24T16:00:09.871 e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx",
		"26T12:00:00.123 INFO: task mount.nfs:4711 blocked for more than 120 seconds.",
		"26T12:00:00.123       Not tainted 6.1.0-28-amd64 #1 Debian 6.1.119-1",
		"26T14:00:00.000 nfs: server 10.0.0.9 not responding, still trying",
		"26T14:00:00.000 a tab\tand a line\nbreak",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The real /dev/kmsg comes to its end, where it may be read.
func TestKmsgOfThisMachine(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var last time.Time
	err := readKmsg(ctx, "/dev/kmsg", func(r []byte) {
		m, ok := parseKmsg(r, boot)
		if ok && m.at.Before(last.Add(-time.Second)) {
			t.Errorf("%q is of %s, after one of %s", m.text, m.at, last)
		}
		if ok {
			last = m.at
		}
	})
	if os.IsPermission(err) || os.IsNotExist(err) {
		t.Skip(err)
	}
	if err != nil {
		t.Error(err)
	}
}

// What comes cut off, or is longer than any record, does not stop the rest.
func TestKmsgOfAnyLength(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kmsg")
	text := "6,1,1000000,-;one\n garbage\n" + strings.Repeat("x", 5*maxMessage) +
		"\n6,2,2000000,-;two\n6,3,3000000,-;three"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := readKmsg(context.Background(), file, func(r []byte) {
		if m, ok := parseKmsg(r, boot); ok {
			got = append(got, m.text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"one", "two", "three"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseKernelLine(t *testing.T) {
	rome := time.FixedZone("CET", 3600)
	for _, c := range []struct {
		name, line, at, text string
		now                  string
		none                 bool
	}{
		{name: "syslog", line: "Nov  5 03:24:30 node-7 kernel: [86400.123456] INFO: task x",
			at: "2025-11-05T03:24:30+01:00", text: "INFO: task x"},
		{name: "syslog of RHEL",
			line: "Nov 25 03:24:30 node-7 kernel: runc:[1:CHILD]: page allocation failure: order:6, mode:0xc0d0",
			at:   "2025-11-25T03:24:30+01:00", text: "runc:[1:CHILD]: page allocation failure: order:6, mode:0xc0d0"},
		{name: "syslog of last year", line: "Dec 31 23:59:59 node-7 kernel: x", at: "2024-12-31T23:59:59+01:00",
			text: "x"},
		{name: "syslog of New Year, by a clock a little ahead", line: "Jan  1 00:00:05 node-7 kernel: x",
			now: "2025-12-31T23:59:58+01:00", at: "2026-01-01T00:00:05+01:00", text: "x"},
		{name: "syslog of today, by a clock set back", line: "Nov 26 16:00:00 node-7 kernel: x",
			at: "2025-11-26T16:00:00+01:00", text: "x"},
		{name: "new syslog", line: "2025-11-26T03:24:30.123456+02:00 node-7 kernel: [ 86400.123456] INFO: task x",
			at: "2025-11-26T02:24:30.123456+01:00", text: "INFO: task x"},
		{name: "dmesg -T", line: "[Wed Nov 26 03:24:30 2025] INFO: task x", at: "2025-11-26T03:24:30+01:00",
			text: "INFO: task x"},
		{name: "dmesg", line: "[   60.500000] INFO: task x", at: "2025-11-24T17:01:00.5+01:00", text: "INFO: task x"},
		{name: "another program", line: "Nov 25 03:24:30 node-7 kubelet: kernel: out of memory", none: true},
		{name: "another program, new", line: "2025-11-26T03:24:30.123456+02:00 node-7 kubelet[811]: kernel: x",
			none: true},
		{name: "a bracket of something else", line: "[root@node-7 ~]# dmesg", none: true},
		{name: "no time", line: "kernel: x", none: true},
		{name: "seconds out of range", line: "[99999999999999999999.0] x", none: true},
		{name: "not a number", line: "[NaN] x", none: true},
		{name: "empty", none: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := time.Date(2025, 11, 26, 14, 30, 0, 0, time.UTC)
			if c.now != "" {
				now, _ = time.Parse(time.RFC3339, c.now)
			}
			m, ok := parseKernelLine(c.line, now, boot, rome)
			if c.none {
				if ok {
					t.Errorf("it is taken for %s %q", m.at, m.text)
				}
				return
			}
			if at := m.at.In(rome).Format(time.RFC3339Nano); !ok || at != c.at || m.text != c.text {
				t.Errorf("%t, %s %q; want %s %q", ok, at, m.text, c.at, c.text)
			}
		})
	}
}

// Where neither /dev/kmsg nor a file is there, it says what was tried.
func TestNoKernelLog(t *testing.T) {
	h := machineWith(t, map[string]string{"proc/stat": "btime 1764000000\n"})
	set, err := readKernel(t.Context(), h)
	if set != nil || err == nil || !strings.Contains(err.Error(), "dev/kmsg") || !strings.Contains(err.Error(),
		"/var/log/messages") {
		t.Errorf("set %t, error %v", set != nil, err)
	}
}

func TestTail(t *testing.T) {
	file := filepath.Join(t.TempDir(), "messages")
	if err := os.WriteFile(file, []byte("first line\nsecond\nthird\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int64]string{100: "first line\nsecond\nthird\n", 15: "second\nthird\n", 7: "third\n"} {
		if got, err := tail(file, limit); err != nil || string(got) != want {
			t.Errorf("the last %d bytes: %q, %v; want %q", limit, got, err, want)
		}
	}
}

func FuzzKmsg(f *testing.F) {
	seed, err := os.ReadFile("testdata/debian12/dev/kmsg")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte("6,1,18446744073709551615,-;x\\x\n"))
	f.Add([]byte("3,1,5,-;\\x5c\\xzz\\x0\n A=b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for rest := data; ; {
			record, more, ok := cutRecord(rest)
			if len(record)+len(more) != len(rest) {
				t.Fatalf("of %d bytes %d and %d are left", len(rest), len(record), len(more))
			}
			if m, is := parseKmsg(record, boot); is && (m.at.Before(boot) || len(m.text) > len(record)) {
				t.Errorf("a message of %s with %d bytes", m.at, len(m.text))
			}
			if !ok {
				break
			}
			rest = more
		}
	})
}

func FuzzKernelLog(f *testing.F) {
	seed, err := os.ReadFile("testdata/centos7-fragmented/var/log/messages")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add(
		[]byte(
			"[Wed Nov 26 03:24:30 2025] a\n[1.5] b\n2025-11-26T03:24:30+02:00 h kernel: [2.5] c\nFeb 29 00:00:00 h " +
				"kernel: d\n"))
	now := boot.Add(48 * time.Hour)
	f.Fuzz(func(t *testing.T, data []byte) {
		var lines int
		for m := range parseKernelLog(data, now, boot, time.UTC) {
			if lines++; m.at.IsZero() || strings.Contains(m.text, "\n") {
				t.Errorf("a message at %s: %q", m.at, m.text)
			}
		}
		if limit := bytes.Count(data, []byte("\n")) + 1; lines > limit {
			t.Errorf("%d messages of %d lines", lines, limit)
		}
	})
}
