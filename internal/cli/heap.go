package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A diagnosis of a small dump ends before a collection of garbage pays: it begins when the heap has this many times the
// 4 MB at which Go begins.
const firstCollection = 8

// garbage is how much of it there may be before it is collected, where more is alive: a fixed share of what is alive
// would be much of a large cluster, and a fixed limit of all makes the collector run without an end as soon as more is
// alive than that.
const garbage = 64 << 20

// startHeap puts off the first collection of garbage. From then on how much garbage there may be follows what is alive.
func startHeap() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(firstCollection * 100)
	afterCollection()
}

// afterCollection sets after each collection when the next one begins.
func afterCollection() {
	runtime.AddCleanup(&struct{ mark *int }{new(int)}, func(int) {
		debug.SetGCPercent(percentFor(alive()))
		afterCollection()
	}, 0)
}

// percentFor is how much garbage there may be, in hundredths of what is alive: as much again, and less where that is
// much. A quarter at least: collecting costs as much as there is alive.
func percentFor(alive uint64) int {
	return int(min(100, max(25, 100*garbage/max(alive, 1))))
}

// alive is how many bytes the last collection has found in use.
func alive() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
