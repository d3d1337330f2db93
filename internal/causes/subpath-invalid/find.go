// Package subpathinvalid finds containers whose subPath cannot be prepared, and tells one that an image does not have
// from one of a volume that can be written.
package subpathinvalid

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// Find reports what the kubelet or the runtime says.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		ofImage(p, m.Sign.Container, &f)
		p.Report(f)
	}
}

// ofImage makes a finding one of an image volume, where the subPath that is named is of such a one.
func ofImage(p *diagnose.Pass, container string, f *diagnose.Finding) {
	c := pod.Container(p.Pod, container)
	if c == nil || f.Args["subpath"] == "" {
		return
	}
	for _, m := range c.VolumeMounts {
		v := pod.Volume(p.Pod, m.Name)
		if m.SubPath == f.Args["subpath"] && v != nil && v.Image != nil && v.Image.Reference != "" {
			f.Variant = "image"
			f.Args["volume"], f.Args["image"], f.Args["mountpath"] = v.Name, v.Image.Reference, m.MountPath
			return
		}
	}
}
