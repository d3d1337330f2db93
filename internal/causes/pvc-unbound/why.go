package pvcunbound

import (
	"cmp"
	"maps"
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
	case w.classThere == cluster.Absent && !w.static() && c.Spec.VolumeName == "":
		return "class-missing"
	case w.consumer():
		return "wait-for-first-consumer"
	case c.Spec.VolumeName != "":
		return "no-matching-pv"
	case said == "class-missing" && w.static():
		return "no-matching-pv"
	case said == "provisioning-failed" || said == "driver-denied" || said == "key" || said == "class-missing":
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

// static reports whether there are volumes of the claim's class that nobody has: it need not be an object then, the
// name alone brings volumes and claims together.
func (w *waiter) static() bool {
	if c := w.v.PVC.Spec.StorageClassName; c != nil && *c != "" {
		for _, v := range cluster.Objects[corev1.PersistentVolume](w.p.Snapshot) {
			if v.Spec.StorageClassName == *c && v.Status.Phase != corev1.VolumeBound {
				return true
			}
		}
	}
	return false
}

// denied is what clouds answer to a driver that may not make volumes: AWS, Azure, Google, OpenStack.
var denied = match.Lazy(`unauthorizedoperation|not authorized to perform|accessdenied|authorizationfailed|` +
	`linkedauthorizationfailed|\b403\b|forbidden|permission[_ ]?denied|insufficient privileges|` +
	`required '[\w.]+' permission|assumerolewithwebidentity|nocredentialproviders|no ec2 imds role|` +
	`failed to refresh cached credentials`)

// vanished is what EC2 says of a volume that it has just begun to make, and drops where its key may not be used.
var vanished = match.Lazy(`invalidvolume\.notfound|volume '?vol-\w+'? does not exist`)

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
		args["error"] = strings.TrimRight(after, ":, ")
		switch {
		case vanished().MatchString(low):
			return "key"
		case denied().MatchString(low) && !has("system:serviceaccount:"): // the cloud, and not the API server
			return "driver-denied"
		}
		return "provisioning-failed"
	case has("did not have enough free storage"):
		return "no-room"
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

// report reports the claim with all that is said of it.
func (w *waiter) report(evidence []cluster.Sign) {
	p, c := w.p, w.v.PVC
	ref := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: c.Namespace, Name: c.Name}
	args := map[string]string{"claim": c.Name, "volume": w.v.Name}
	if c.Spec.StorageClassName != nil && *c.Spec.StorageClassName != "" {
		args["class"] = *c.Spec.StorageClassName
	}
	if w.class != nil {
		args["provisioner"] = w.class.Provisioner
	}
	if q, ok := c.Spec.Resources.Requests[corev1.ResourceStorage]; ok {
		args["size"] = q.String()
	}
	variant := ""
	for _, s := range p.Signs {
		if s.IsAbout(ref) {
			evidence = append(evidence, s)
			if v := spoken(s.Message, args); v != "" {
				variant = v
			}
		}
	}
	if !p.Silent || len(evidence) == 0 {
		evidence = append(evidence, diagnose.Cite(ref, "status.phase", string(c.Status.Phase)))
	} else {
		evidence = append(evidence, diagnose.Cite(ref, "status.phase", string(c.Status.Phase)), p.Stall())
	}
	variant = w.why(variant)
	switch variant {
	case "no-matching-pv", "no-class":
		named, fields := w.volumes(args)
		evidence = append(evidence, fields...)
		variant = cmp.Or(named, variant)
		if variant == "no-class" {
			w.classes(args)
		}
	case "class-missing":
		w.classes(args)
	}
	args["newvolume"], args["newpv"] = w.byHand()
	maps.DeleteFunc(args, func(_, value string) bool { return value == "" })
	p.Report(diagnose.Finding{Blame: ref, Args: args, Variant: variant, Evidence: evidence})
}
