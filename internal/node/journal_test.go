package node

import (
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestJournal asks journald from where it ended, counts what it says once, and begins anew where it was not told how
// far an answer goes.
func TestJournal(t *testing.T) {
	h := machine(t, "debian-dup", "2026-11-25T12:00:00Z")
	h.Knows = func(string) bool { return true }
	line := func(at, message string) string {
		return "2026-11-25T" + at + "+0000 n1 kubelet[1]: E1125 " + at + ".000000 1 x.go:1] " + message + "\n"
	}
	var asked []string
	script := ""
	h.calls.journal = func(ctx context.Context, args []string) *exec.Cmd {
		asked = args
		return exec.CommandContext(ctx, "sh", "-c", script)
	}
	check := func(output, from string, failed bool, want ...string) {
		t.Helper()
		script = output
		got, err := kept(t, h)
		if (err != nil) != failed {
			t.Fatal(err)
		}
		if !slices.Contains(asked, from) {
			t.Errorf("asked %q, not %s", asked, from)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	say := func(lines ...string) string { return "cat <<'.'\n" + strings.Join(lines, "") + ".\n" }
	const since = "--since=@1795607100" // 15 minutes before
	check("echo 'no journal files were found' >&2; exit 1", since, true)
	check(say(line("11:59:01", "one failed"), "-- cursor: s=a\n"), since, false, "one failed 1")
	check(say(line("11:59:02", "two failed"), "-- cursor: s=b\n"), "--after-cursor=s=a", false, "one failed 1",
		"two failed 1")
	check(say(), "--after-cursor=s=b", false, "one failed 1", "two failed 1")
	check(say(line("11:59:03", "three failed"))+"exit 1", "--after-cursor=s=b", true, "one failed 1", "two failed 1",
		"three failed 1")
	check(say(line("11:59:03", "three failed"), "-- cursor: s=c\n"), since, false, "three failed 1")
}
