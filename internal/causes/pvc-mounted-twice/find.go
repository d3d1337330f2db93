// Package pvcmountedtwice finds Pods that name one claim under two volumes, on kubelets that wait for the second for
// ever.
package pvcmountedtwice

import (
	"fmt"
	"strconv"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find reports two mounted volumes of a silent Pod that name the same claim, where the kubelet is known to be older
// than 1.35.
func Find(p *diagnose.Pass) {
	node, there := p.Node()
	if !p.Silent || p.Stage != pod.StageVolumes || there != cluster.Present ||
		!old(node.Status.NodeInfo.KubeletVersion) {
		return
	}
	first := map[string]diagnose.Volume{}
	for _, v := range p.Volumes() {
		if v.PersistentVolumeClaim == nil || !mounted(p.Pod, v.Name) ||
			v.PVC != nil && v.PVC.Status.Phase != corev1.ClaimBound {
			continue
		}
		o, twice := first[v.Claim]
		if !twice {
			first[v.Claim] = v
			continue
		}
		field := func(i int) cluster.Sign {
			return p.Cite(fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", i), v.Claim)
		}
		p.Report(diagnose.Finding{Blame: p.Blame(nil),
			Args: map[string]string{"claim": v.Claim, "volume": o.Name, "second": v.Name,
				"version": node.Status.NodeInfo.KubeletVersion},
			Evidence: []cluster.Sign{field(o.Index), field(v.Index), p.Stall()}})
	}
}

var version = match.Lazy(`^v?1\.(\d+)`)

// old reports whether a kubelet is known to be older than 1.35.
func old(kubelet string) bool {
	m := version().FindStringSubmatch(kubelet)
	if m == nil {
		return false
	}
	minor, err := strconv.Atoi(m[1])
	return err == nil && minor < 35
}

// mounted reports whether a container of the Pod uses a volume; the kubelet waits for no other.
func mounted(p *corev1.Pod, volume string) bool {
	for _, list := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
		for i := range list {
			for _, m := range list[i].VolumeMounts {
				if m.Name == volume {
					return true
				}
			}
			for _, d := range list[i].VolumeDevices {
				if d.Name == volume {
					return true
				}
			}
		}
	}
	return false
}
