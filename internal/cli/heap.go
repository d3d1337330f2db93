package cli

import (
	"os"
	"runtime"
	"runtime/debug"
)

// A diagnosis of a small dump ends before a collection of garbage pays: it begins when the heap has this many times the
// 4 MB at which Go begins.
const firstCollection = 8

// startHeap puts off the first collection of garbage. From then on the heap grows as always.
func startHeap() {
	if os.Getenv("GOGC") != "" {
		return
	}
	usual := debug.SetGCPercent(firstCollection * 100)
	runtime.AddCleanup(&struct{ first *int }{new(int)}, func(percent int) { debug.SetGCPercent(percent) }, usual)
}
