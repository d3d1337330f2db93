// Package lab runs a real single-node Kubernetes on one Linux machine, to be broken.
//
// All of it lives in a mount and a network namespace of its own: etcd, the control plane, the kubelet, containerd, the
// Pods, a DNS server and a set of well- and ill-behaved registries. What a node has at /var/lib/kubelet, /run, /etc/cni
// and the like are folders of the lab there, so that the machine's own are never touched. The API server alone is seen
// from outside, at 127.0.0.1:6443.
package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Version is one set of components that the lab can run.
type Version struct {
	Name       string // what LAB= and the state folder say
	Kubernetes string // tag of k8s.io/kubernetes
	Modfile    string // of the module in kube/ that pins it
	Containerd string // module version; empty: Debian's, from PATH
}

// Versions that the lab can run, the default first.
var Versions = []Version{
	{Name: "137", Kubernetes: "v1.37.2", Modfile: "go.mod", Containerd: "v2.4.2"},
	{Name: "134", Kubernetes: "v1.34.4", Modfile: "go134.mod"},
}

// Lab is one lab: where its files are, and what it runs.
type Lab struct {
	Dir     string // everything that the lab makes is below it
	Source  string // the folder test/lab of a checkout: what is built from
	Version Version

	lock *os.File // held by Lock
}

// Names and addresses of the lab's network.
const (
	NodeName  = "lab-1"
	nodeIP    = "10.10.0.11"
	dnsIP     = "10.255.255.53"
	API       = "127.0.0.1:6443"
	podSubnet = "10.244.0.0/24"
)

// Open finds the lab of this machine; version may be empty for the one that runs, else the default.
func Open(dir, source, version string) (*Lab, error) {
	l := &Lab{Dir: dir, Source: source}
	if version == "" {
		b, _ := os.ReadFile(l.path("version"))
		version = strings.TrimSpace(string(b))
	}
	if version == "" {
		version = Versions[0].Name
	}
	for _, v := range Versions {
		if v.Name == version {
			l.Version = v
			return l, nil
		}
	}
	return nil, fmt.Errorf("no lab version %q: LAB is one of 137, 134", version)
}

func (l *Lab) path(elem ...string) string { return filepath.Join(append([]string{l.Dir}, elem...)...) }

// Bin is the folder of the programs of this version.
func (l *Lab) Bin() string { return l.path("bin", l.Version.Name) }

// Kubeconfig is a cluster administrator's, good inside of the lab and outside.
func (l *Lab) Kubeconfig() string { return l.path("kubeconfig") }

// Env is the environment of what works on the lab: its programs first on PATH, its kubeconfig.
func (l *Lab) Env() []string {
	return append(os.Environ(),
		"PATH="+l.Bin()+":"+l.path("bin")+":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"KUBECONFIG="+l.Kubeconfig(),
		"LAB="+l.Dir,
		"LABVERSION="+l.Version.Name)
}

// Lock keeps other runs from breaking the same lab, for as long as this process lives. A run that was told to end heals
// what it broke and removes what all runs make, in a lab that was started anew meanwhile too.
func (l *Lab) Lock() error {
	if err := os.MkdirAll(l.Dir, 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(l.path("e2e.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return fmt.Errorf("another run breaks this lab, or heals it: wait until it has ended: %w", err)
	}
	l.lock = f // never closed: that would give it up
	return nil
}
