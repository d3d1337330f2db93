// Package volumehandleshared finds Pods that mount two PersistentVolumes which are one for the kubelet.
package volumehandleshared

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// Find reports two mounted volumes of a silent Pod with the same driver and volumeHandle. From 1.35 the kubelet gets
// past it; where its version is not known it is likely.
func Find(p *diagnose.Pass) {
	minor, known := p.KubeletMinor()
	if !p.Silent || p.Stage != pod.StageVolumes || known && minor >= 35 {
		return
	}
	first := map[string]diagnose.Volume{}
	for _, v := range p.Volumes() {
		if v.PV == nil || v.PV.Spec.CSI == nil || !pod.Mounts(p.Pod, v.Name) {
			continue
		}
		id := v.PV.Spec.CSI.Driver + "^" + v.PV.Spec.CSI.VolumeHandle
		o, twice := first[id]
		if !twice {
			first[id] = v
			continue
		}
		if o.PV.Name == v.PV.Name {
			continue
		}
		args := map[string]string{"pv": o.PV.Name, "claim": o.Claim, "volume": o.Name,
			"secondpv": v.PV.Name, "secondclaim": v.Claim, "handle": v.PV.Spec.CSI.VolumeHandle,
			"driver": v.PV.Spec.CSI.Driver, "patch": p.MountOnce(o.Name, v.Name)}
		f := diagnose.Finding{Blame: p.Blame(args), Args: args, Certainty: diagnose.Likely,
			Evidence: []cluster.Sign{handle(&o), handle(&v), field(p, &o), field(p, &v), p.Stall()}}
		if node, _ := p.Node(); known {
			f.Certainty, args["version"] = diagnose.Proven, node.Status.NodeInfo.KubeletVersion
		}
		p.Report(f)
	}
}

func handle(v *diagnose.Volume) cluster.Sign {
	return diagnose.Cite(cluster.Ref{Kind: "PersistentVolume", Name: v.PV.Name}, "spec.csi.volumeHandle",
		v.PV.Spec.CSI.VolumeHandle)
}

func field(p *diagnose.Pass, v *diagnose.Volume) cluster.Sign {
	if v.Ephemeral != nil {
		return p.Cite(fmt.Sprintf("spec.volumes[%d].ephemeral", v.Index), v.Claim)
	}
	return p.Cite(fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", v.Index), v.Claim)
}
