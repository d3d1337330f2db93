package ipexhausted

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// byRange decides by the node's own account of host-local's ranges, and reports whether it did: a full one proves what
// was said, and one with free addresses, read after the last failure, rules it out.
func byRange(p *diagnose.Pass, m diagnose.Match) bool {
	f := p.Facts()
	if f == nil || f.CNI == nil || m.Sign.Context {
		return false
	}
	free := false
	for i := range f.CNI.Ranges {
		r := &f.CNI.Ranges[i]
		if !within(m.Args["range"], r) || r.Size == 0 {
			continue
		}
		if r.Taken >= r.Size {
			p.Prove([]diagnose.Match{m}, full(p, f.CNI, i))
			return true
		}
		free = true
	}
	if free && p.Later() != nil && (m.Args["range"] != "" ||
		slices.ContainsFunc(f.CNI.Files, func(c nodefacts.CNIFile) bool {
			return c.Wins && slices.Contains(c.IPAM, "host-local")
		})) {
		p.RuleOut()
		return true
	}
	return false
}

// within reports whether what a plugin calls its range lies in one of the node's;
// a plugin that names none may mean any.
func within(said string, r *nodefacts.IPRange) bool {
	if said == "" {
		return true
	}
	first, _, _ := strings.Cut(said, "-")
	subnet, err := netip.ParsePrefix(r.Subnet)
	if a, err2 := netip.ParseAddr(first); err == nil && err2 == nil {
		return subnet.Contains(a)
	}
	return said == r.Subnet || said == r.Network
}

// full is what a full range shows: addresses that leaked, or as many in use as it has.
func full(p *diagnose.Pass, c *nodefacts.CNI, i int) diagnose.Finding {
	r := &c.Ranges[i]
	at := fmt.Sprintf("cni.ranges[%d].", i)
	f := diagnose.Finding{Variant: "full", Args: map[string]string{"network": r.Network, "subnet": r.Subnet,
		"size": strconv.FormatInt(r.Size, 10), "used": strconv.FormatInt(r.Live, 10)},
		Evidence: []cluster.Sign{p.CiteFact(at+"taken", strconv.FormatInt(r.Taken, 10))}}
	if len(r.Leaked) == 0 {
		return f
	}
	f.Variant = "forgotten"
	f.Args["leaked"] = strconv.FormatInt(max(r.Taken-r.Live, int64(len(r.Leaked))), 10)
	f.Evidence = append(f.Evidence, p.CiteFact(at+"leaked[0].ip", r.Leaked[0].IP))
	f.Args["address"], f.Args["holder"] = r.Leaked[0].IP, r.Leaked[0].ContainerID
	var some []string
	for _, l := range r.Leaked[:min(len(r.Leaked), 3)] {
		some = append(some, l.IP)
	}
	f.Args["some"] = strings.Join(some, ", ")
	return f
}
