package anonymize

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/dump"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// memory is a folder in memory for dump.Write.
type memory map[string]*bytes.Buffer

type file struct{ *bytes.Buffer }

func (file) Close() error { return nil }

func (m memory) create(name string) (io.WriteCloser, error) {
	m[name] = new(bytes.Buffer)
	return file{m[name]}, nil
}

// TestPseudonymsOfNodeFacts finds none of the names, addresses and UIDs that a node tells of, and all of its fields.
func TestPseudonymsOfNodeFacts(t *testing.T) {
	const uid = "1c9e5b8a-7f30-4b02-9d4f-6a3f1f0c2b11"
	b := cluster.NewBuilder(time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC))
	b.Add("NodeFacts", &nodefacts.NodeFacts{ObjectMeta: metav1.ObjectMeta{Name: "worker7.acme.example"},
		Limits: &nodefacts.Limits{Threads: &nodefacts.Used{Used: 1, Max: 2},
			FullCgroups: []nodefacts.FullCgroup{{Path: "/kubepods/pod" + uid, PodUID: uid}}},
		Sandboxes: &nodefacts.Sandboxes{Odd: []nodefacts.Sandbox{{Namespace: "treasury", Pod: "threads", PodUID: uid}},
			Twice: []nodefacts.HeldName{{Name: "threads_treasury_" + uid + "_0", PodUID: uid}}},
		Images: &nodefacts.Images{Pause: &nodefacts.PauseImage{Reference: "registry.acme.example/pause:3.10"},
			Pulls: []nodefacts.Pull{{Image: "registry.acme.example/ledger:2"}}},
		CNI: &nodefacts.CNI{Ranges: []nodefacts.IPRange{{Subnet: "172.30.9.0/24"}}},
		Logs: []nodefacts.LogLine{{Component: "kubelet", PodUID: uid,
			Message: "worker7: RunPodSandbox treasury/threads at 172.30.9.4 failed"}}})
	s, _, err := Pseudonyms(b.Snapshot(), func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	files := memory{}
	if err := dump.Write(files.create, s); err != nil {
		t.Fatal(err)
	}
	for name, file := range files {
		text := file.String()
		for _, secret := range []string{"worker7", "acme", "treasury", "ledger", uid, "172.30.9"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s:\n%s", name, secret, text)
			}
		}
	}
	if f := cluster.Objects[nodefacts.NodeFacts](s)[0]; f.Limits == nil || f.Limits.Threads == nil ||
		f.Limits.FullCgroups[0].PodUID != f.Logs[0].PodUID {
		t.Errorf("limits %+v of logs %+v", f.Limits, f.Logs)
	}
}
