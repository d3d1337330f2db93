// Package envfileinvalid finds containers whose environment comes from a file that cannot be read, or lacks a variable.
package envfileinvalid

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find joins what the kubelet says with the container's variables that come from files: it names neither the file that
// it cannot read nor the volume.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Blame: p.Blame(m.Args), Evidence: []cluster.Sign{m.Sign},
			Attested: []string{"variable"}}
		switch {
		case m.Args["key"] != "":
			f.Variant = "key"
			delete(m.Args, "file") // a path of the kubelet's own
		case m.Args["find"] != "":
			f.Variant = "volume"
		}
		delete(m.Args, "parse")
		delete(m.Args, "find")
		f.Evidence = append(f.Evidence, refs(p, m.Args)...)
		p.Report(f)
	}
}

// refs cites where the container names the file, which becomes an argument where there is one only.
func refs(p *diagnose.Pass, args map[string]string) []cluster.Sign {
	c := pod.Container(p.Pod, args["container"])
	if c == nil {
		return nil
	}
	var out []cluster.Sign
	for i := range c.Env {
		r := fileRef(&c.Env[i])
		if r == nil || args["key"] != "" && args["key"] != r.Key || args["volume"] != "" && args["volume"] != r.VolumeName {
			continue
		}
		if args["file"] == "" {
			args["file"], args["volume"] = r.Path, r.VolumeName
		}
		if r.Path == args["file"] && out == nil {
			args["variable"] = c.Env[i].Name
			out = append(out, p.Cite(fmt.Sprintf("%s.env[%d].valueFrom.fileKeyRef.path", path(p.Pod, c.Name), i), r.Path))
		}
	}
	return out
}

func fileRef(e *corev1.EnvVar) *corev1.FileKeySelector {
	if e.ValueFrom == nil {
		return nil
	}
	return e.ValueFrom.FileKeyRef
}

// path is where a container stands in its Pod.
func path(o *corev1.Pod, name string) string {
	for i := range o.Spec.InitContainers {
		if o.Spec.InitContainers[i].Name == name {
			return fmt.Sprintf("spec.initContainers[%d]", i)
		}
	}
	for i := range o.Spec.Containers {
		if o.Spec.Containers[i].Name == name {
			return fmt.Sprintf("spec.containers[%d]", i)
		}
	}
	return "spec.containers"
}
