// Package imageformatunsupported finds images that the node's runtime cannot read.
package imageformatunsupported

import "github.com/kubestuck/stuck/internal/diagnose"

// Find tells what is no container image at all from one in a form that the runtime is too old or too new for.
func Find(p *diagnose.Pass) {
	p.ReportVariants(diagnose.VariantRule{Group: "artifact", Variant: "artifact"})
}
