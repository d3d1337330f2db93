// Package volumeattachfailed finds Pods whose volume the storage backend would not attach.
package volumeattachfailed

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	storagev1 "k8s.io/api/storage/v1"
)

// Find reports what was said of attaching, and tells of a VolumeAttachment which volume it is for.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if m.Sign.Ref.Kind == "VolumeAttachment" {
			a, there := cluster.Get[storagev1.VolumeAttachment](p.Snapshot, "", m.Sign.Ref.Name)
			if there == cluster.Present && a.Spec.Source.PersistentVolumeName != nil {
				m.Args["pv"] = *a.Spec.Source.PersistentVolumeName
				m.Args["driver"] = a.Spec.Attacher
			}
			m.Args["error"] = m.Sign.Message
			for _, v := range p.Volumes() {
				if v.PV != nil && v.PV.Name == m.Args["pv"] {
					m.Args["claim"], m.Args["volume"] = v.Claim, v.Name
				}
			}
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if strings.Contains(m.Sign.Message, "WaitForAttach") {
			f.Variant = "device"
		}
		p.Report(f)
	}
}
