// Package cgroupfailed finds nodes that cannot make or set up the cgroup of a Pod.
package cgroupfailed

import "github.com/kubestuck/stuck/internal/diagnose"

// Find tells a limit that does not fit that of the Pod around it from a node that can make no cgroups.
func Find(p *diagnose.Pass) {
	p.ReportVariants(diagnose.VariantRule{Group: "cfs", Variant: "quota", Likely: true, Mark: true},
		diagnose.VariantRule{Group: "nested", Variant: "nested", Mark: true})
}
