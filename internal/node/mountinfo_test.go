package node

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

func TestParseMount(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       mount
		bad        bool
	}{
		{name: "plain", line: "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
			want: mount{dev: "98:0", root: "/mnt1", target: "/mnt2", options: "rw,noatime", kind: "ext3",
				source: "/dev/root", superOps: "rw,errors=continue"}},
		{name: "no optional fields, escapes", line: `1 2 0:5 / /a\040b\134c rw - fuse.x some\011thing rw`,
			want: mount{dev: "0:5", root: "/", target: `/a b\c`, options: "rw", kind: "fuse.x", source: "some\tthing",
				superOps: "rw"}},
		{name: "two optional fields, no options", line: "1 2 0:5 / /a rw shared:3 master:1 - nfs4 h:/e",
			want: mount{dev: "0:5", root: "/", target: "/a", options: "rw", kind: "nfs4", source: "h:/e"}},
		{name: "cut off", line: "36 35 98:0 /mnt1 /mnt2 rw,noat", bad: true},
		{name: "empty", bad: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := parseMount(c.line)
			if diff := cmp.Diff(c.want, m, cmp.AllowUnexported(mount{})); diff != "" || err != nil != c.bad {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func TestMountsFor(t *testing.T) {
	const table = `1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 8:2 / /var rw - ext4 /dev/sda2 rw
3 2 8:3 / /var/lib rw - ext4 /dev/sda3 rw
4 2 8:4 / /var/lib rw - ext4 /dev/sda4 rw
5 2 8:5 / /var/library rw - ext4 /dev/sda5 rw
`
	paths := []string{"/", "/var/lib/containerd", "/var/lib", "/variable", "/var/libx"}
	on, err := mountsFor(parseMountinfo(strings.NewReader(table)), paths)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range on {
		got = append(got, m.dev)
	}
	if diff := cmp.Diff([]string{"8:1", "8:4", "8:4", "8:1", "8:2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPodMount(t *testing.T) {
	const pod = "/var/lib/kubelet/pods/0b9d7f5e"
	for target, want := range map[string]nodefacts.Mount{
		pod + "/volumes/kubernetes.io~nfs/media":       {PodUID: "0b9d7f5e", Volume: "media"},
		pod + "/volumes/kubernetes.io~csi/pvc-1/mount": {PodUID: "0b9d7f5e", Volume: "pvc-1"},
		pod + "/volume-subpaths/conf/app/0": {PodUID: "0b9d7f5e", Volume: "conf",
			Container: "app"},
		pod + "/volumes":              {PodUID: "0b9d7f5e"},
		pod + "/volume-subpaths/conf": {PodUID: "0b9d7f5e"},
		"/mnt":                        {},
		"/var/lib/kubelet/plugins/kubernetes.io/csi/x/globalmount": {},
	} {
		want.Target = target
		if diff := cmp.Diff(want, podMount(target, "/var/lib/kubelet")); diff != "" {
			t.Errorf("%s\n%s", target, diff)
		}
	}
}

// Of a table longer than is read, or with a line that is none, what was read counts, and that there is more is told.
func TestMountTableIsLong(t *testing.T) {
	line := "1 0 0:5 / /var/lib/kubelet/pods/u/v rw - tmpfs tmpfs rw\n"
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"too many":    {strings.Repeat(line, maxMounts+5), maxMounts},
		"a long line": {strings.Repeat(line, 3) + strings.Repeat("x", 2*maxValue) + "\n" + line, 3},
		"cut off":     {strings.Repeat(line, 3) + "1 0 0:5 / /var", 3},
	} {
		h := machineWith(t, map[string]string{"proc/1/mountinfo": c.text})
		var m nodefacts.Mounts
		if all, err := h.podMounts(t.Context(), &m); err == nil || m.Count != c.want || int64(m.Count) != all {
			t.Errorf("%s: %d of %d mounts, error %v; want %d", name, m.Count, all, err, c.want)
		}
	}
}

func TestResolve(t *testing.T) {
	h := machineWith(t, map[string]string{"data/docker/x": ""})
	for name, to := range map[string]string{"lib": "/data", "rel": "lib/docker", "up": "../../../lib",
		"loop": "/loop"} {
		if err := os.Symlink(to, h.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{"/lib/docker/x": "/data/docker/x", "/rel/x": "/data/docker/x",
		"/up/docker": "/data/docker", "/none/x": "/none/x", "/../lib": "/data", "/loop": ""} {
		if got, err := h.resolve(path); got != want || err != nil != (want == "") {
			t.Errorf("%s leads to %s, %v; want %s", path, got, err, want)
		}
	}
}

func FuzzMountinfo(f *testing.F) {
	for _, file := range []string{"testdata/centos7-fragmented/proc/1/mountinfo",
		"testdata/debian12/proc/1188/mountinfo"} {
		seed, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var lines int
		for m := range parseMountinfo(bytes.NewReader(data)) {
			lines++
			if of := podMount(m.target, "/var/lib/kubelet"); of.PodUID != "" && !strings.Contains(m.target, of.PodUID) {
				t.Errorf("%q is of Pod %q", m.target, of.PodUID)
			}
		}
		if limit := bytes.Count(data, []byte("\n")) + 1; lines > limit {
			t.Errorf("%d mounts in %d lines", lines, limit)
		}
		paths := []string{"/", "/var/lib/kubelet"}
		on, _ := mountsFor(parseMountinfo(bytes.NewReader(data)), paths)
		for i, m := range on {
			if m != nil && !below(paths[i], m.target) {
				t.Errorf("%s does not lie on %q", paths[i], m.target)
			}
		}
	})
}
