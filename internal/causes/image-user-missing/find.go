// Package imageusermissing finds images in which the user of a container cannot be looked up.
package imageusermissing

import "github.com/kubestuck/stuck/internal/diagnose"

// Find tells apart a list of users that is there, and that the runtime does not reach.
func Find(p *diagnose.Pass) {
	p.ReportVariants(diagnose.VariantRule{Group: "link", Variant: "link"})
}
