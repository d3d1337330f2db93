// Package csiattacherdown finds Pods whose VolumeAttachment nobody acts on.
package csiattacherdown

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	storagev1 "k8s.io/api/storage/v1"
)

// Find reports an attachment that was waited for in vain, unless the driver answered with an error; and where
// the Pod is silent, one that has neither a result nor the mark of an attacher after a minute.
func Find(p *diagnose.Pass) {
	disks := map[string]*diagnose.Disk{}
	for _, d := range p.Disks() {
		disks[d.PV.Name] = &d
	}
	reported := map[string]bool{}
	for _, m := range p.Matches() {
		reported[m.Args["pv"]] = true
		// the time was up: an attacher that works and is slow looks the same
		f := diagnose.Finding{Args: m.Args, Certainty: diagnose.Likely, Variant: "late",
			Evidence: []cluster.Sign{m.Sign}}
		if d := disks[m.Args["pv"]]; d != nil && d.Own != nil {
			if d.Own.Status.AttachError != nil {
				continue
			}
			f.Variant = ""
			if look(p, d.Own, &f); !d.Own.Status.Attached {
				f.Certainty = diagnose.Proven // the attachment shows how far it has come
			}
		}
		if strings.Contains(m.Sign.Message, "forbidden") {
			f.Variant, f.Certainty = "rbac", diagnose.Proven
		}
		f.Blame = p.Blame(f.Args)
		p.Report(f)
	}
	if !p.Silent || p.Stage != pod.StageVolumes {
		return
	}
	for _, d := range p.Disks() {
		a := d.Own
		if a == nil || reported[d.PV.Name] || a.Status.Attached || a.Status.AttachError != nil ||
			a.DeletionTimestamp != nil || marked(a) ||
			p.Snapshot.At.Sub(a.CreationTimestamp.Time) < time.Minute {
			continue
		}
		f := diagnose.Finding{Args: map[string]string{"pv": d.PV.Name, "claim": d.Claim, "volume": d.Name},
			Evidence: []cluster.Sign{
				p.Cite(fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", d.Index), d.Claim), p.Stall()}}
		look(p, a, &f)
		f.Blame = p.Blame(f.Args)
		p.Report(f)
	}
}

// look adds what the attachment and the attacher's Lease show.
func look(p *diagnose.Pass, a *storagev1.VolumeAttachment, f *diagnose.Finding) {
	ref := cluster.Ref{Kind: "VolumeAttachment", Name: a.Name}
	f.Args["attachment"], f.Args["driver"] = a.Name, a.Spec.Attacher
	f.Evidence = append(f.Evidence, diagnose.Cite(ref, "status.attached", fmt.Sprint(a.Status.Attached)))
	if marked(a) {
		f.Variant = "hangs"
	}
	if l := p.StaleLeaseNamed("external-attacher-leader-" + strings.ReplaceAll(a.Spec.Attacher, ".", "-")); l != nil {
		renewed := l.Spec.RenewTime.UTC().Format(time.DateTime) + " UTC"
		f.Args["renewed"], f.Variant = renewed, ""
		f.Evidence = append(f.Evidence, diagnose.Cite(cluster.Ref{Kind: "Lease", Namespace: l.Namespace, Name: l.Name},
			"spec.renewTime", renewed))
	}
}

// marked reports whether an attacher has taken the attachment up: it puts its finalizer on first.
func marked(a *storagev1.VolumeAttachment) bool {
	return slices.ContainsFunc(a.Finalizers, func(f string) bool { return strings.HasPrefix(f, "external-attacher/") })
}
