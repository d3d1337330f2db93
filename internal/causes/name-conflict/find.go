// Package nameconflict finds names that an older container of the same Pod still holds.
package nameconflict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports the conflict in the words of the runtime that it comes from: what removes the holder differs. A name
// that is only reserved is most often an echo of a call that still runs. Where the runtime already lists what holds it,
// that call is over, and the name is held for good.
func Find(p *diagnose.Pass) {
	node, _ := p.Node()
	for _, m := range p.Matches() {
		if prove(p, m) {
			continue
		}
		variant := ""
		if strings.Contains(m.Sign.Message, "that name is already in use") ||
			node != nil && strings.HasPrefix(node.Status.NodeInfo.ContainerRuntimeVersion, "cri-o") {
			variant = "crio"
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant,
			Evidence: []cluster.Sign{m.Sign}})
	}
	for _, m := range p.MatchesOf("runtime-timeout") {
		if strings.Contains(strings.ToLower(m.Sign.Message), "is reserved for") {
			prove(p, m)
		}
	}
}

// prove reports a match where the node has what holds the name: by its id, or by the name itself.
func prove(p *diagnose.Pass, m diagnose.Match) bool {
	f := p.Facts()
	if f == nil || f.Sandboxes == nil {
		return false
	}
	// whatever Pod it says that it is of
	holds := func(id string) bool { return m.Args["holder"] != "" && id == m.Args["holder"] }
	// the UID is part of the name
	mine := func(uid string) bool { return uid == string(p.Pod.UID) }
	for i, s := range f.Sandboxes.Odd {
		if holds(s.ID) && !s.Future { // one of the future is there because of the clock
			state := "not ready"
			if s.Ready {
				state = "ready"
			}
			return report(p, m, "sandbox", s.ID, map[string]string{"state": state,
				"created": s.Created.UTC().Format("2006-01-02 15:04 UTC")},
				p.CiteFact(fmt.Sprintf("sandboxes.odd[%d].id", i), s.ID))
		}
	}
	for i, c := range f.Sandboxes.OddContainers {
		if holds(c.ID) {
			return report(p, m, "container", c.ID,
				map[string]string{"state": c.State, "created": c.Created.UTC().Format("2006-01-02 15:04 UTC")},
				p.CiteFact(fmt.Sprintf("sandboxes.oddContainers[%d].id", i), c.ID))
		}
	}
	for i, n := range f.Sandboxes.Twice {
		said := n.Name != "" && strings.Contains(m.Sign.Message, n.Name)
		if len(n.IDs) == 0 || n.PodUID != "" && !mine(n.PodUID) || !said && !slices.ContainsFunc(n.IDs, holds) {
			continue
		}
		id := n.IDs[0]
		if slices.ContainsFunc(n.IDs, holds) {
			id = m.Args["holder"]
		}
		variant := "sandbox"
		if strings.Count(n.Name, "_") > 3 { // CONTAINER_POD_NAMESPACE_UID_ATTEMPT
			variant = "container"
		}
		return report(p, m, variant, id, nil, p.CiteFact(fmt.Sprintf("sandboxes.twice[%d].name", i), n.Name))
	}
	return false
}

func report(p *diagnose.Pass, m diagnose.Match, variant, id string, args map[string]string, fact cluster.Sign) bool {
	m.Args["holder"] = id
	for name, value := range args {
		m.Args[name] = value
	}
	p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant,
		Evidence: []cluster.Sign{m.Sign, fact}})
	return true
}
