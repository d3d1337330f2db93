// Package runtimestoragecorrupt finds nodes whose container runtime cannot use what it keeps of images.
package runtimestoragecorrupt

import "github.com/kubestuck/stuck/internal/diagnose"

// Find tells a file system on which no overlay can be mounted, and files that are loaded only when they are read, from
// one that is damaged.
func Find(p *diagnose.Pass) {
	p.ReportVariants(diagnose.VariantRule{Group: "unfit", Variant: "unfit", Likely: true, Mark: true},
		diagnose.VariantRule{Group: "lazy", Variant: "lazy", Likely: true, Mark: true})
}
