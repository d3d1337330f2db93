// Package imageneverpulled finds images that may not be pulled and that the kubelet has not got for the Pod.
package imageneverpulled

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// verifies is the minor version from which the kubelet hands an image only to Pods with the credentials that it was
// pulled with, and says the same words where they lack them.
const verifies = 35

// Find tells by the node's own list an image that is missing from one that is there for others. Without it the words of
// a kubelet that verifies credentials admit both.
func Find(p *diagnose.Pass) {
	minor, known := p.KubeletMinor()
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		listed, there := p.OnNode(m.Args["image"])
		switch {
		case there && known && minor >= verifies:
			f.Variant, f.Certainty = "credentials", diagnose.Likely // it may just have been removed
			f.Evidence = append(f.Evidence, listed)
		case !known || minor >= verifies:
			f.Variant, f.Certainty = "unlisted", diagnose.Likely
		}
		p.Report(f)
	}
}
