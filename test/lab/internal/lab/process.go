package lab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A pid file holds the process id and its start time in clock ticks, so that a process that was given the same id later
// is not taken for ours.

func (l *Lab) pidFile(name string) string { return l.path("run", name+".pid") }

// launch starts cmd in the background; its output goes to a log that the kubelet's log query can serve.
func (l *Lab) launch(name string, cmd *exec.Cmd) error {
	log, err := os.OpenFile(l.logFile(name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	pid := cmd.Process.Pid
	go cmd.Wait() // or it stays a zombie while this program runs
	return os.WriteFile(l.pidFile(name), fmt.Appendf(nil, "%d %s\n", pid, startTime(pid)), 0o644)
}

func (l *Lab) logFile(name string) string { return l.path("root", "var", "log", name+".log") }

// startTime is field 22 of /proc/PID/stat; the command name before it may hold spaces.
func startTime(pid int) string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 20 || f[0] == "Z" {
		return ""
	}
	return f[19]
}

// pid of a running component; 0 where it is not.
func (l *Lab) pid(name string) int {
	b, err := os.ReadFile(l.pidFile(name))
	if err != nil {
		return 0
	}
	var pid int
	var start string
	if n, _ := fmt.Sscan(string(b), &pid, &start); n != 2 || startTime(pid) != start {
		return 0
	}
	return pid
}

func (l *Lab) alive(name string) bool { return l.pid(name) != 0 }

// Inside makes a command that runs in the lab's namespaces.
func (l *Lab) Inside(name string, args ...string) *exec.Cmd {
	enter := []string{"--target", strconv.Itoa(l.pid("holder")), "--mount", "--net", "--", name}
	cmd := exec.Command("nsenter", append(enter, args...)...)
	cmd.Env = l.Env()
	return cmd
}

// Start starts a component that is not running. Lines of etc/NAME.args are added to its flags.
func (l *Lab) Start(name string) error {
	if l.alive(name) {
		return nil
	}
	args, ok := l.components()[name]
	if !ok {
		return fmt.Errorf("the lab has no component %q", name)
	}
	extra, _ := os.ReadFile(l.path("etc", name+".args"))
	args = append(args, strings.Fields(string(extra))...)
	return l.launch(name, l.Inside(args[0], args[1:]...))
}

// Stop ends a component, by force where it does not end within ten seconds.
func (l *Lab) Stop(name string) error {
	pid := l.pid(name)
	if pid == 0 {
		return nil
	}
	syscall.Kill(pid, syscall.SIGCONT)
	syscall.Kill(pid, syscall.SIGTERM)
	err := l.waitFor(name+" to stop", 10*time.Second, func() bool { return startTime(pid) == "" })
	if err != nil {
		syscall.Kill(pid, syscall.SIGKILL)
		if err := l.waitFor(name+" to be gone", 10*time.Second,
			func() bool { return startTime(pid) == "" }); err != nil {
			return err
		}
	}
	return os.Remove(l.pidFile(name))
}

// Signal sends sig to a component: SIGSTOP makes it hang.
func (l *Lab) Signal(name string, sig syscall.Signal) error {
	pid := l.pid(name)
	if pid == 0 {
		return fmt.Errorf("%s does not run", name)
	}
	return syscall.Kill(pid, sig)
}

// waitFor polls until ok holds.
func (l *Lab) waitFor(what string, limit time.Duration, ok func() bool) error {
	for end := time.Now().Add(limit); ; time.Sleep(100 * time.Millisecond) {
		if ok() {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("waited %v for %s; logs are in %s", limit, what, l.path("root", "var", "log"))
		}
	}
}

// killInside ends every process in the lab's mount namespace: shims and what they run have no pid file.
func (l *Lab) killInside() {
	holder := l.pid("holder")
	if holder == 0 {
		return
	}
	own, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", holder))
	if err != nil {
		return
	}
	mount, _ := os.Readlink(fmt.Sprintf("/proc/%d/ns/mnt", holder))
	procs, _ := filepath.Glob("/proc/[0-9]*")
	parents := map[int]bool{}
	for range 3 { // containers have namespaces of their own: they are found as children of what was killed
		for _, p := range procs {
			pid, _ := strconv.Atoi(filepath.Base(p))
			net, _ := os.Readlink(p + "/ns/net")
			mnt, _ := os.Readlink(p + "/ns/mnt")
			if pid != holder && (net == own || mnt == mount || parents[parentOf(p)]) {
				parents[pid] = true
			}
		}
	}
	for pid := range parents {
		syscall.Kill(pid, syscall.SIGCONT)
		syscall.Kill(pid, syscall.SIGKILL)
	}
}

func parentOf(proc string) int {
	b, _ := os.ReadFile(proc + "/stat")
	_, rest, _ := strings.Cut(string(b), ") ")
	if f := strings.Fields(rest); len(f) > 1 {
		pid, _ := strconv.Atoi(f[1])
		return pid
	}
	return 0
}

// Status prints the components and their process ids.
func (l *Lab) Status() error {
	for _, name := range append([]string{"holder"}, order...) {
		state := "down"
		if pid := l.pid(name); pid != 0 {
			state = "up, pid " + strconv.Itoa(pid)
		}
		fmt.Printf("%-24s %s\n", name, state)
	}
	return nil
}
