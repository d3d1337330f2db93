package pvcunbound

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// alone reports what is said where the claim itself is not known to be unbound.
func alone(p *diagnose.Pass, m diagnose.Match) {
	claims := map[string]bool{}
	for _, v := range p.Volumes() {
		if v.Claim != "" {
			claims[v.Claim] = true
		}
	}
	if m.Args["claim"] == "" && len(claims) == 1 {
		for c := range claims {
			m.Args["claim"] = c
		}
	}
	f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: spoken(m.Sign.Message, m.Args),
		Evidence: []cluster.Sign{m.Sign}}
	for _, v := range p.Volumes() {
		if v.Claim == m.Args["claim"] && v.PVC != nil && f.Variant != "lost" {
			f.Certainty = diagnose.Likely // it is bound by now
		}
	}
	p.Report(f)
}

// why tells what the claim waits for: by its own fields, then by what its Events say.
func (w *waiter) why(said string) string {
	c := w.v.PVC
	switch {
	case c.Status.Phase == corev1.ClaimLost:
		return "lost"
	case w.classThere == cluster.Absent:
		return "class-missing"
	case w.consumer():
		return "wait-for-first-consumer"
	case c.Spec.VolumeName != "":
		return "no-matching-pv"
	case said == "provisioning-failed" || said == "class-missing":
		return said
	case c.Spec.StorageClassName == nil:
		return "no-class"
	case *c.Spec.StorageClassName == "" || w.class != nil && w.class.Provisioner == "kubernetes.io/no-provisioner":
		return "no-matching-pv"
	case w.class != nil:
		return "no-provisioner"
	}
	return said
}

// spoken tells why a claim is not bound by what is said of it, and notes the backend's answer among the arguments.
func spoken(message string, args map[string]string) string {
	low := strings.ToLower(match.Plain(message))
	has := func(parts ...string) bool {
		for _, s := range parts {
			if strings.Contains(low, s) {
				return true
			}
		}
		return false
	}
	switch {
	case has("non-existent persistentvolume", "has lost", "failed to fetch pv", "does not point to"):
		return "lost"
	case has("storageclass") && has("not found"):
		return "class-missing"
	case has("failed to provision", "provisioning failed", "no volume plugin matched"):
		_, after, ok := strings.Cut(match.Plain(message), `": `)
		if !ok {
			after = match.Plain(message)
		}
		args["error"] = after
		return "provisioning-failed"
	case has("no storage class is set"):
		return "no-class"
	case has("to be created") && has("provisioner"):
		return "no-provisioner"
	case has("first consumer"):
		return "wait-for-first-consumer"
	case has("didn't find available persistent", "no persistent volumes available", "cannot bind to",
		"bound to a different"):
		return "no-matching-pv"
	}
	return ""
}
