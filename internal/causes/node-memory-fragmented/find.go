// Package nodememoryfragmented joins words that fit memory in too small pieces with what the kernel says of it.
package nodememoryfragmented

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// Find takes the kernel's own words, from wherever they come, and proves by its log what only hints at them.
// Free blocks by size prove nothing: many healthy nodes have no large ones. They fit all the same.
func Find(p *diagnose.Pass) {
	p.ReportMatches()
	facts := p.Facts()
	if facts == nil {
		return
	}
	said := slices.Concat(p.Hints(), p.MatchesOf("container-init-killed"))
	if k := facts.Kernel; k != nil {
		if usedUp(p, k, said) {
			p.RuleOut()
			return
		}
		if f, near := seen(p, k, said); len(near) > 0 {
			if m := facts.Memory; m != nil && m.BytesAvailable != nil {
				f.Args["available"] = diagnose.Amount(*m.BytesAvailable)
			}
			p.Prove(near, f)
			return
		}
	}
	if facts.Memory != nil {
		p.Support(pieces(p, facts.Memory)...)
	}
}

// usedUp reports whether memory was not in pieces but gone: on the whole node, or within the limit of the Pod.
func usedUp(p *diagnose.Pass, k *nodefacts.Kernel, said []diagnose.Match) bool {
	for _, o := range k.OOMKills {
		if (o.Cgroup == "" || o.PodUID == string(p.Pod.UID)) && len(p.NearAny(said, o.At.Time)) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(k.AllocationFailures, func(a nodefacts.AllocationFailure) bool {
		return a.Order == 0 && len(p.NearAny(said, a.At.Time)) > 0
	})
}

// background are threads of the kernel: what they want in one piece is for network packets and huge pages, and no start
// of a Pod waits for it.
var background = match.Lazy(`^(?:swapper|kworker|ksoftirqd|kswapd|kcompactd|khugepaged|irq/)`)

// seen is the newest failure to find pages side by side, and what was said of the Pod about that time.
func seen(p *diagnose.Pass, k *nodefacts.Kernel, said []diagnose.Match) (diagnose.Finding, []diagnose.Match) {
	for i, a := range slices.Backward(k.AllocationFailures) {
		if a.Order < 1 || a.Order > 20 || background().MatchString(a.Command) {
			continue
		}
		if near := p.NearAny(said, a.At.Time); len(near) > 0 {
			return diagnose.Finding{Variant: "seen",
				Args: map[string]string{"command": a.Command, "order": strconv.Itoa(a.Order),
					"size": diagnose.Amount(4096 << a.Order)},
				Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("kernel.allocationFailures[%d].message", i),
					a.Message)}}, near
		}
	}
	return diagnose.Finding{}, nil
}

// pieces cites the zones of ordinary memory if none of them has a free block of eight pages or more.
func pieces(p *diagnose.Pass, m *nodefacts.Memory) []cluster.Sign {
	var out []cluster.Sign
	for i, z := range m.Zones {
		if z.Zone != "Normal" || len(z.Free) <= 3 {
			continue
		}
		if slices.ContainsFunc(z.Free[3:], func(n int64) bool { return n != 0 }) {
			return nil
		}
		out = append(out, p.CiteFact(fmt.Sprintf("memory.zones[%d].free", i), strings.Trim(fmt.Sprint(z.Free), "[]")))
	}
	return out
}
