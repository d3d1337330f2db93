// Package resolvconfmissing asks the node whether the kubelet's resolv.conf is there.
package resolvconfmissing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// Find takes the words of the kubelet. Where the node itself misses the file, that proves it, and also why a silent Pod
// has no sandbox: the kubelet reads the file for every one, whatever DNS policy it has. Where the file is there,
// another one is meant, or it has come back.
func Find(p *diagnose.Pass) {
	facts := p.Facts()
	if facts == nil || facts.Kubelet == nil || facts.Kubelet.ResolvConfMissing == nil {
		p.ReportMatches()
		return
	}
	k := facts.Kubelet
	if !*k.ResolvConfMissing {
		if p.Later() == nil || k.ResolvConf == "" {
			p.ReportMatches()
			return
		}
		for _, m := range p.Matches() {
			if path := m.Args["path"]; path != "" && path != k.ResolvConf {
				p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}})
			}
		}
		return
	}
	f := diagnose.Finding{Args: map[string]string{"path": k.ResolvConf},
		Evidence: []cluster.Sign{p.CiteFact("kubelet.resolvConfMissing", "true")}}
	if said := p.Matches(); len(said) > 0 {
		p.Prove(said, f)
		return
	}
	if before := p.Stage == pod.StageVolumes || p.Stage == pod.StageSandbox ||
		p.Stage == pod.StageNetwork; p.Silent && before {
		f.Evidence = append(f.Evidence, p.Stall())
		p.Prove(nil, f)
	}
}
