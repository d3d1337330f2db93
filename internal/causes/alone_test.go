package causes

import "testing"

// alone skips a sweep over all cases that starts no goroutine where the race detector is on, which has nothing to find
// in it and makes it ten times as long, and with -short. TestCases, TestRecordings and the fuzzers go the same ways
// under it.
func alone(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("one goroutine alone: go test without -race runs it")
	}
	if testing.Short() {
		t.Skip("a sweep over all cases, for which CI has the time")
	}
}
