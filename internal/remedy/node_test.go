package remedy

import "testing"

// TestSystems holds how a command for a node reads on its system.
func TestSystems(t *testing.T) {
	ubuntu := System{Name: "n1", Image: "Ubuntu 24.04.1 LTS", Runtime: "containerd://2.1.4", Kubelet: "v1.33.4"}
	rhel := System{Name: "n1", Image: "Red Hat Enterprise Linux CoreOS 9.6", Runtime: "cri-o://1.33.4", Kubelet: "v1.33.4"}
	rocky := System{Name: "n1", Image: "Rocky Linux 9.4", Runtime: "cri-o://1.33.4", Kubelet: "v1.33.4"}
	k3s := System{Name: "n1", Image: "Debian GNU/Linux 12", Runtime: "containerd://2.0-k3s1", Kubelet: "v1.33.4+k3s1"}
	tal := System{Name: "n1", Image: "Talos (v1.11.2)", Runtime: "containerd://2.1.4", Kubelet: "v1.34.0"}
	sles := System{Name: "n1", Image: "SUSE Linux Enterprise Server 15 SP6"}
	for _, c := range []struct {
		on        *System
		run, want string
		ok        bool
	}{
		{nil, "apt-get install nfs-common", "apt-get install nfs-common", true},
		{&ubuntu, "apt-get install nfs-common", "apt-get install nfs-common", true},
		{&ubuntu, "dnf install nfs-utils", "", false},
		{&rocky, "apt-get install nfs-common", "", false},
		{&sles, "dnf install nfs-utils", "zypper install nfs-utils", true},
		{&rhel, "apt-get install nfs-common", "", true},
		{&rhel, "dnf install nfs-utils", "", false},
		{&rocky, "systemctl restart containerd", "systemctl restart crio", true},
		{&rocky, "systemctl restart containerd kubelet", "systemctl restart crio kubelet", true},
		{&k3s, "systemctl restart containerd kubelet", "systemctl restart k3s-agent", true},
		{&k3s, "journalctl -u kubelet --since -15min", "journalctl -u k3s-agent --since -15min", true},
		{&tal, "systemctl restart containerd", "talosctl -n n1 service cri restart", true},
		{&tal, "journalctl -u kubelet --since -15min", "talosctl -n n1 logs kubelet", true},
		{&tal, "ls -l /etc/cni/net.d", "talosctl -n n1 list /etc/cni/net.d", true},
		{&tal, "mkdir -p /data", "", true},
		{&tal, "kubectl get nodes", "kubectl get nodes", true},
		{&tal, "dmesg | tail", "talosctl -n n1 dmesg", true},
	} {
		got, _, ok := c.on.Adapt(c.run)
		if got != c.want || ok != c.ok {
			t.Errorf("%v: %s: got %q %v, want %q %v", c.on, c.run, got, ok, c.want, c.ok)
		}
	}
}
