package diagnose

import (
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
)

// A Disk is a volume of the Pod that must be attached to its node before it can be mounted.
type Disk struct {
	Volume
	Exclusive bool // it may be attached to one node only
	// its attachment to the Pod's node; nil where there is none, or none is known
	Own    *storagev1.VolumeAttachment
	Others []*storagev1.VolumeAttachment // its attachments to other nodes
	Known  bool                          // all attachments are known, and it is certain that it needs one
}

// Disks returns the volumes of the Pod that are known to need attaching, with their attachments.
func (p *Pass) Disks() []Disk {
	var out []Disk
	if p.Pod.Spec.NodeName == "" {
		return out
	}
	for _, v := range p.Volumes() {
		if v.PV == nil || v.PVC != nil && v.PVC.Status.Phase != corev1.ClaimBound {
			continue
		}
		d := Disk{Volume: v, Exclusive: exclusive(v.PV),
			Known: p.mustAttach(v.PV) && p.Snapshot.Complete("VolumeAttachment", "")}
		for _, a := range p.Attachments(v.PV.Name) {
			if a.Spec.NodeName == p.Pod.Spec.NodeName {
				d.Own = a
			} else {
				d.Others = append(d.Others, a)
			}
		}
		if d.Known || d.Own != nil || len(d.Others) > 0 {
			out = append(out, d)
		}
	}
	return out
}

// exclusive reports whether a volume may be used on one node only.
func exclusive(pv *corev1.PersistentVolume) bool {
	shared := func(m corev1.PersistentVolumeAccessMode) bool {
		return m == corev1.ReadWriteMany || m == corev1.ReadOnlyMany
	}
	return len(pv.Spec.AccessModes) > 0 && !slices.ContainsFunc(pv.Spec.AccessModes, shared)
}

// mustAttach reports whether it is certain that a volume gets a VolumeAttachment: its CSI driver does not say that it
// needs none.
func (p *Pass) mustAttach(pv *corev1.PersistentVolume) bool {
	if pv.Spec.CSI == nil {
		return false
	}
	d, there := cluster.Get[storagev1.CSIDriver](p.Snapshot, "", pv.Spec.CSI.Driver)
	return there == cluster.Absent || there == cluster.Present &&
		(d.Spec.AttachRequired == nil || *d.Spec.AttachRequired)
}
