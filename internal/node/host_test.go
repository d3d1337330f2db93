package node

import (
	"context"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"golang.org/x/sys/unix"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write what was read of testdata/MACHINE to the files beside it")

// readHost runs the probes of the host alone.
func readHost(ctx context.Context, h *Host) *nodefacts.NodeFacts {
	f := &nodefacts.NodeFacts{ObjectMeta: metav1.ObjectMeta{Name: h.Name}}
	for _, p := range hostProbes {
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

// fixture is a folder that stands for a machine, and for what no folder can stand for.
func fixture(machine, now string, rooms map[string]space, mounts map[string]int) *Host {
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		panic(err)
	}
	root := "testdata/" + machine
	return &Host{Root: root, Now: func() time.Time { return at }, calls: calls{
		statfs: func(path string) (space, error) {
			if s, ok := rooms[strings.TrimPrefix(path, root)]; ok {
				return s, nil
			}
			return space{}, &os.PathError{Op: "statfs", Path: path, Err: unix.EIO}
		},
		clocks: func() (time.Duration, time.Duration, error) { return time.Duration(at.UnixNano()), time.Hour, nil },
		synced: func() (bool, error) { return machine != "centos7-fragmented", nil },
		stat: func(path string) (*child, error) {
			done := make(chan int, 1)
			done <- statAsked + mounts[strings.TrimPrefix(path, root)]
			return &child{done, func() {}}, nil
		},
	}}
}

// TestMachines reads whole machines and compares with what was read before, and looked through by a human.
func TestMachines(t *testing.T) {
	const pod = "/data/kubelet/pods/0b9d7f5e-3c1a-4e2d-8f6b-7a5c4d3e2f10"
	for machine, h := range map[string]*Host{
		"centos7-fragmented": fixture("centos7-fragmented", "2021-03-09T10:00:00Z", map[string]space{
			"/var/lib/docker": {107321753600, 81604378624, 52428800, 51912011}, "/var/lib/kubelet": {53660876800,
				21474836480, 26214400, 26011233},
			"/var/log/pods": {53660876800, 21474836480, 26214400, 26011233}, "/run": {8328300544, 8211230720, 2033276,
				2032418}, "/tmp": {53660876800, 21474836480, 26214400, 26011233}}, nil),
		"debian12": fixture("debian12", "2025-11-26T14:30:00Z", map[string]space{
			"/data/containerd": {21003583488, 0, 1310720, 0}, "/data/kubelet": {21003583488, 0, 1310720, 0},
			"/var/log/pods": {10464022528, 6442450944, 655360, 601233}, "/run": {823361536, 821264384, 0, 0}},
			map[string]int{
				pod + "/volumes/kubernetes.io~nfs/media": int(unix.ESTALE), pod + "/volume-subpaths/media/app/1": int(
					unix.ESTALE)}),
	} {
		t.Run(machine, func(t *testing.T) {
			f := readHost(context.Background(), h)
			f.Kernel = &nodefacts.Kernel{Since: f.Kernel.Since} // what its lines say is nodelog's to test
			golden(t, "testdata/"+machine+".host.yaml", f)
		})
	}
}

// golden compares facts with those in a file, which -update writes.
func golden(t *testing.T, file string, f *nodefacts.NodeFacts) {
	t.Helper()
	got, err := yaml.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
