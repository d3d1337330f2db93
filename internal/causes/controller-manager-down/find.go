// Package controllermanagerdown finds Pods that wait for what a kube-controller-manager that does not act should do.
package controllermanagerdown

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
)

const name = "kube-controller-manager"

// Find reports a stale Lease of the controller manager together with what the Pod lacks for it; never the Lease alone.
func Find(p *diagnose.Pass) {
	var lacks []cluster.Sign
	variant := ""
	note := func(v string, signs []cluster.Sign) {
		if len(signs) > 0 && variant == "" {
			variant = v
		}
		lacks = append(lacks, signs...)
	}
	for _, m := range p.Matches() {
		note("root-ca", []cluster.Sign{m.Sign})
	}
	lease, there := cluster.Get[coordinationv1.Lease](p.Snapshot, "kube-system", name)
	if there != cluster.Present || lease.Spec.RenewTime == nil {
		return
	}
	note("attach", unattached(p))
	note("bind", unbound(p, lease.Spec.RenewTime.Time))
	note("root-ca", rootless(p))
	if len(lacks) == 0 || p.StaleLease("kube-system", name) == nil {
		return
	}
	args, renewal := renewed(lease)
	evidence := append([]cluster.Sign{renewal}, lacks...)
	if p.Silent {
		evidence = append(evidence, p.Stall())
	}
	p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args, Variant: variant, Evidence: evidence})
}

// unattached cites the Pod's disks that nobody has begun to attach. One that a running Pod on another node uses
// would not be attached by a living controller either.
func unattached(p *diagnose.Pass) []cluster.Sign {
	var signs []cluster.Sign
	if p.Stage != pod.StageVolumes {
		return nil
	}
	for _, d := range p.Disks() {
		if d.Known && d.Own == nil && !(d.Exclusive && usedElsewhere(p, d.Claim)) {
			signs = append(signs, cite(p, d.Index, d.Ephemeral != nil, d.Claim))
		}
	}
	return signs
}

func cite(p *diagnose.Pass, i int, ephemeral bool, claim string) cluster.Sign {
	if ephemeral {
		return p.Cite(fmt.Sprintf("spec.volumes[%d].ephemeral", i), claim)
	}
	return p.Cite(fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", i), claim)
}

func usedElsewhere(p *diagnose.Pass, claim string) bool {
	return slices.ContainsFunc(p.UsersOf(claim), func(o *corev1.Pod) bool {
		return o.Spec.NodeName != "" && o.Spec.NodeName != p.Pod.Spec.NodeName && o.DeletionTimestamp == nil &&
			o.Status.Phase == corev1.PodRunning
	})
}

// unbound cites the Pod's claims that were made after the controller manager stopped and that nobody has said a word
// about.
func unbound(p *diagnose.Pass, stopped time.Time) []cluster.Sign {
	var signs []cluster.Sign
	for _, v := range p.Volumes() {
		if v.PVC == nil || v.PVC.Status.Phase != corev1.ClaimPending || !v.PVC.CreationTimestamp.After(stopped) {
			continue
		}
		ref := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: v.PVC.Namespace, Name: v.PVC.Name}
		if len(p.Snapshot.EventsAbout(ref, v.PVC)) == 0 {
			signs = append(signs, diagnose.Cite(ref, "status.phase", string(corev1.ClaimPending)))
		}
	}
	return signs
}

// rootless cites the volume of a silent Pod whose namespace has no kube-root-ca.crt.
func rootless(p *diagnose.Pass) []cluster.Sign {
	const ca = "kube-root-ca.crt"
	if _, there := cluster.Get[corev1.ConfigMap](p.Snapshot, p.Pod.Namespace, ca); there != cluster.Absent ||
		!p.Silent || p.Stage != pod.StageVolumes {
		return nil
	}
	for _, r := range p.ConfigRefs() {
		if r.Name == ca && r.Key == "" && !r.Optional {
			return []cluster.Sign{p.CiteAbsent(r.Path,
				cluster.Ref{Kind: "ConfigMap", Namespace: p.Pod.Namespace, Name: ca})}
		}
	}
	return nil
}
