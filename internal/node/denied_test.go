package node

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// asNobody runs something as one who owns no file.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // for good: the thread ends with its other user
		if os.Getuid() == 0 {
			syscall.Setfsuid(65534)
		}
		do()
	}()
	<-done
}

// TestMayNotLook claims nothing of what may not be looked at: not that it is missing, and not that it is wrong.
func TestMayNotLook(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{root, filepath.Dir(root)} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	conf := `{"name":"net","cniVersion":"1.0.0","plugins":[{"type":"bridge"}]}`
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(root+name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"/net.d", "/bin", "/usr/sbin", "/run"} {
		if err := os.MkdirAll(root+dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write("/net.d/10-net.conflist", conf)
	write("/bin/bridge", "x")
	write("/usr/sbin/mount.nfs", "x")
	write("/run/crio.sock", "x")
	look := func() (*cniReader, error, []nodefacts.Helper, error, bool) {
		c := &cniReader{tree: tree{root: root}, conf: &runtimeConf{confDir: "/net.d", binDirs: []string{"/bin"}},
			facts: &nodefacts.CNI{}}
		win, err := c.files()
		if win != nil {
			c.plugins(win)
		}
		helpers, hidden := (&Host{Root: root}).mountPrograms()
		return c, err, helpers, hidden, tree{root: root}.exists("/run/crio.sock")
	}
	c, err, helpers, hidden, socket := look()
	if err != nil || len(c.facts.Files) != 1 || len(c.facts.Plugins) != 1 || c.facts.Plugins[0].Path != "/bin/bridge" ||
		len(helpers) != len(mountHelpers) || hidden != nil || !socket || (tree{root: root}).exists("/run/none.sock") {
		t.Fatalf("who may look sees %+v %v, %v %v", c.facts, err, helpers, hidden)
	}
	for _, dir := range []string{"/bin", "/usr/sbin", "/run"} {
		if err := os.Chmod(root+dir, 0); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(root+dir, 0o755)
	}
	asNobody(t, func() { c, err, helpers, hidden, socket = look() })
	if err != nil || len(c.facts.Plugins) != 0 || len(c.unread) != 1 || c.unread[0].Path != "cni.plugins" ||
		len(helpers) != 0 || !errors.Is(hidden, fs.ErrPermission) || !socket {
		t.Errorf("folders that are closed: %+v %v %v, %v %v, socket %v", c.facts, c.unread, err, helpers, hidden, socket)
	}
	if err := os.Chmod(root+"/net.d/10-net.conflist", 0); err != nil {
		t.Fatal(err)
	}
	asNobody(t, func() { c, err, _, _, _ = look() })
	if !errors.Is(err, fs.ErrPermission) || len(c.facts.Files) != 0 {
		t.Errorf("a file that is closed: %+v %v", c.facts, err)
	}
}
