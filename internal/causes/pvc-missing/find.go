// Package pvcmissing finds Pods that wait for a PersistentVolumeClaim that is not there.
package pvcmissing

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// Find reports each claim that the scheduler or the kubelet says is not there, with the field that names it,
// and each that a silent Pod needs and that is known to be absent.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		claim := m.Args["claim"]
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant(m.Sign.Message),
			Evidence: []cluster.Sign{m.Sign}}
		for _, v := range p.Volumes() {
			if v.Claim != claim {
				continue
			}
			f.Evidence = append(f.Evidence, cite(p, &v))
			if f.Variant == "" && v.PVCPresence == cluster.Present {
				f.Variant, f.Certainty = "there", diagnose.Likely
			}
		}
		p.Report(f)
	}
	if !p.Silent || p.Stage != pod.StageSchedule && p.Stage != pod.StageVolumes {
		return
	}
	for _, v := range p.Volumes() {
		// a volume that is bound to it speaks against it
		if v.Claim == "" || v.PVCPresence != cluster.Absent || v.PV != nil {
			continue
		}
		args := map[string]string{"claim": v.Claim, "volume": v.Name}
		f := diagnose.Finding{Blame: p.Blame(args), Args: args, Evidence: []cluster.Sign{cite(p, &v), p.Stall()}}
		if v.Ephemeral != nil {
			f.Variant = "ephemeral"
		}
		p.Report(f)
	}
}

func variant(message string) string {
	switch {
	case strings.Contains(message, "ephemeral volume controller"):
		return "ephemeral"
	case strings.Contains(message, "being deleted"):
		return "deleting"
	case strings.Contains(message, "was not created for"):
		return "foreign"
	}
	return ""
}

func cite(p *diagnose.Pass, v *diagnose.Volume) cluster.Sign {
	path := fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", v.Index)
	if v.Ephemeral != nil {
		path = fmt.Sprintf("spec.volumes[%d].ephemeral", v.Index)
	}
	if v.PVCPresence == cluster.Absent {
		return p.CiteAbsent(path, cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: p.Pod.Namespace, Name: v.Claim})
	}
	return p.Cite(path, v.Claim)
}
