package lab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// tunables are the machine's own that a kubelet sets when it starts: no namespace hides them.
var tunables = []string{"vm.overcommit_memory", "vm.panic_on_oom", "kernel.panic", "kernel.panic_on_oops",
	"kernel.keys.root_maxkeys", "kernel.keys.root_maxbytes"}

// keepSysctls writes down what the machine has before the first kubelet starts; what is written already stays, as a
// kubelet may have run since.
func (l *Lab) keepSysctls() error {
	for _, name := range tunables {
		file := l.path("machine", name+".sysctl")
		if exists(file) {
			continue
		}
		value, err := os.ReadFile(filepath.Join("/proc/sys", strings.ReplaceAll(name, ".", "/")))
		if os.IsNotExist(err) {
			continue // a kernel without keyrings
		}
		if err != nil {
			return fmt.Errorf("read sysctl %s: %w", name, err)
		}
		if err := os.WriteFile(file, value, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// restoreSysctls sets those of the machine back whose former value is in DIR/NAME.sysctl: faults leave theirs in
// fault, up in machine.
func (l *Lab) restoreSysctls(dir string) error {
	kept, _ := filepath.Glob(l.path(dir, "*.sysctl"))
	for _, file := range kept {
		value, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".sysctl")
		if err := run(exec.Command("sysctl", "-qw", name+"="+strings.TrimSpace(string(value)))); err != nil {
			return err
		}
	}
	return nil
}
