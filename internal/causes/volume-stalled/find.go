// Package volumestalled finds the first missing link between a Pod and its volume where nobody says anything.
package volumestalled

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
)

// Find walks claim, volume, attachment and node for each mounted claim of a silent Pod. What other causes tell of is
// left to them: a claim that is not bound, a controller manager that does not act, an attachment that nobody takes up
// or that another node holds.
func Find(p *diagnose.Pass) {
	if !p.Silent || p.Stage != pod.StageVolumes {
		return
	}
	disks := map[string]*diagnose.Disk{}
	for _, d := range p.Disks() {
		disks[d.PV.Name] = &d
	}
	for _, v := range p.Volumes() {
		if v.PV == nil || v.PVC != nil && v.PVC.Status.Phase != corev1.ClaimBound {
			continue
		}
		args := map[string]string{"claim": v.Claim, "volume": v.Name, "pv": v.PV.Name}
		if v.PV.Spec.CSI != nil {
			args["driver"] = v.PV.Spec.CSI.Driver
		}
		f := diagnose.Finding{Args: args, Evidence: []cluster.Sign{field(p, &v), p.Stall()}}
		if d := disks[v.PV.Name]; d != nil {
			if !link(p, d, &f) {
				continue
			}
		} else {
			f.Variant, f.Certainty = "mount", diagnose.Likely
		}
		for _, s := range p.Signs {
			if s.Symptom && s.Container == "" {
				f.Evidence = append(f.Evidence, s)
			}
		}
		f.Blame = p.Blame(args)
		p.Report(f)
	}
}

func field(p *diagnose.Pass, v *diagnose.Volume) cluster.Sign {
	if v.Ephemeral != nil {
		return p.Cite(fmt.Sprintf("spec.volumes[%d].ephemeral", v.Index), v.Claim)
	}
	return p.Cite(fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", v.Index), v.Claim)
}

// link finds the first missing link of a disk; false where another cause tells of it.
func link(p *diagnose.Pass, d *diagnose.Disk, f *diagnose.Finding) bool {
	node, there := p.Node()
	switch {
	case d.Own == nil:
		held := slices.ContainsFunc(d.Others, func(a *storagev1.VolumeAttachment) bool { return a.Status.Attached })
		if !d.Known || held && d.Exclusive || p.StaleLease("kube-system", "kube-controller-manager") != nil {
			return false
		}
		f.Variant = "unattached"
		return true
	case d.Own.DeletionTimestamp != nil:
		f.Variant = "detaching"
	case !d.Own.Status.Attached:
		return false
	case there != cluster.Present || !lists(node.Status.VolumesAttached, d.PV):
		f.Variant, f.Certainty = "unreported", diagnose.Likely
		if there != cluster.Present {
			f.Variant = "mount"
		}
	default:
		f.Variant, f.Certainty = "mount", diagnose.Likely
	}
	f.Args["attachment"] = d.Own.Name
	f.Evidence = append(f.Evidence, diagnose.Cite(cluster.Ref{Kind: "VolumeAttachment", Name: d.Own.Name},
		"status.attached", fmt.Sprint(d.Own.Status.Attached)))
	return true
}

// lists reports whether a node's status lists a volume as attached.
func lists(attached []corev1.AttachedVolume, pv *corev1.PersistentVolume) bool {
	if pv.Spec.CSI == nil {
		return true
	}
	return slices.ContainsFunc(attached, func(a corev1.AttachedVolume) bool {
		return strings.HasSuffix(string(a.Name), "^"+pv.Spec.CSI.VolumeHandle)
	})
}
