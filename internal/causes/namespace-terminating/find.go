// Package namespaceterminating finds workloads that want Pods in a namespace which is being deleted.
package namespaceterminating

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// FindMissing joins the refusal with what the namespace says is left in it.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if ns, _ := cluster.Get[corev1.Namespace](p.Snapshot, "", p.Pod.Namespace); ns != nil {
			ref := cluster.Ref{Kind: "Namespace", Name: ns.Name}
			for i, c := range ns.Status.Conditions {
				if c.Status != corev1.ConditionTrue {
					continue
				}
				f.Evidence = append(f.Evidence,
					diagnose.Cite(ref, fmt.Sprintf("status.conditions[%d].message", i), c.Message))
				if c.Type == corev1.NamespaceFinalizersRemaining || m.Args["remaining"] == "" {
					m.Args["remaining"] = remaining(c.Message)
				}
			}
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}

// remaining is what a condition of a namespace names: Some content in the namespace has finalizers remaining:
// example.com/hold in 1 resource instances.
func remaining(message string) string {
	if _, what, ok := strings.Cut(message, " remaining: "); ok {
		return what
	}
	return message
}
