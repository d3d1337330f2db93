// Package runtimefeaturemissing finds Pods that ask for what the runtime or the kernel of their node does not have.
package runtimefeaturemissing

import "github.com/kubestuck/stuck/internal/diagnose"

// Find tells apart mounts that the node does not share, for which no version is too old, and what the network needs and
// no Pod asks for.
func Find(p *diagnose.Pass) {
	p.ReportVariants(diagnose.VariantRule{Group: "shared", Variant: "shared"},
		diagnose.VariantRule{Group: "net", Variant: "network"})
}
