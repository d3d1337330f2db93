// Package sandboxnotready finds Pods whose sandbox is there and not as it should be, where nobody says why.
package sandboxnotready

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells by the words of the kubelet in what way the sandbox is not ready. Why it is so they do not say.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Certainty: diagnose.Likely,
			Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["address"] != "":
			f.Variant = "address"
		case m.Args["several"] != "":
			f.Variant = "several"
		case m.Args["mode"] != "":
			f.Variant = "mode"
		}
		for _, group := range []string{"address", "several", "mode"} {
			delete(m.Args, group)
		}
		p.Report(f)
	}
}
