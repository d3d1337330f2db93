// Package volumeattachfailed finds Pods whose volume the storage backend would not attach.
package volumeattachfailed

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports what was said of attaching, by an Event or by the VolumeAttachment itself.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if m.Sign.Ref.Kind == "VolumeAttachment" {
			m.Args["error"] = m.Sign.Message
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if strings.Contains(m.Sign.Message, "WaitForAttach") {
			f.Variant = "device"
		}
		p.Report(f)
	}
}
