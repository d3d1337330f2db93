package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFactsOnStdin is `ssh node stuck-agent --once | kubectl stuck -f - -f dump/`: what the node says tells which of
// its disks the Event means.
func TestFactsOnStdin(t *testing.T) {
	dump := t.TempDir()
	pod := strings.Replace(stuckPod, `MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found`,
		"mkdir /var/lib/kubelet/pods/u1: no space left on device", 1)
	for name, text := range map[string]string{"pods.yaml": pod,
		"snapshot.yaml": "apiVersion: stuck.dev/v1alpha1\nkind: SnapshotInfo\nat: \"2026-01-02T03:50:00Z\"\n"} {
		if err := os.WriteFile(filepath.Join(dump, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	facts := `apiVersion: stuck.dev/v1alpha1
at: "2026-01-02T03:50:10Z"
fileSystems:
- bytes: 42140479488
  bytesFree: 0
  path: /var/lib/kubelet
  roles: [kubelet, runtime]
kind: NodeFacts
metadata:
  name: n1
source: agent
`
	ask := func(stdin string) string {
		var out, errs bytes.Buffer
		a := &App{In: strings.NewReader(stdin), Out: &out, Err: &errs, Getenv: func(string) string { return "" },
			Now: func() time.Time { return time.Date(2026, 1, 2, 3, 50, 12, 0, time.UTC) }}
		if code := a.Run([]string{"-f", "-", "-f", dump}); code != ExitStuck {
			t.Errorf("exit %d: %s", code, errs.String())
		}
		return out.String()
	}
	if out := ask(facts); !strings.Contains(out, "/var/lib/kubelet on node n1 is full") ||
		!strings.Contains(out, "NodeFacts n1") {
		t.Errorf("the facts of the node were not used:\n%s", out)
	}
	if out := ask(strings.Replace(facts, "name: n1", "name: n2", 1)); strings.Contains(out,
		"/var/lib/kubelet on node n1 is full") {
		t.Errorf("the facts of another node were used:\n%s", out)
	}
}
