// Package runasnonroot finds containers that may not run as root and would, or might.
package runasnonroot

import "github.com/kubestuck/stuck/internal/diagnose"

// Find tells apart who is at odds with the Pod's wish: its image, a name in the image that may be anybody, or the Pod
// itself.
func Find(p *diagnose.Pass) {
	p.ReportVariants(diagnose.VariantRule{Group: "user", Variant: "named"},
		diagnose.VariantRule{Group: "own", Variant: "own"})
}
