package node

import (
	"testing"
	"time"
)

func TestParseRing(t *testing.T) {
	booted := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	for line, want := range map[string]kernelMessage{
		"<4>[ 3714.201554] runc:[1:CHILD]: page allocation failure: order:4\n": {
			booted.Add(3714201554 * time.Microsecond), "runc:[1:CHILD]: page allocation failure: order:4"},
		"<6>[    0.000000] Linux version 6.1": {booted, "Linux version 6.1"},
	} {
		got, ok := parseRing(line, booted)
		if off := got.at.Sub(want.at); !ok || got.text != want.text || off < -time.Microsecond ||
			off > time.Microsecond {
			t.Errorf("%q: %+v, %t", line, got, ok)
		}
	}
	for _, line := range []string{"", "<", "<6>no time", "<30>[ 1.0] systemd[1]: a program wrote this", "<6>[NaN] x",
		"<6>[-1.0] x", "<6>[9e99] x", "<6>[ 1.0]x", "[ 1.0] x"} {
		if m, ok := parseRing(line, booted); ok {
			t.Errorf("%q was taken: %+v", line, m)
		}
	}
}

func FuzzParseRing(f *testing.F) {
	f.Add("<4>[ 3714.201554] runc:[1:CHILD]: page allocation failure: order:4\n")
	f.Fuzz(func(t *testing.T, line string) {
		booted := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
		if m, ok := parseRing(line, booted); ok && (m.at.Before(booted) || len(m.text) >= len(line)) {
			t.Errorf("%q: %+v", line, m)
		}
	})
}

// TestReadRing reads this machine's kernel log where that may be read.
func TestReadRing(t *testing.T) {
	booted := time.Now().Add(-time.Hour)
	n := 0
	if err := readRing(booted, func(kernelMessage) { n++ }); err != nil {
		t.Skip(err)
	}
	if n == 0 {
		t.Error("no message, and no error")
	}
}
