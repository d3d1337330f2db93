package node

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// readRuntimeProbes runs the probes of what runs on the node alone.
func readRuntimeProbes(ctx context.Context, h *Host) *nodefacts.NodeFacts {
	f := &nodefacts.NodeFacts{ObjectMeta: metav1.ObjectMeta{Name: h.Name}}
	ctx = h.share(ctx)
	for _, p := range runtimeProbes {
		set, err := h.try(ctx, p)
		if set != nil {
			set(f)
		}
		if some, ok := err.(partial); ok {
			f.Unread = append(f.Unread, some...)
		} else if err != nil {
			f.Unread = append(f.Unread, nodefacts.Unread{Path: p.path, Why: err.Error()})
		}
	}
	return f
}

// machine copies a folder that stands for a machine to a short path, where sockets may be made. All its files are of
// one time.
func machine(t *testing.T, name, now string) *Host {
	t.Helper()
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.MkdirTemp("", "n") // a socket's path has room for 107 bytes, and t.TempDir takes most of them
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	if name != "" {
		if err := os.CopyFS(root, os.DirFS("testdata/"+name)); err != nil {
			t.Fatal(err)
		}
	}
	err = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		return os.Chtimes(path, time.Time{}, at.Add(-time.Hour))
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Host{Root: root, Now: func() time.Time { return at }}
}

// TestRuntimeMachines reads whole machines and compares with what was read before, and looked through by a human.
func TestRuntimeMachines(t *testing.T) {
	for name, now := range map[string]string{"centos7-docker": "2020-09-14T07:00:00Z",
		"debian-dup": "2023-11-14T23:00:00Z", "crio": "2023-11-14T23:00:00Z"} {
		t.Run(name, func(t *testing.T) {
			f := readRuntimeProbes(context.Background(), machine(t, name, now))
			for i := range f.Programs.Running {
				// of what the test's own machine has there: only the kernel's links lead elsewhere
				f.Programs.Running[i].Version = ""
			}
			f.Kubelet.Version = ""
			golden(t, "testdata/"+name+".runtime.yaml", f)
		})
	}
}
