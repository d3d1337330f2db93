package lab

import "path/filepath"

// order in which the components start; they stop the other way round.
var order = []string{"labd", "etcd", "kube-apiserver", "containerd", "kube-controller-manager", "kube-scheduler",
	"kubelet"}

// components are the command lines, by name.
func (l *Lab) components() map[string][]string {
	bin := func(name string) string { return filepath.Join(l.Bin(), name) }
	pki := func(file string) string { return l.path("pki", file) }
	containerd := bin("containerd")
	if l.Version.Containerd == "" {
		containerd = "/usr/bin/containerd"
	}
	return map[string][]string{
		"labd": {l.path("bin", "labd"), "--dir", l.Dir, "--dns", dnsIP + ":53"},
		"etcd": {bin("etcd"), "--name=lab", "--data-dir=" + l.path("data", "etcd"), "--unsafe-no-fsync",
			"--log-level=warn",
			"--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379",
			"--listen-peer-urls=http://127.0.0.1:2380", "--initial-advertise-peer-urls=http://127.0.0.1:2380",
			"--initial-cluster=lab=http://127.0.0.1:2380"},
		"kube-apiserver": {bin("kube-apiserver"), "--etcd-servers=http://127.0.0.1:2379", "--bind-address=0.0.0.0",
			"--secure-port=6443", "--advertise-address=" + nodeIP,
			"--tls-cert-file=" + pki("apiserver.crt"), "--tls-private-key-file=" + pki("apiserver.key"),
			"--client-ca-file=" + pki("ca.crt"),
			"--kubelet-client-certificate=" + pki("apiserver-kubelet-client.crt"), "--kubelet-client-key=" +
				pki("apiserver-kubelet-client.key"),
			"--kubelet-certificate-authority=" + pki("ca.crt"), "--kubelet-preferred-address-types=InternalIP",
			"--service-account-issuer=https://kubernetes.default.svc.cluster.local", "--service-account-key-file=" +
				pki("service-account.crt"), "--service-account-signing-key-file=" + pki("service-account.key"),
			"--requestheader-client-ca-file=" + pki("front-proxy-ca.crt"),
			"--requestheader-allowed-names=front-proxy-client", "--requestheader-extra-headers-prefix=X-Remote-Extra-",
			"--requestheader-group-headers=X-Remote-Group", "--requestheader-username-headers=X-Remote-User",
			"--proxy-client-cert-file=" + pki("front-proxy-client.crt"), "--proxy-client-key-file=" +
				pki("front-proxy-client.key"),
			"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction",
			"--service-cluster-ip-range=10.96.0.0/16", "--allow-privileged=true", "--v=1"},
		"kube-controller-manager": {bin("kube-controller-manager"), "--kubeconfig=" +
			pki("kube-controller-manager.kubeconfig"),
			"--authentication-kubeconfig=" + pki("kube-controller-manager.kubeconfig"), "--authorization-kubeconfig=" +
				pki("kube-controller-manager.kubeconfig"),
			"--use-service-account-credentials", "--service-account-private-key-file=" + pki("service-account.key"),
			"--root-ca-file=" + pki("ca.crt"),
			"--cluster-signing-cert-file=" + pki("ca.crt"), "--cluster-signing-key-file=" + pki("ca.key"),
			"--bind-address=127.0.0.1", "--allocate-node-cidrs", "--cluster-cidr=10.244.0.0/16", "--v=2"},
		"kube-scheduler": {bin("kube-scheduler"), "--kubeconfig=" + pki("kube-scheduler.kubeconfig"),
			"--authentication-kubeconfig=" + pki("kube-scheduler.kubeconfig"), "--authorization-kubeconfig=" +
				pki("kube-scheduler.kubeconfig"), "--bind-address=127.0.0.1", "--v=2"},
		"containerd": {"env", "SSL_CERT_FILE=" + pki("ca.crt"), containerd, "--config",
			l.path("etc", "containerd.toml"), "--log-level", "info"},
		"kubelet": {bin("kubelet"), "--config=" + l.path("etc", "kubelet.yaml"), "--kubeconfig=" +
			pki("kubelet.kubeconfig"),
			"--hostname-override=" + NodeName, "--node-ip=" + nodeIP, "--v=2"},
		// Not started by up: faults do.
		"fakenode": {l.path("bin", "lab"), "--dir", l.Dir, "fakenode"},
		"devplug":  {l.path("bin", "lab"), "--dir", l.Dir, "devplug"},
	}
}
