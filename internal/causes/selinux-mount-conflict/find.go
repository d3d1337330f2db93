// Package selinuxmountconflict finds Pods whose volume their node has mounted with the SELinux label of another Pod.
package selinuxmountconflict

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find joins what the kubelet says with the Pod of the same node that has the volume.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["volume"] == "" {
			m.Args["volume"] = m.Args["pv"]
		}
		if o := holder(p, m.Args["claim"]); o != nil {
			m.Args["holder"], m.Args["holdernamespace"] = o.Name, o.Namespace
			f.Evidence = append(f.Evidence, cite(o, m.Args["claim"]))
		}
		for _, e := range p.Events { // kube-controller-manager, selinux_warning: a Normal Event
			if e.Reason == "SELinuxLabelConflict" || e.Reason == "SELinuxChangePolicyConflict" {
				f.Evidence = append(f.Evidence, pod.EventSign(e))
			}
		}
		m.Args["patch"] = p.Patch(recursive(p.Pod)...)
		p.Report(f)
	}
}

// recursive are the edits that let a Pod's volumes be mounted without a label.
func recursive(o *corev1.Pod) []diagnose.Edit {
	if o.Spec.SecurityContext == nil {
		return []diagnose.Edit{{Op: "add", Path: "/spec/securityContext",
			Value: map[string]string{"seLinuxChangePolicy": string(corev1.SELinuxChangePolicyRecursive)}}}
	}
	return []diagnose.Edit{{Op: "add", Path: "/spec/securityContext/seLinuxChangePolicy",
		Value: string(corev1.SELinuxChangePolicyRecursive)}}
}

// holder is the Pod on the same node that uses the claim and has not ended: one whose containers run before others.
func holder(p *diagnose.Pass, claim string) *corev1.Pod {
	if claim == "" {
		return nil
	}
	var found *corev1.Pod
	for _, o := range p.UsersOf(claim) {
		if o == p.Pod || o.Spec.NodeName != p.Pod.Spec.NodeName || o.Status.Phase == corev1.PodSucceeded ||
			o.Status.Phase == corev1.PodFailed {
			continue
		}
		if found == nil || o.Status.Phase == corev1.PodRunning && found.Status.Phase != corev1.PodRunning {
			found = o
		}
	}
	return found
}

// cite is the field of the other Pod that names the claim.
func cite(o *corev1.Pod, claim string) cluster.Sign {
	for i := range o.Spec.Volumes {
		if c := o.Spec.Volumes[i].PersistentVolumeClaim; c != nil && c.ClaimName == claim {
			return diagnose.Cite(cluster.RefOf(o), fmt.Sprintf("spec.volumes[%d].persistentVolumeClaim.claimName", i),
				claim)
		}
	}
	return diagnose.Cite(cluster.RefOf(o), "spec.volumes", claim)
}
