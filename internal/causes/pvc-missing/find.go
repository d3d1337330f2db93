// Package pvcmissing finds Pods that wait for a PersistentVolumeClaim that is not there.
package pvcmissing

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
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
		rename(p, &f, claim)
		f.Args["newclaim"] = anew(claim)
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
		args := map[string]string{"claim": v.Claim, "volume": v.Name, "newclaim": anew(v.Claim)}
		f := diagnose.Finding{Blame: p.Blame(args), Args: args, Evidence: []cluster.Sign{cite(p, &v), p.Stall()}}
		if v.Ephemeral != nil {
			f.Variant = "ephemeral"
		}
		rename(p, &f, v.Claim)
		p.Report(f)
	}
}

// rename finds the claim that may be meant: of nearly the same name, in the same namespace, used by no Pod.
func rename(p *diagnose.Pass, f *diagnose.Finding, claim string) {
	if f.Variant != "" || p.Workload().Kind == "StatefulSet" { // it makes its claims, and numbers them
		return
	}
	var free []string
	for _, c := range cluster.Objects[corev1.PersistentVolumeClaim](p.Snapshot) {
		if c.Namespace == p.Pod.Namespace && c.DeletionTimestamp == nil && len(p.UsersOf(c.Name)) == 0 &&
			letters(c.Name) != letters(claim) {
			free = append(free, c.Name)
		}
	}
	near := match.Nearest(claim, free)
	if len(near) == 0 {
		return
	}
	f.Variant, f.Args["meant"] = "misnamed", near[0]
	for _, v := range p.Volumes() {
		if v.Claim == claim && v.PersistentVolumeClaim != nil {
			path := fmt.Sprintf("/spec/volumes/%d", v.Index)
			f.Args["patch"] = p.Patch(diagnose.Edit{Op: "test", Path: path + "/name", Value: v.Name},
				diagnose.Edit{Op: "replace", Path: path + "/persistentVolumeClaim/claimName", Value: near[0]})
			break
		}
	}
}

// anew is a claim of a name as it can be made, of a size that only a person knows.
func anew(claim string) string {
	return diagnose.JSON(map[string]any{"apiVersion": "v1", "kind": "PersistentVolumeClaim",
		"metadata": map[string]any{"name": claim}, "spec": map[string]any{
			"accessModes": []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			"resources":   map[string]any{"requests": map[string]any{"storage": "SIZE"}}}})
}

// letters is a name without its numbers: data-1 is not meant by data-2.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, name)
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
