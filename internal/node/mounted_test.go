package node

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// inContainer makes a folder as a container runtime does for mounts below it: with files in those that are mounted.
func inContainer(t *testing.T, mounted []string, files, links map[string]string) *Host {
	t.Helper()
	root := t.TempDir()
	for _, m := range mounted {
		if err := os.MkdirAll(root+m, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(root+name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(root+name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range links {
		if err := os.MkdirAll(filepath.Dir(root+name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, root+name); err != nil {
			t.Fatal(err)
		}
	}
	return &Host{Root: root, calls: calls{own: tableOf(root, mounted...)}}
}

// tableOf is the mounts of a container with these folders below root.
func tableOf(root string, mounted ...string) mountTable {
	return func(yield func(mount, error) bool) {
		for _, target := range []string{"/", "/proc", "/dev", "/etc/hosts"} {
			if !yield(mount{target: target}, nil) {
				return
			}
		}
		for _, m := range mounted {
			if !yield(mount{target: strings.TrimSuffix(root+m, "/")}, nil) {
				return
			}
		}
	}
}

// usual are the folders that deploy/agent.yaml mounts, and what is mounted below them.
var usual = []string{"/bin", "/etc", "/opt", "/proc", "/run", "/sbin", "/sys/block", "/sys/devices", "/sys/fs/cgroup",
	"/usr", "/var", "/var/lib/kubelet/pods/x/volumes/y"}

func TestMountedBelow(t *testing.T) {
	h := inContainer(t, usual, nil, nil)
	table := func(m ...string) mountTable { return tableOf(h.Root, m...) }
	tops := slices.DeleteFunc(slices.Clone(usual), func(m string) bool { return below(m, "/var/lib") })
	backwards := slices.Clone(usual)
	slices.Reverse(backwards)
	link := filepath.Join(t.TempDir(), "host")
	if err := os.Symlink(h.Root, link); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, root string
		table      mountTable
		want       []string
	}{
		{"folders of a machine", h.Root, table(usual...), tops},
		{"in any order", h.Root, table(backwards...), tops},
		{"by a link", link, table(usual...), tops},
		{"with a slash at its end", h.Root + "/", table(usual...), tops},
		{"all of it", h.Root, table("/", "/proc", "/var"), nil},
		{"a folder that stands for a machine", h.Root, table(), nil},
		{"the same, in which some is mounted and the rest is its own", h.Root, table("/proc", "/sys"), nil},
		{"what only begins like it", h.Root, tableOf(h.Root+"-other", usual...), nil},
	} {
		got, err := mountedBelow(c.root, c.table)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, diff)
		}
	}
	broken := errors.New("a line is torn")
	if _, err := mountedBelow(h.Root, func(yield func(mount, error) bool) { yield(mount{}, broken) }); err != broken {
		t.Error(err)
	}
}

// TestNotMounted says of what lies outside of the folders that are mounted that it is not known, and never that it is
// not there; what lies in them is there or not, wherever links lead.
func TestNotMounted(t *testing.T) {
	h := inContainer(t, usual, map[string]string{
		"/usr/bin/runc": "x", "/bin/runc": "x", "/usr/sbin/mount.nfs": "x", "/run/containerd/containerd.sock": "",
		"/run/systemd/resolv.conf": "nameserver 10.0.0.1",
		"/var/opt/cni/bin/bridge":  "x",
	}, map[string]string{
		"/var/run": "/run", "/etc/resolv.conf": "../run/systemd/resolv.conf", "/opt/cni": "/var/opt/cni",
		"/var/lib/docker": "/data/docker", "/usr/bin/crun": "/snap/bin/crun", "/etc/none": "/usr/none",
	})
	const there, absent, unknown = "there", "absent", "not known"
	for name, want := range map[string]string{
		"/usr/bin/runc":                       there,
		"/var/run/containerd/containerd.sock": there,
		"/etc/resolv.conf":                    there,
		"/opt/cni/bin/bridge":                 there,
		"/sys":                                there,
		"/usr/bin/none":                       absent,
		"/opt/cni/bin/none":                   absent,
		"/etc/none":                           absent,
		"/sys/fs/cgroup/none":                 absent,
		"/sys/kernel/debug":                   unknown,
		"/snap/bin/runc":                      unknown,
		"/lib/x":                              unknown,
		"/data/kubelet/config.yaml":           unknown,
		"/var/lib/docker/containers":          unknown,
		"/usr/bin/crun":                       unknown,
		"/usr/../tmp":                         unknown,
		"/var-other/x":                        unknown,
	} {
		_, err := h.tree().stat(name)
		got := there
		switch {
		case errors.Is(err, errNotMounted):
			got = unknown
			if errors.Is(err, fs.ErrNotExist) || !errors.Is(err, fs.ErrPermission) {
				t.Errorf("%s: the error says more than is known: %v", name, err)
			}
		case errors.Is(err, fs.ErrNotExist):
			got = absent
		case err != nil:
			t.Errorf("%s: %v", name, err)
		}
		if got != want {
			t.Errorf("%s is %s, and should be %s: %v", name, got, want, err)
		}
	}
	if names, err := h.tree().names("/", 10); names != nil || !errors.Is(err, errNotMounted) {
		t.Errorf("the names in / are %v, %v", names, err)
	}
	_, err := h.tree().stat("/var/lib/docker/containers")
	want := nodefacts.Unread{Path: "logs", Code: "fact.not-mounted", Args: map[string]string{
		"path": "/data/docker/containers", "folder": "/data", "at": h.Root + "/data"},
		Why: "/data/docker/containers: /data of the node is not mounted into the agent; its DaemonSet can mount it at " +
			h.Root + "/data, read-only"}
	if diff := cmp.Diff(want, Unread("logs", err)); diff != "" {
		t.Error(diff)
	}
	torn := &Host{Root: h.Root, calls: calls{own: func(yield func(mount, error) bool) {
		yield(mount{}, errors.New("a line is torn"))
	}}}
	if torn.tree().exists("/usr/bin/none") != true || torn.exists("sys") {
		t.Error("something is claimed, and it is not known what is to be seen")
	}
}

// TestClaimsNothingOfTheRest reads a node of which only some folders are mounted: what is proven from files that are
// missing is only what was looked for in them.
func TestClaimsNothingOfTheRest(t *testing.T) {
	cni := `{"name":"net","cniVersion":"1.0.0","plugins":[{"type":"calico","nodename_file":"/data/nodename"},` +
		`{"type":"kube-ovn","server_socket":"/data/ovn.sock"},{"type":"tuning"}]}`
	h := inContainer(t, []string{"/etc", "/proc", "/usr", "/sbin"}, map[string]string{"/etc/cni/net.d/10.conflist": cni,
		"/usr/sbin/mkfs.ext4": "x"}, map[string]string{"/etc/resolv.conf": "/run/systemd/resolv.conf"})
	c := &cniReader{tree: h.tree(), conf: &runtimeConf{confDir: "/etc/cni/net.d", binDirs: []string{"/opt/cni/bin",
		"/usr/lib/cni"}}, facts: &nodefacts.CNI{}}
	win, err := c.files()
	if err != nil {
		t.Fatal(err)
	}
	c.plugins(win)
	c.agents(win)
	if len(c.facts.Plugins)+len(c.facts.Sockets) > 0 || c.facts.CalicoNodenameMissing {
		t.Errorf("claimed: %+v", c.facts)
	}
	for _, path := range []string{"cni.plugins", "cni.sockets", "cni.calicoNodename"} {
		if !slices.ContainsFunc(c.unread, func(u nodefacts.Unread) bool {
			return u.Path == path && u.Code == "fact.not-mounted"
		}) {
			t.Errorf("%s is no gap: %v", path, c.unread)
		}
	}
	helpers, hidden := h.mountPrograms()
	if len(helpers) != 1 || helpers[0].Path != "/usr/sbin/mkfs.ext4" || !errors.Is(hidden, errNotMounted) {
		t.Errorf("%v, %v", helpers, hidden)
	}
	k := &kubelet{tree: h.tree()}
	k.apply(kubeletConfig{}, true)
	if k.facts.ResolvConfMissing != nil || len(k.unread) != 1 {
		t.Errorf("resolv.conf leads to /run: %v %v", k.facts.ResolvConfMissing, k.unread)
	}
	r := &containerRuntime{endpoint: "unix:///run/containerd/containerd.sock", sockets: h.tree(), own: h.tree()}
	if _, err := r.dial(); !errors.Is(err, errNotMounted) {
		t.Error(err)
	}
	if list, hidden := r.listSockets(); len(list) > 0 || !errors.Is(hidden, errNotMounted) {
		t.Errorf("%v, %v", list, hidden)
	}
	if _, err := h.cgroupVersion(); !errors.Is(err, errNotMounted) {
		t.Error(err)
	}
	cmd := h.program(t.Context(), journalctl, nil)
	if cmd == nil || cmd.Err == nil || cmd.Start() == nil {
		t.Error("a program of the node runs without its libraries")
	}
	h.Knows = func(string) bool { return true }
	f := h.Read(t.Context())
	for _, path := range []string{"fileSystems", "programs.packages", "programs.installed", "logs", "limits.podPIDs"} {
		if f.WhyUnread(path) == "" {
			t.Errorf("%s is no gap", path)
		}
	}
}
