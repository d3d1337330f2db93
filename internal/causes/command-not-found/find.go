// Package commandnotfound finds containers whose command is not in their image.
package commandnotfound

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find leaves out commands that are not the container's own.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if foreign(m.Sign) {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["nothing"] != "" {
			f.Variant = "none"
		}
		p.Report(f)
	}
}

// foreign reports whether a probe's command is missing, which stops no start,
// or one that the node needs for volumes and network.
func foreign(s cluster.Sign) bool {
	if s.Reason == "Unhealthy" || s.Reason == "ProbeWarning" {
		return true
	}
	for _, of := range []string{"MountVolume", "MapVolume", "AttachVolume", "Volume.", "iscsi", "pod sandbox",
		"plugin type=", "CNI", "apparmor_parser"} {
		if strings.Contains(s.Message, of) {
			return true
		}
	}
	return false
}
