// Package localpathmissing finds Pods that need a path of their node which is not there.
package localpathmissing

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// Find reports each path of the node that is said to be missing. Directories that the kubelet makes itself, devices
// that a storage system brings, and what a CSI driver misses in its own container are not the node's own: they are left
// to other causes.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		path := m.Args["path"]
		if path == "" {
			path = asked(p, m.Args["volume"])
		}
		if strings.Contains(path, "/pods/") || strings.Contains(path, "kubernetes.io") ||
			strings.Contains(m.Sign.Message, "special device /dev/") ||
			strings.Contains(m.Sign.Message, "failed for volume") && m.Args["wrong"] != "" && asked(p, m.Args["volume"]) == "" ||
			strings.Contains(m.Sign.Message, "special device ") && strings.Contains(m.Sign.Message, "rpc error: code") {
			continue
		}
		m.Args["path"] = path
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["wrong"] == "read-only file system" || m.Args["wrong"] == "operation not permitted" {
			f.Variant = "closed"
		} else if isSocket(p, m.Args["volume"], path) {
			f.Variant = "socket"
			f.Args["runtime"], f.Args["socket"] = runtimeOf(p, path)
			f.Attested = append(f.Attested, "socket")
		}
		p.Report(f)
	}
}

// isSocket reports whether a volume of the Pod asks for a socket at a path.
func isSocket(p *diagnose.Pass, volume, path string) bool {
	return slices.ContainsFunc(p.Volumes(), func(v diagnose.Volume) bool {
		return v.HostPath != nil && (v.Name == volume || v.HostPath.Path == path) && v.HostPath.Type != nil &&
			*v.HostPath.Type == corev1.HostPathSocket
	})
}

// sockets are where runtimes listen, by their names in the status of a node.
var sockets = map[string]string{"docker": "/var/run/docker.sock", "containerd": "/run/containerd/containerd.sock",
	"cri-o": "/run/crio/crio.sock"}

// runtimeOf is the runtime that the node has, and its socket, where the Pod asks for that of another runtime.
func runtimeOf(p *diagnose.Pass, path string) (runtime, socket string) {
	node, _ := p.Node()
	if node == nil {
		return "", ""
	}
	runtime, _, _ = strings.Cut(node.Status.NodeInfo.ContainerRuntimeVersion, ":")
	for name, at := range sockets {
		if name != runtime && path[strings.LastIndexByte(path, '/')+1:] == at[strings.LastIndexByte(at, '/')+1:] {
			return runtime, sockets[runtime]
		}
	}
	return "", ""
}

// asked is the path of the node that a volume asks for, as the objects have it.
func asked(p *diagnose.Pass, volume string) string {
	for _, v := range p.Volumes() {
		switch {
		case v.Name != volume:
		case v.HostPath != nil:
			return v.HostPath.Path
		case v.PV != nil && v.PV.Spec.Local != nil:
			return v.PV.Spec.Local.Path
		case v.PV != nil && v.PV.Spec.HostPath != nil:
			return v.PV.Spec.HostPath.Path
		}
	}
	return ""
}
