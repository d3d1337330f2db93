// Package runtimeversionmismatch finds container runtimes whose parts come from different installations.
package runtimeversionmismatch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// families are packages that bring the same programs: a node has one of each at the most.
var families = [][]string{
	{"docker", "docker-engine", "docker.io", "docker-ce", "moby-engine"},
	{"containerd", "containerd.io", "moby-containerd"},
}

// daemons are the programs that start others. A shim that is older than its file is that of a container which has run
// since.
var daemons = []string{"containerd", "dockerd", "crio", "cri-dockerd"}

// Find reports what says that the parts do not fit. A mix that the node shows proves what only hints at it, and that a
// shim died of it; by itself it accuses nobody: many a node runs with two packages. A node with one set of everything
// is ruled out.
func Find(p *diagnose.Pass) {
	f := p.Facts()
	if f == nil || f.Programs == nil {
		reportSaid(p)
		return
	}
	mix := mixed(p, f.Programs)
	said := slices.Concat(p.Matches(), p.Hints(), p.MatchesOf("runtime-shim-died"))
	switch {
	case mix.Evidence != nil && len(said) > 0:
		p.Prove(said, mix)
	case mix.Evidence == nil && len(f.Programs.Running) > 0 && len(f.Programs.Installed) > 0 &&
		len(f.Programs.Packages) > 0:
		p.RuleOut()
		reportSaid(p)
	default:
		reportSaid(p)
	}
}

// reportSaid reports what was said, and tells a capability that runc does not know from the rest.
func reportSaid(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		variant := ""
		if m.Args["capability"] != "" {
			m.Args["capability"], variant = strings.ToUpper(m.Args["capability"]), "capability"
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant,
			Evidence: []cluster.Sign{m.Sign}})
	}
}

// mixed is what the node shows of a mix: a daemon that is older than its file, two packages for the same thing, or a
// program that is there twice.
func mixed(p *diagnose.Pass, all *nodefacts.Programs) diagnose.Finding {
	for i, r := range all.Running {
		if r.Deleted && slices.Contains(daemons, r.Name) {
			return diagnose.Finding{Variant: "replaced",
				Args: map[string]string{"program": r.Name, "path": strings.TrimSuffix(r.Path, " (deleted)"),
					"process": fmt.Sprint(r.PID)}, Attested: []string{"program", "path"},
				Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("programs.running[%d].deleted", i), "true")}}
		}
	}
	for _, names := range families {
		first := -1
		for i, pkg := range all.Packages {
			switch {
			case !slices.Contains(names, pkg.Name):
			case first < 0:
				first = i
			case pkg.Name != all.Packages[first].Name:
				return diagnose.Finding{Variant: "twice",
					Args: map[string]string{"first": called(all.Packages[first]), "second": called(pkg)},
					Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("programs.packages[%d].name", first),
						all.Packages[first].Name), p.CiteFact(fmt.Sprintf("programs.packages[%d].name", i), pkg.Name)}}
			}
		}
	}
	for i, a := range all.Installed {
		for j, b := range all.Installed[:i] {
			first, second := release(all, b), release(all, a)
			if a.Name == b.Name && a.Path != b.Path && differ(first, second) {
				return diagnose.Finding{Variant: "duplicate",
					Args: map[string]string{"program": a.Name, "first": b.Path + " (" + first + ")",
						"second": a.Path + " (" + second + ")", "path": b.Path},
					Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("programs.installed[%d].path", j), b.Path),
						p.CiteFact(fmt.Sprintf("programs.installed[%d].path", i), a.Path)}}
			}
		}
	}
	return diagnose.Finding{}
}
