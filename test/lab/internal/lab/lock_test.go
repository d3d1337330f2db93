package lab

import (
	"strings"
	"testing"
)

// TestLock lets one run have a lab.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	one, other := &Lab{Dir: dir}, &Lab{Dir: dir}
	if err := one.Lock(); err != nil {
		t.Fatal(err)
	}
	if err := other.Lock(); err == nil || !strings.Contains(err.Error(), "another run") {
		t.Errorf("a second run got the lab too: %v", err)
	}
	one.lock.Close()
	if err := other.Lock(); err != nil {
		t.Error(err)
	}
}
