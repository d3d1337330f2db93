package initcontainerwaiting

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// laterPeer: it waits for a Pod of its own StatefulSet that is made only when this one is ready.
func laterPeer(p *diagnose.Pass, path, command string, f *diagnose.Finding) bool {
	set, own := p.Ordered()
	if set == nil {
		return false
	}
	for _, host := range diagnose.HostsIn(command) {
		first, _, _ := strings.Cut(host, ".")
		digits, ok := strings.CutPrefix(first, set.Name+"-")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n <= own {
			continue
		}
		r := cluster.Ref{Kind: "StatefulSet", Namespace: set.Namespace, Name: set.Name}
		f.Variant, f.Args["awaited"], f.Blame = "later-peer", first, r
		policy := string(set.Spec.PodManagementPolicy)
		if policy == "" {
			policy = "OrderedReady"
		}
		f.Evidence = append(f.Evidence, p.Cite(path, command), diagnose.Cite(r, "spec.podManagementPolicy", policy))
		return true
	}
	return false
}
