package lab

import (
	"os"
	"testing"
)

// TestKeepSysctls: what the machine had before the first kubelet is kept, whatever one has set since.
func TestKeepSysctls(t *testing.T) {
	l := &Lab{Dir: t.TempDir()}
	if err := os.Mkdir(l.path("machine"), 0o755); err != nil {
		t.Fatal(err)
	}
	first := l.path("machine", "kernel.panic.sysctl")
	if err := os.WriteFile(first, []byte("7\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := l.keepSysctls(); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(first); string(b) != "7\n" {
		t.Errorf("kernel.panic = %q: the first value was lost", b)
	}
	if !exists(l.path("machine", "vm.overcommit_memory.sysctl")) {
		t.Error("vm.overcommit_memory was not kept")
	}
}
