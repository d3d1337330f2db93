// Package volumemultiattach finds Pods that wait for a disk which another node still holds.
package volumemultiattach

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
)

// Find reports each disk that is said to be held elsewhere, with all that is known of who holds it; and where
// the Pod is silent, each exclusive disk that has an attachment to another node and none to the Pod's own.
func Find(p *diagnose.Pass) {
	disks := map[string]*diagnose.Disk{}
	for _, d := range p.Disks() {
		disks[d.PV.Name] = &d
	}
	for _, m := range p.Matches() {
		pv := m.Args["pv"]
		args := m.Args
		v := hold{claim: m.Args["claim"], said: m.Args["holder"]}
		if v.claim == "" {
			args["claim"] = onlyClaim(p)
			v.claim = args["claim"]
		}
		if d := disks[pv]; d != nil {
			v.attachment = other(d)
		}
		v.shared = strings.Contains(m.Sign.Message, "ReadWriteOncePod")
		f := diagnose.Finding{Args: args, Evidence: append([]cluster.Sign{m.Sign}, v.look(p, args)...)}
		f.Blame, f.Variant = p.Blame(args), v.variant(p)
		if attachedSince(p, m) {
			f.Certainty = diagnose.Likely
		}
		p.Report(f)
	}
	if !p.Silent || p.Stage != pod.StageVolumes {
		return
	}
	for _, d := range p.Disks() {
		a := other(&d)
		if a == nil || !a.Status.Attached || !d.Exclusive || d.Own != nil && d.Own.Status.Attached {
			continue
		}
		args := map[string]string{"pv": d.PV.Name, "claim": d.Claim, "volume": d.Name}
		v := hold{claim: d.Claim, attachment: a}
		p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args,
			Evidence: append(v.look(p, args), cite(p, &d), p.Stall()), Variant: v.variant(p)})
	}
}

func cite(p *diagnose.Pass, d *diagnose.Disk) cluster.Sign {
	if d.Ephemeral != nil {
		return p.Cite(fmt.Sprintf("spec.volumes[%d].ephemeral", d.Index), d.Claim)
	}
	return p.Cite(fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", d.Index), d.Claim)
}

// other is the attachment of a disk to another node; one that stands before one that is still being made.
func other(d *diagnose.Disk) *storagev1.VolumeAttachment {
	var found *storagev1.VolumeAttachment
	for _, a := range d.Others {
		if found == nil || a.Status.Attached && !found.Status.Attached {
			found = a
		}
	}
	return found
}

// holder finds the Pod on another node that uses the claim: on the node that holds the disk, by the name
// that was said, or else any.
func holder(p *diagnose.Pass, claim, node, said string, same bool) *corev1.Pod {
	var found *corev1.Pod
	for _, o := range p.UsersOf(claim) {
		switch {
		case o == p.Pod || o.Spec.NodeName == "" || o.Spec.NodeName == p.Pod.Spec.NodeName && !same ||
			node != "" && o.Spec.NodeName != node:
		case o.Status.Phase == corev1.PodSucceeded || o.Status.Phase == corev1.PodFailed:
		case found == nil || o.Name == said:
			found = o
		}
	}
	return found
}

// onlyClaim is the Pod's claim where it has one only.
func onlyClaim(p *diagnose.Pass) string {
	claim := ""
	for _, v := range p.Volumes() {
		if v.Claim != "" && claim != "" && v.Claim != claim {
			return ""
		}
		if v.Claim != "" {
			claim = v.Claim
		}
	}
	return claim
}

// attachedSince reports whether the disk was attached after it was said to be held elsewhere.
func attachedSince(p *diagnose.Pass, m diagnose.Match) bool {
	for _, e := range p.Events {
		if e.Reason == "SuccessfulAttachVolume" && m.Args["pv"] != "" && strings.Contains(e.Message, m.Args["pv"]) &&
			e.LastTimestamp.After(m.Sign.Last) {
			return true
		}
	}
	return false
}
