// Package subpathstale finds containers that an old kubelet restarts with a subPath that is no longer there.
package subpathstale

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// Find leaves volumes alone that are never refreshed. Kubelets up to 1.18 have the bug for good, younger ones heal.
// Where the node still has the mount of the old file, that proves it for any kubelet.
func Find(p *diagnose.Pass) {
	if deleted(p) {
		return
	}
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Certainty: diagnose.Likely, Evidence: []cluster.Sign{m.Sign}}
		if !refreshed(p, m.Args) {
			continue
		}
		if node, _ := p.Node(); node != nil {
			switch minor, ok := minorOf(node.Status.NodeInfo.KubeletVersion); {
			case ok && minor <= 18:
				f.Certainty = diagnose.Proven
			case ok:
				f.Variant = "heals"
			}
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}

// refreshed reports whether the volume is one that the kubelet writes anew when its object changes, and names that
// object.
func refreshed(p *diagnose.Pass, args map[string]string) bool {
	for _, v := range p.Pod.Spec.Volumes {
		if v.Name != args["volume"] {
			continue
		}
		sources := []corev1.VolumeProjection{{ConfigMap: &corev1.ConfigMapProjection{},
			Secret: &corev1.SecretProjection{}}}
		switch {
		case v.ConfigMap != nil:
			sources[0].ConfigMap.Name = v.ConfigMap.Name
		case v.Secret != nil:
			sources[0].Secret.Name = v.Secret.SecretName
		case v.Projected != nil:
			sources = v.Projected.Sources
		default:
			return v.DownwardAPI != nil
		}
		for _, s := range sources {
			if s.ConfigMap != nil && s.ConfigMap.Name != "" && args["configmap"] == "" {
				args["configmap"] = s.ConfigMap.Name
			}
			if s.Secret != nil && s.Secret.Name != "" && args["secret"] == "" {
				args["secret"] = s.Secret.Name
			}
		}
		return true
	}
	return len(p.Pod.Spec.Volumes) == 0 // a dump that does not tell the volumes
}

// minorOf reads the minor version of "v1.18.20".
func minorOf(version string) (int, bool) {
	parts := strings.Split(strings.TrimPrefix(version, "v"), ".")
	if len(parts) < 2 || parts[0] != "1" {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimRight(parts[1], "+"))
	return n, err == nil
}
