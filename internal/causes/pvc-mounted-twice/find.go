// Package pvcmountedtwice finds Pods that name one claim under two volumes, on kubelets that wait for the second for
// ever.
package pvcmountedtwice

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find reports two mounted volumes of a silent Pod that name the same claim, where the kubelet is known to be older
// than 1.35.
func Find(p *diagnose.Pass) {
	minor, known := p.KubeletMinor()
	if !p.Silent || p.Stage != pod.StageVolumes || !known || minor >= 35 {
		return
	}
	node, _ := p.Node()
	first := map[string]diagnose.Volume{}
	for _, v := range p.Volumes() {
		if v.PersistentVolumeClaim == nil || !pod.Mounts(p.Pod, v.Name) ||
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
				"version": node.Status.NodeInfo.KubeletVersion, "patch": p.MountOnce(o.Name, v.Name)},
			Evidence: []cluster.Sign{field(o.Index), field(v.Index), p.Stall()}})
	}
}
