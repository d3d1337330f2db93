package node

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// TestThinPools finds the pool below a file system, and that of the runtime by what it mounts or else by its name.
func TestThinPools(t *testing.T) {
	const status = "vg-pool-tpool: 0 209715200 thin-pool 11 1003/1310720 20000/3276800 - rw no_discard_passdown " +
		"queue_if_no_space - 1024\n" +
		"docker-253:1-1966-pool: 0 20971520 thin-pool 7 24500/24576 163840/163840 - out_of_data_space " +
		"discard_passdown error_if_no_space needs_check 1024\n" +
		"broken-pool: 0 20971520 thin-pool Fail\n"
	vg := nodefacts.ThinPool{Name: "vg-pool-tpool", DataUsed: 20000, DataTotal: 3276800, MetadataUsed: 1003,
		MetadataTotal: 1310720}
	docker := nodefacts.ThinPool{Name: "docker-253:1-1966-pool", DataUsed: 163840, DataTotal: 163840,
		MetadataUsed: 24500, MetadataTotal: 24576}
	devices := map[string]string{ // dm-N: name, dev and what it lies on
		"dm-0": "vg-pool_tmeta 253:0 vda2", "dm-1": "vg-pool_tdata 253:1 vda2", "dm-2": "vg-pool-tpool 253:2 dm-0 dm-1",
		"dm-3": "vg-kubelet 253:3 dm-2",
		"dm-4": "docker-253:1-1966-pool 253:4 loop0 loop1", "dm-5": "docker-253:1-1966-0a1b2c 253:5 dm-4",
		"dm-6": "vg-root 253:6 vda3",
	}
	const mounts = "1 0 253:6 / / rw - ext4 /dev/mapper/vg-root rw\n2 1 253:3 / /var/lib/kubelet rw - xfs " +
		"/dev/mapper/vg-kubelet rw\n"
	const container = "3 1 253:5 / /var/lib/docker/devicemapper/mnt/0a1b2c rw - xfs " +
		"/dev/mapper/docker-253:1-1966-0a1b2c rw\n"
	for name, c := range map[string]struct {
		status, mounts   string
		fails            bool
		runtime, kubelet *nodefacts.ThinPool
	}{
		"by a container's mount": {status: status, mounts: mounts + container, runtime: &docker, kubelet: &vg},
		"by its name":            {status: status, mounts: mounts, runtime: &docker, kubelet: &vg},
		"none":                   {status: "No devices found\n", mounts: mounts},
		"no right":               {fails: true, mounts: mounts},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			write := func(file, text string) {
				file = filepath.Join(root, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for dm, d := range devices {
				f := strings.Fields(d)
				write("sys/block/"+dm+"/dm/name", f[0]+"\n")
				write("sys/block/"+dm+"/dev", f[1]+"\n")
				for _, b := range f[2:] {
					write("sys/block/"+dm+"/slaves/"+b, "")
				}
			}
			write("proc/1/mountinfo", c.mounts)
			h := &Host{Root: root, calls: calls{dmsetup: func(ctx context.Context, args []string) *exec.Cmd {
				if c.fails {
					return exec.CommandContext(ctx, "sh", "-c",
						"echo '/dev/mapper/control: open failed: Operation not permitted' >&2; exit 1")
				}
				return exec.CommandContext(ctx, "printf", "%s", c.status)
			}}}
			set, err := readThinPools(context.Background(), h)
			if (err != nil) != c.fails || c.fails && !strings.Contains(err.Error(), "Operation not permitted") {
				t.Fatal(err)
			}
			f := &nodefacts.NodeFacts{FileSystems: []nodefacts.FileSystem{
				{Roles: []string{nodefacts.RoleRuntime}, Path: "/var/lib/docker", Device: "/dev/mapper/vg-root"},
				{Roles: []string{nodefacts.RoleKubelet}, Path: "/var/lib/kubelet", Device: "/dev/mapper/vg-kubelet"}}}
			if set != nil {
				set(f)
			}
			if diff := cmp.Diff([]*nodefacts.ThinPool{c.runtime, c.kubelet},
				[]*nodefacts.ThinPool{f.FileSystems[0].ThinPool, f.FileSystems[1].ThinPool}); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestNoPools asks nobody where device mapper has ordinary volumes only.
func TestNoPools(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "sys/block/dm-0/dm"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "sys/block/dm-0/dm/name"), []byte("vg-root\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	h := &Host{Root: root, calls: calls{dmsetup: func(context.Context, []string) *exec.Cmd {
		t.Error("device mapper was asked")
		return nil
	}}}
	if set, err := readThinPools(context.Background(), h); set != nil || err != nil {
		t.Error(err)
	}
}

func FuzzPools(f *testing.F) {
	f.Add(
		"vg-pool-tpool: 0 209715200 thin-pool 11 1003/1310720 20000/3276800 - rw no_discard_passdown " +
			"queue_if_no_space - 1024\n")
	f.Add("broken-pool: 0 20971520 thin-pool Fail\n: thin-pool\na: 0 1 thin-pool 1 /2 3/ -")
	f.Fuzz(func(t *testing.T, status string) {
		for _, p := range parsePools(status) {
			if p.DataTotal <= 0 || p.MetadataTotal <= 0 || p.DataUsed < 0 || p.MetadataUsed < 0 {
				t.Errorf("a pool without a size: %+v", p)
			}
		}
	})
}
