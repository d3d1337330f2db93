// Package filesystemcorrupt finds volumes whose file system is damaged, of another kind, or a copy of one that is
// mounted.
package filesystemcorrupt

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart copies of xfs file systems: a clone or a restored snapshot has the UUID of what it was made of, and
// the kernel does not mount both on one node. mount(8) itself has the same words for that as for any damage.
func Find(p *diagnose.Pass) {
	p.ReportMatches()
	for _, m := range p.Hints() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: "copy", Certainty: diagnose.Likely,
			Evidence: []cluster.Sign{m.Sign}}
		low := strings.ToLower(m.Sign.Message)
		switch {
		case strings.Contains(low, "duplicate uuid"):
			p.Report(f)
		case strings.Contains(low, "wrong fs type") && strings.Contains(low, "xfs"):
			if cited, ok := madeOf(p, m.Args["pv"]); ok {
				f.Evidence = append(f.Evidence, cited)
				p.Report(f)
			}
		}
	}
}

// madeOf is where the claim of a volume says what it was made of.
func madeOf(p *diagnose.Pass, pv string) (cluster.Sign, bool) {
	for _, v := range p.Volumes() {
		if v.PVC == nil || v.PV == nil || v.PV.Name != pv || v.PVC.Spec.DataSource == nil {
			continue
		}
		claim := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: v.PVC.Namespace, Name: v.PVC.Name}
		return diagnose.Cite(claim, "spec.dataSource.name", v.PVC.Spec.DataSource.Name), true
	}
	return cluster.Sign{}, false
}
