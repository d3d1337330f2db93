package node

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLinksStayInTheTree(t *testing.T) {
	root := t.TempDir()
	for _, d := range []string{"run/containerd", "usr/bin", "var"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"var/run": "/run", "bin": "usr/bin", "out": "../../../../etc",
		"loop": "loop", "run/deep": "/var/run/containerd"} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	tr := tree{root: root}
	for name, want := range map[string]string{
		"/var/run/containerd/x.sock": "/run/containerd/x.sock",
		"/bin/../bin/runc":           "/usr/bin/runc",
		"/out/passwd":                "/etc/passwd",
		"/run/deep/..":               "/run",
		"/../../run":                 "/run",
		"/nowhere/a/b":               "/nowhere/a/b",
		"":                           "/",
	} {
		if got, _ := tr.resolve(name); got != want {
			t.Errorf("%s leads to %s, not to %s", name, got, want)
		}
		if got, _ := tr.at(name); got != filepath.Join(root, want) {
			t.Errorf("%s is at %s", name, got)
		}
	}
	if _, err := tr.resolve("/loop/x"); err == nil {
		t.Error("a loop has an end")
	}
	if got, _ := (tree{root: "/"}).at("/var/run/x"); got != "/var/run/x" {
		t.Error(got)
	}
	if err := os.WriteFile(filepath.Join(root, "big"), make([]byte, 11), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tr.read("/big", 10); err == nil || err.Error() != "read /big: it has more than 10 bytes" {
		t.Error(err)
	}
}
