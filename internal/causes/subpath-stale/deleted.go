package subpathstale

import (
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// deleted are the subPath mounts of this Pod whose file was removed or replaced, as the node itself sees them: with
// what says that the container they belong to does not start, whatever the words. A container that runs is left alone:
// it still has the old file.
func deleted(p *diagnose.Pass) (proven bool) {
	facts := p.Facts()
	if facts == nil || facts.Mounts == nil || p.Pod.UID == "" {
		return false
	}
	said := slices.Concat(p.Matches(), p.MatchesOf("subpath-invalid", "container-init-killed", "mount-target-conflict"))
	for i, d := range facts.Mounts.Deleted {
		if d.PodUID != string(p.Pod.UID) || d.Container == "" {
			continue
		}
		var mine []diagnose.Match
		for _, m := range said {
			if c, v := m.Args["container"], m.Args["volume"]; c == d.Container &&
				(v == "" || d.Volume == "" || v == d.Volume) {
				m.Args["volume"] = d.Volume
				refreshed(p, m.Args) // for the name of its object
				mine = append(mine, m)
			}
		}
		if len(mine) > 0 {
			proven = true
			p.Prove(mine, diagnose.Finding{Variant: "deleted",
				Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("mounts.deleted[%d].target", i), d.Target)}})
		}
	}
	return proven
}
