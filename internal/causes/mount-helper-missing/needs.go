package mounthelpermissing

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// needs is the helper without which the kubelet cannot mount a volume, and the field that tells; "" for a volume that
// needs none, or one of a CSI driver, which brings its own.
func needs(p *diagnose.Pass, v *diagnose.Volume) (helper string, cited cluster.Sign) {
	inline := func(field, value string) cluster.Sign {
		return p.Cite(fmt.Sprintf("spec.volumes[%d].%s", v.Index, field), value)
	}
	switch {
	case v.NFS != nil:
		return "mount.nfs", inline("nfs.server", v.NFS.Server)
	case v.ISCSI != nil:
		return "iscsiadm", inline("iscsi.targetPortal", v.ISCSI.TargetPortal)
	case v.CephFS != nil:
		return "mount.ceph", inline("cephfs.monitors", strings.Join(v.CephFS.Monitors, ", "))
	case v.Glusterfs != nil:
		return "mount.glusterfs", inline("glusterfs.path", v.Glusterfs.Path)
	case v.PV == nil:
		return "", cluster.Sign{}
	}
	bound := func(field, value string) cluster.Sign {
		return diagnose.Cite(cluster.Ref{Kind: "PersistentVolume", Name: v.PV.Name}, "spec."+field, value)
	}
	switch s := v.PV.Spec; {
	case s.NFS != nil:
		return "mount.nfs", bound("nfs.server", s.NFS.Server)
	case s.ISCSI != nil:
		return "iscsiadm", bound("iscsi.targetPortal", s.ISCSI.TargetPortal)
	case s.CephFS != nil:
		return "mount.ceph", bound("cephfs.monitors", strings.Join(s.CephFS.Monitors, ", "))
	case s.Glusterfs != nil:
		return "mount.glusterfs", bound("glusterfs.path", s.Glusterfs.Path)
	}
	return "", cluster.Sign{}
}
