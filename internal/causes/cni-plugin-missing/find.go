// Package cnipluginmissing finds network plugins whose program is not on the node, or cannot be run.
package cnipluginmissing

import (
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports what says that a plugin cannot be run, and proves it of plugins that only failed by what the node finds
// in its folders. A plugin that the node found in place after the last failure was put back: the Pod goes on by itself.
func Find(p *diagnose.Pass) {
	f := p.Facts()
	if f == nil || f.CNI == nil || len(f.CNI.Plugins) == 0 {
		p.ReportMatches()
		return
	}
	var bad diagnose.Finding
	at := map[string]int{}
	for i, pl := range f.CNI.Plugins {
		at[pl.Type] = i
		if bad.Evidence == nil && (pl.Path == "" || pl.NotExecutable) {
			bad = badPlugin(p, i)
		}
	}
	hints := p.Hints()
	if bad.Evidence != nil && len(hints) > 0 {
		p.Prove(hints, bad)
	} else if bad.Evidence == nil {
		p.RuleOut()
	}
	for _, m := range p.Matches() {
		i, named := at[m.Args["plugin"]]
		switch pl := f.CNI.Plugins[i]; {
		case named && (pl.Path == "" || pl.NotExecutable):
			p.Prove([]diagnose.Match{m}, badPlugin(p, i))
		case named && p.Later() != nil:
			p.Prove([]diagnose.Match{m}, diagnose.Finding{Variant: "back", Certainty: diagnose.Likely,
				Args: map[string]string{"path": pl.Path}, Attested: []string{"plugin", "path"},
				Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("cni.plugins[%d].path", i), pl.Path)}})
		default:
			p.Prove([]diagnose.Match{m}, diagnose.Finding{})
		}
	}
}

// standard are the plugins of containernetworking/plugins, which come with a package and not from an agent.
var standard = []string{"bandwidth", "bridge", "dhcp", "dummy", "firewall", "host-device", "host-local", "ipvlan",
	"loopback", "macvlan", "portmap", "ptp", "sbr", "static", "tap", "tuning", "vlan", "vrf"}

// badPlugin is what the node shows of a plugin that is not there, or cannot be run.
func badPlugin(p *diagnose.Pass, i int) diagnose.Finding {
	c := p.Facts().CNI
	pl := c.Plugins[i]
	field, value := "path", pl.Path
	f := diagnose.Finding{Args: map[string]string{"plugin": pl.Type}, Attested: []string{"plugin", "path", "dir"}}
	switch {
	case pl.NotExecutable:
		f.Variant, f.Args["path"] = "notexec", pl.Path
		field, value = "notExecutable", "true"
	case slices.Contains(standard, pl.Type):
		f.Variant = "standard"
	default:
		f.Variant = "absent"
	}
	if len(c.BinDirs) > 0 {
		f.Args["dir"] = c.BinDirs[0]
	}
	f.Evidence = []cluster.Sign{p.CiteFact(fmt.Sprintf("cni.plugins[%d].%s", i, field), value)}
	return f
}
