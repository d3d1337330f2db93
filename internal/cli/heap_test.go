package cli

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestStartHeap: the first collection comes late, and what garbage there may be follows what is alive then.
func TestStartHeap(t *testing.T) {
	t.Setenv("GOGC", "")
	usual := debug.SetGCPercent(100)
	defer debug.SetGCPercent(usual)
	startHeap()
	if got := debug.SetGCPercent(firstCollection * 100); got != firstCollection*100 {
		t.Errorf("%d%%", got)
	}
	deadline := time.Now().Add(10 * time.Second)
	for got := firstCollection * 100; got > 100; {
		runtime.GC()
		got = debug.SetGCPercent(firstCollection * 100)
		if time.Now().After(deadline) {
			t.Fatalf("still %d%% after a collection", got)
		}
	}
	for alive, want := range map[uint64]int{0: 100, 10 << 20: 100, 128 << 20: 50, 1 << 30: 25} {
		if got := percentFor(alive); got != want {
			t.Errorf("%d MiB alive: %d%%, want %d%%", alive>>20, got, want)
		}
	}
}
