// Package usernsunavailable finds Pods with users of their own (hostUsers: false) that their node has no user
// namespace for.
package usernsunavailable

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find tells apart the kubelet's pool of ids and a range that does not fit; a runtime that has no user namespaces at
// all is another cause. What containerd says of a range does not name it: only of a Pod that asks for users of its own
// it is about that.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		users := p.Pod.Spec.HostUsers
		asked := users != nil && !*users
		if m.Args["unshare"] != "" && !asked {
			continue
		}
		if asked {
			m.Args["patch"] = p.Patch(diagnose.Edit{Op: "remove", Path: "/spec/hostUsers"})
			f.Evidence = append(f.Evidence, p.Cite("spec.hostUsers", "false"))
		}
		switch {
		case m.Args["unshare"] != "":
			f.Variant, f.Certainty = "range", diagnose.Likely
		case m.Args["range"] != "":
			f.Variant = "range"
		default:
			f.Variant = "pool"
		}
		for _, group := range []string{"unshare", "range", "pool"} {
			delete(m.Args, group)
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}
