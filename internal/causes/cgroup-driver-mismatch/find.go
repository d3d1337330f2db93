// Package cgroupdrivermismatch finds a kubelet and a container runtime that name cgroups in different ways.
package cgroupdrivermismatch

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports what is said of drivers that differ, with what the two are set to. That they differ proves what only
// hints at it, and by itself accuses nobody: a kubelet of 1.31 and later asks the runtime and leaves its own setting
// alone. That they agree rules hints out.
func Find(p *diagnose.Pass) {
	f := p.Facts()
	if f == nil || f.Kubelet == nil || f.Runtime == nil || f.Kubelet.CgroupDriver == "" ||
		f.Runtime.CgroupDriver == "" {
		p.ReportMatches()
		return
	}
	if f.Kubelet.CgroupDriver == f.Runtime.CgroupDriver {
		p.RuleOut()
		p.ReportMatches()
		return
	}
	said := append(p.Matches(), p.Hints()...)
	if len(said) > 0 {
		p.Prove(said, diagnose.Finding{Variant: "both",
			Args: map[string]string{"kubelet": f.Kubelet.CgroupDriver, "runtime": f.Runtime.CgroupDriver},
			Evidence: []cluster.Sign{p.CiteFact("kubelet.cgroupDriver", f.Kubelet.CgroupDriver),
				p.CiteFact("runtime.cgroupDriver", f.Runtime.CgroupDriver)}})
	}
}
