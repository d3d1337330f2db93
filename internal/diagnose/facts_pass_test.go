package diagnose

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", 400 * time.Millisecond: "0s", 9 * time.Second: "9s",
		30 * time.Second: "30s", 60 * time.Second: "1m", 252 * time.Second: "4m",
		10 * time.Minute: "10m", time.Hour: "1h", 130*time.Minute + 20*time.Second: "2h10m", 20 * time.Hour: "20h"} {
		if got := Span(d); got != want {
			t.Errorf("Span(%v) = %s, want %s", d, got, want)
		}
	}
}
