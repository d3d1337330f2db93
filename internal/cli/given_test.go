package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSources names what each file gave, and in one line what all did; nothing that was given is dropped in silence.
func TestSources(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"pods.yaml": stuckPod,
		"app.log":   "listening on :8080\n",
		"kubelet.log": `E0302 10:10:00.000000 1 pod_workers.go:1338] "Error syncing pod, skipping" ` +
			`err="network is not ready: cni plugin not initialized" pod="shop/web" ` +
			`podUID="07517c0f-6e76-4b2b-935f-6a861da04830"` + "\n",
		"notes.txt": "I called them at ten.\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args string
		want []string
	}{
		{"", []string{"4 files read: 1 Pod, 1 Event", "1 line of logs", "2 gave nothing: --sources names them."}},
		{"--sources", []string{"pods.yaml: 1 Event, 1 Pod", "kubelet.log: 1 line of a node's log",
			"notes.txt: nothing that tells", "app.log: nothing that tells"}},
		{"--lang=zh", []string{"读取了 4 个文件"}},
	} {
		said := command(nil, "", nil, append([]string{"-f", dir}, strings.Fields(c.args)...)...).err
		for _, want := range c.want {
			if !strings.Contains(strings.Join(strings.Fields(said), " "), want) {
				t.Errorf("%q: no %q in:\n%s", c.args, want, said)
			}
		}
	}
}
