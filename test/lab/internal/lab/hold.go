package lab

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// hidden are the folders of a node that are the lab's own inside of its mount namespace.
var hidden = []string{"/etc/cni", "/opt/cni", "/var/lib/cni", "/var/lib/kubelet", "/var/lib/containerd", "/var/log",
	"/run"}

// network is the lab's: a node address, a route that swallows packets (i/o timeout) and a link where nobody answers ARP
// (no route to host).
const network = `
ip link set lo up
ip addr add ` + dnsIP + `/32 dev lo
ip link add node0 type veth peer name node0p
ip addr add ` + nodeIP + `/24 dev node0
ip link set node0 up
ip link set node0p up
ip neigh add 10.10.0.1 lladdr 02:00:00:00:00:01 dev node0 nud permanent
ip route add default via 10.10.0.1 dev node0
ip link add void0 type veth peer name void1
ip addr add 10.99.0.1/24 dev void0
ip link set void0 up
ip link set void1 up
sysctl -qw net.ipv4.ip_forward=1`

// startHolder makes the namespaces: a process that was born in them, hides the node's folders, lays the network and
// carries connections from the machine's loopback to the API server.
func (l *Lab) startHolder() error {
	if l.alive("holder") {
		return nil
	}
	listener, err := net.Listen("tcp", API)
	if err != nil {
		return fmt.Errorf("the lab's API server needs %s: %w", API, err)
	}
	defer listener.Close()
	inherited, err := listener.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	defer inherited.Close()
	os.Remove(l.path("run", "holder.ready"))
	cmd := exec.Command(l.path("bin", "lab"), "--dir", l.Dir, "hold")
	cmd.Env = l.Env()
	cmd.ExtraFiles = []*os.File{inherited}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET}
	if err := l.launch("holder", cmd); err != nil {
		return err
	}
	return l.waitFor("the lab's namespaces", 10*time.Second, func() bool {
		_, err := os.Stat(l.path("run", "holder.ready"))
		return err == nil
	})
}

// Hold is the holder itself; it returns only when it could not set up the namespaces.
func (l *Lab) Hold() error {
	if err := l.hide(); err != nil {
		return err
	}
	for line := range strings.Lines(strings.TrimSpace(network)) {
		if err := run(exec.Command("sh", "-c", line)); err != nil {
			return err
		}
	}
	outside, err := net.FileListener(os.NewFile(3, "api"))
	if err != nil {
		return fmt.Errorf("hold: no listener was handed over: %w", err)
	}
	if err := os.WriteFile(l.path("run", "holder.ready"), nil, 0o644); err != nil {
		return err
	}
	for {
		c, err := outside.Accept()
		if err != nil {
			return err
		}
		go relay(c)
	}
}

func relay(outer net.Conn) {
	defer outer.Close()
	inner, err := net.Dial("tcp", API)
	if err != nil {
		return
	}
	defer inner.Close()
	go func() {
		io.Copy(inner, outer)
		inner.(*net.TCPConn).CloseWrite()
	}()
	io.Copy(outer, inner)
}

// hide puts the lab's own folders over the node's, in this mount namespace only. Mounts that a Pod makes spread to
// others in it: the kubelet needs /var/lib/kubelet shared.
func (l *Lab) hide() error {
	if err := syscall.Mount("", "/", "", syscall.MS_PRIVATE|syscall.MS_REC, ""); err != nil {
		return fmt.Errorf("make / private: %w", err)
	}
	for _, dir := range hidden {
		own := l.path("root", dir)
		for _, d := range []string{dir, own} {
			if err := os.MkdirAll(d, 0o755); err != nil {
				return err
			}
		}
		if err := syscall.Mount(own, dir, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("hide %s: %w", dir, err)
		}
	}
	for _, dir := range []string{"/etc/cni/net.d", "/opt/cni/bin", "/run/netns", "/run/lock"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := bindFile(l.path("etc", "resolv.conf"), "/etc/resolv.conf"); err != nil {
		return err
	}
	if err := l.mountRuntimeDisk(); err != nil {
		return err
	}
	if err := syscall.Mount("", "/", "", syscall.MS_SHARED|syscall.MS_REC, ""); err != nil {
		return fmt.Errorf("make / shared: %w", err)
	}
	return nil
}

func bindFile(own, file string) error {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	if err := syscall.Mount(own, file, "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("put %s over %s: %w", own, file, err)
	}
	return nil
}

// Sizes of the container runtime's file system: small, so that it can be filled in a second.
const (
	diskBytes  = 1536 << 20
	diskInodes = 131072
)

func (l *Lab) mountRuntimeDisk() error {
	image := l.path("data", "containerd.img")
	if _, err := os.Stat(image); err != nil {
		if err := os.WriteFile(image, nil, 0o600); err != nil {
			return err
		}
		if err := os.Truncate(image, diskBytes); err != nil {
			return err
		}
		if err := run(exec.Command("mkfs.ext4", "-q", "-F", "-m", "0", "-N", strconv.Itoa(diskInodes),
			image)); err != nil {
			return err
		}
	}
	return run(exec.Command("mount", "-o", "loop", image, "/var/lib/containerd"))
}
