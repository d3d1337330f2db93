// Package resourceclaimmissing finds Pods whose ResourceClaims, or the templates of these, are not there.
package resourceclaimmissing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find joins what the controller and the scheduler say with the entry of the Pod's resourceClaims. From 1.30 the
// scheduler says nothing of a Pod whose claims are not there: then the objects and the Pod's status show which.
func Find(p *diagnose.Pass) {
	said := false
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		i := slices.IndexFunc(p.Pod.Spec.ResourceClaims, func(c corev1.PodResourceClaim) bool {
			return c.Name == m.Args["entry"]
		})
		switch {
		case m.Args["waits"] != "":
			f.Variant, f.Certainty = "waits", diagnose.Likely
			if i = first(p.Pod); said {
				i = -1
			}
		case m.Args["template"] != "":
			f.Variant, said = "template", true
		case m.Args["says"] != "":
			f.Variant, said = "refused", true
			m.Args["says"] = match.Clip(strings.TrimRight(m.Args["says"], ". "), 300)
		default:
			i = slices.IndexFunc(p.Pod.Spec.ResourceClaims, func(c corev1.PodResourceClaim) bool {
				return c.ResourceClaimName != nil && *c.ResourceClaimName == m.Args["resourceclaim"]
			})
			said = true
		}
		delete(m.Args, "waits")
		if i >= 0 {
			f.Evidence = append(f.Evidence, name(p, i, m.Args))
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
	if p.Silent && p.Stage == pod.StageSchedule {
		silent(p)
	}
}

// first is the first entry that is to be made from a template and that the Pod's status does not list as made.
func first(o *corev1.Pod) int {
	return slices.IndexFunc(o.Spec.ResourceClaims, func(c corev1.PodResourceClaim) bool {
		return c.ResourceClaimTemplateName != nil &&
			!slices.ContainsFunc(o.Status.ResourceClaimStatuses, func(s corev1.PodResourceClaimStatus) bool {
				return s.Name == c.Name
			})
	})
}

// name cites the field of an entry that names its template or its claim, which becomes an argument.
func name(p *diagnose.Pass, i int, args map[string]string) cluster.Sign {
	c := &p.Pod.Spec.ResourceClaims[i]
	args["entry"] = c.Name
	path := fmt.Sprintf("spec.resourceClaims[%d].", i)
	switch {
	case c.ResourceClaimTemplateName != nil:
		args["template"] = *c.ResourceClaimTemplateName
		return p.Cite(path+"resourceClaimTemplateName", *c.ResourceClaimTemplateName)
	case c.ResourceClaimName != nil:
		args["resourceclaim"] = *c.ResourceClaimName
		return p.Cite(path+"resourceClaimName", *c.ResourceClaimName)
	}
	return p.Cite(path+"name", c.Name)
}
