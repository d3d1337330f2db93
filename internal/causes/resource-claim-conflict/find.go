// Package resourceclaimconflict finds Pods that may not use their ResourceClaim, because it is another Pod's, or not
// theirs any more.
package resourceclaimconflict

import "github.com/kubestuck/stuck/internal/diagnose"

// Find tells by the words what is the matter with the claim.
func Find(p *diagnose.Pass) {
	p.ReportVariants(diagnose.VariantRule{Group: "old", Variant: "old"},
		diagnose.VariantRule{Group: "unprepared", Variant: "unprepared"},
		diagnose.VariantRule{Group: "owner", Variant: "owner"},
		diagnose.VariantRule{Group: "deleted", Variant: "deleted"},
		diagnose.VariantRule{Group: "used", Variant: "used"})
}
