// Package csidrivermissing finds Pods whose node has no running driver for one of their CSI volumes.
package csidrivermissing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	storagev1 "k8s.io/api/storage/v1"
)

// Find reports what is said of a driver that is not there, and for a silent Pod
// each CSI volume that is ready to be mounted on a node whose CSINode lacks the driver.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}})
	}
	if !p.Silent || p.Stage != pod.StageVolumes {
		return
	}
	n, there := cluster.Get[storagev1.CSINode](p.Snapshot, "", p.Pod.Spec.NodeName)
	if there == cluster.Unknown {
		return
	}
	for _, v := range p.Volumes() {
		driver, from := driverOf(p, &v)
		certainty := attached(p, &v, driver)
		if driver == "" || has(n, driver) || certainty == "" {
			continue
		}
		args := map[string]string{"driver": driver, "volume": v.Name, "claim": v.Claim}
		p.Report(diagnose.Finding{Blame: p.Blame(map[string]string{"node": p.Pod.Spec.NodeName}), Args: args,
			Certainty: certainty, Evidence: []cluster.Sign{from, lacks(p, n), p.Stall()}})
	}
}

// driverOf is the CSI driver of a volume and the field of the Pod that leads to it; "" for any other volume.
func driverOf(p *diagnose.Pass, v *diagnose.Volume) (driver string, from cluster.Sign) {
	switch {
	case v.CSI != nil:
		return v.CSI.Driver, p.Cite(fmt.Sprintf("spec.volumes[%d].csi.driver", v.Index), v.CSI.Driver)
	case v.PV == nil || v.PV.Spec.CSI == nil:
		return "", cluster.Sign{}
	}
	path := fmt.Sprintf("spec.volumes[%d].ephemeral", v.Index)
	if v.PersistentVolumeClaim != nil {
		path = fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", v.Index)
	}
	return v.PV.Spec.CSI.Driver, p.Cite(path, v.Claim)
}

func has(n *storagev1.CSINode, driver string) bool {
	return n != nil && slices.ContainsFunc(n.Spec.Drivers, func(d storagev1.CSINodeDriver) bool {
		return d.Name == driver
	})
}

// attached tells whether the volume waits for nothing but the node: proven where it is attached there, or of a driver
// that attaches nothing; likely where nothing is known of that. Otherwise it waits to be attached first.
func attached(p *diagnose.Pass, v *diagnose.Volume, driver string) string {
	if v.CSI != nil {
		return diagnose.Proven
	}
	d, there := cluster.Get[storagev1.CSIDriver](p.Snapshot, "", driver)
	if there == cluster.Present && d.Spec.AttachRequired != nil && !*d.Spec.AttachRequired {
		return diagnose.Proven
	}
	if v.PV == nil {
		return ""
	}
	for _, a := range p.Attachments(v.PV.Name) {
		switch {
		case a.Spec.NodeName != p.Pod.Spec.NodeName:
		case a.Status.Attached:
			return diagnose.Proven
		default:
			return ""
		}
	}
	if there == cluster.Unknown && !p.Snapshot.Complete("VolumeAttachment", "") {
		return diagnose.Likely
	}
	return ""
}

// lacks cites the CSINode: the drivers that it has, or that there is none.
func lacks(p *diagnose.Pass, n *storagev1.CSINode) cluster.Sign {
	node := cluster.Ref{Kind: "CSINode", Name: p.Pod.Spec.NodeName}
	if n == nil {
		return p.CiteAbsent("spec.nodeName", node)
	}
	var names []string
	for _, d := range n.Spec.Drivers {
		names = append(names, d.Name)
	}
	return diagnose.Cite(node, "spec.drivers", strings.Join(names, ", "))
}
