// Package localpathmissing finds Pods that need a path of their node which is not there.
package localpathmissing

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
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
		}
		p.Report(f)
	}
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
