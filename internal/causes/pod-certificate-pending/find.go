// Package podcertificatepending finds Pods whose volume waits for a certificate that their signer has not issued.
package podcertificatepending

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find joins what the kubelet says with the signer that the Pod's volume names.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		path := signer(p, m.Args)
		switch m.Args["word"] {
		case "denied":
			f.Variant = "denied"
		case "failed":
			f.Variant = "failed"
		}
		delete(m.Args, "word")
		delete(m.Args, "pending")
		if path != "" {
			f.Evidence = append(f.Evidence, p.Cite(path, m.Args["signer"]))
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}

// signer finds the signer that a volume of the Pod asks, and returns the field that names it; "" where the volume is
// not known and several ask different ones.
func signer(p *diagnose.Pass, args map[string]string) string {
	path := ""
	for i, v := range p.Pod.Spec.Volumes {
		if v.Projected == nil || args["volume"] != "" && v.Name != args["volume"] {
			continue
		}
		for j, s := range v.Projected.Sources {
			if s.PodCertificate == nil {
				continue
			}
			if path != "" && args["signer"] != s.PodCertificate.SignerName {
				delete(args, "signer")
				return ""
			}
			args["signer"] = s.PodCertificate.SignerName
			path = fmt.Sprintf("spec.volumes[%d].projected.sources[%d].podCertificate.signerName", i, j)
		}
	}
	return path
}
