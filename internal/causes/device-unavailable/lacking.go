package deviceunavailable

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// back reports in a finding that a node which refused a Pod for want of healthy devices has all of them again.
func back(p *diagnose.Pass, f *diagnose.Finding) {
	node, _ := p.Node()
	name := corev1.ResourceName(f.Args["device"])
	if node == nil {
		return
	}
	has, free := node.Status.Capacity[name], node.Status.Allocatable[name]
	if has.Sign() <= 0 || has.Cmp(free) != 0 {
		return
	}
	ref := cluster.Ref{Kind: "Node", Name: node.Name}
	f.Variant, f.Args["capacity"], f.Args["allocatable"] = "back", has.String(), free.String()
	f.Evidence = append(f.Evidence, cite(ref, "status.allocatable", name, free))
}

// lacking finds a node whose plugin has declared some of its devices unusable.
func lacking(p *diagnose.Pass, m diagnose.Match, name corev1.ResourceName) {
	for _, n := range cluster.Objects[corev1.Node](p.Snapshot) {
		has, free := n.Status.Capacity[name], n.Status.Allocatable[name]
		if has.Cmp(free) <= 0 {
			continue
		}
		ref := cluster.Ref{Kind: "Node", Name: n.Name}
		args := m.Args
		args["node"], args["device"], args["capacity"], args["allocatable"] = n.Name, string(name), has.String(),
			free.String()
		evidence := []cluster.Sign{m.Sign, cite(ref, "status.allocatable", name, free),
			cite(ref, "status.capacity", name, has)}
		p.Report(diagnose.Finding{Blame: ref, Args: args, Variant: "unhealthy", Evidence: evidence})
		return
	}
}

func cite(ref cluster.Ref, path string, name corev1.ResourceName, q resource.Quantity) cluster.Sign {
	return diagnose.Cite(ref, path, fmt.Sprintf("%s: %s", name, q.String()))
}
