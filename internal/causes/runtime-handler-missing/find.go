// Package runtimehandlermissing finds Pods whose RuntimeClass, its handler, or the handler's binary is not there.
package runtimehandlermissing

import (
	"path"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	nodev1 "k8s.io/api/node/v1"
)

// ordinary are the programs that every node needs: without them the installation is broken, not a handler missing.
var ordinary = []string{"runc", "crun", "conmon", "docker-runc", "containerd-shim", "containerd-shim-runc-v1",
	"containerd-shim-runc-v2"}

// Find joins what the runtime says with the RuntimeClass that the Pod names.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if isOrdinary(m.Args["path"]) {
			continue
		}
		evidence := []cluster.Sign{m.Sign}
		variant := ""
		switch {
		case m.Args["path"] != "":
			variant = "binary"
		case m.Args["runtimeclass"] != "":
			variant = "absent"
		}
		if name := p.Pod.Spec.RuntimeClassName; name != nil && *name != "" {
			m.Args["runtimeclass"] = *name
			evidence = append(evidence, p.Cite("spec.runtimeClassName", *name))
			if rc, there := cluster.Get[nodev1.RuntimeClass](p.Snapshot, "", *name); there == cluster.Present &&
				m.Args["handler"] == "" {
				m.Args["handler"] = rc.Handler
			}
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant, Evidence: evidence})
	}
}

// FindMissing reports a RuntimeClass for want of which the API server lets no Pod be made. Source: kube-apiserver,
// admission plugin RuntimeClass.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if m.Args["runtimeclass"] == "" {
			continue
		}
		evidence := []cluster.Sign{m.Sign}
		if name := p.Pod.Spec.RuntimeClassName; name != nil && *name == m.Args["runtimeclass"] {
			evidence = append(evidence, p.Cite(p.TemplatePath("runtimeClassName"), *name))
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: "absent", Evidence: evidence})
	}
}

func isOrdinary(program string) bool {
	for _, o := range ordinary {
		if strings.EqualFold(path.Base(program), o) {
			return true
		}
	}
	return false
}
