package cli

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestStartHeap: the first collection comes late, and then the heap grows as it would have.
func TestStartHeap(t *testing.T) {
	t.Setenv("GOGC", "")
	usual := debug.SetGCPercent(100)
	defer debug.SetGCPercent(usual)
	debug.SetGCPercent(90)
	startHeap()
	if got := debug.SetGCPercent(-1); got != firstCollection*100 {
		t.Errorf("%d%%", got)
	}
	deadline := time.Now().Add(10 * time.Second)
	for got := 0; got != 90; {
		runtime.GC()
		if got = debug.SetGCPercent(-1); got == 90 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still %d%% after a collection", got)
		}
	}
}
