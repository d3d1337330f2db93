// Package kubeletdown finds Pods whose node's kubelet does not act.
package kubeletdown

import (
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
)

// Find takes the node's own condition and its Lease. Both are context: they count for a Pod that is
// silent, or where they explain what it says.
func Find(p *diagnose.Pass) {
	f := diagnose.Finding{Args: map[string]string{}}
	for _, m := range ownWords(p) {
		if p.Pod.Spec.NodeName == "" {
			p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}})
			continue
		}
		f.Evidence = append(f.Evidence, m.Sign)
	}
	if p.Pod.Spec.NodeName == "" {
		return
	}
	f.Blame = cluster.Ref{Kind: "Node", Name: p.Pod.Spec.NodeName}
	if s, ok := stale(p, f.Args); ok {
		if n, _ := p.Node(); f.Evidence == nil && ready(n) { // the controllers still hear of it, whatever its clock tells
			f.Certainty = diagnose.Likely
		}
		f.Evidence = append(f.Evidence, s)
	}
	if facts := p.Facts(); facts != nil && facts.Kubelet != nil && facts.Kubelet.Running != nil &&
		!*facts.Kubelet.Running && (p.Silent || f.Evidence != nil) {
		f.Evidence, f.Certainty = append(f.Evidence, p.CiteFact("kubelet.running", "false")), diagnose.Proven
	}
	switch {
	case f.Evidence == nil:
		ignored(p, f)
		return
	case p.Silent:
		f.Evidence = append(f.Evidence, p.Stall())
	}
	p.Report(f)
}

// stale cites the node's Lease where it has run out while others are renewed.
func stale(p *diagnose.Pass, args map[string]string) (cluster.Sign, bool) {
	lease, _ := cluster.Get[coordinationv1.Lease](p.Snapshot, "kube-node-lease", p.Pod.Spec.NodeName)
	if lease == nil || lease.Spec.RenewTime == nil {
		return cluster.Sign{}, false
	}
	last, now := lease.Spec.RenewTime.Time, p.Snapshot.Now()
	lasts := 40 * time.Second
	if d := lease.Spec.LeaseDurationSeconds; d != nil {
		lasts = time.Duration(*d) * time.Second
	}
	if now.Sub(last) <= lasts {
		return cluster.Sign{}, false
	}
	args["renewed"], args["behind"] = last.UTC().Format(time.RFC3339), now.Sub(last).Round(time.Second).String()
	s := diagnose.Cite(cluster.Ref{Kind: "Lease", Namespace: lease.Namespace, Name: lease.Name}, "spec.renewTime",
		args["renewed"])
	s.Context = true
	return s, true
}

// ignored reports a Pod that the kubelet has written nothing about, unless something else explains that.
func ignored(p *diagnose.Pass, f diagnose.Finding) {
	if !p.Silent || accepted(p.Pod) {
		return
	}
	node, there := p.Node()
	switch {
	case there == cluster.Absent:
		f.Variant, f.Evidence = "nonode", []cluster.Sign{p.CiteAbsent("spec.nodeName", f.Blame), p.Stall()}
		f.Blame = p.Workload()
	case p.Waited < time.Minute && !p.Described() || unready(node) || device(p):
		return
	default:
		f.Variant, f.Certainty, f.Evidence = "idle", diagnose.Likely,
			[]cluster.Sign{p.Cite("spec.nodeName", p.Pod.Spec.NodeName), p.Stall()}
	}
	p.Report(f)
}

func accepted(p *corev1.Pod) bool {
	return p.Status.StartTime != nil || len(p.Status.ContainerStatuses)+len(p.Status.InitContainerStatuses) > 0
}

// unready reports whether the node itself says what is wrong with it.
func unready(n *corev1.Node) bool { return is(n, corev1.ConditionFalse) }

// ready reports whether the node is heard to be Ready.
func ready(n *corev1.Node) bool { return is(n, corev1.ConditionTrue) }

func is(n *corev1.Node, status corev1.ConditionStatus) bool {
	return n != nil && slices.ContainsFunc(n.Status.Conditions, func(c corev1.NodeCondition) bool {
		return c.Type == corev1.NodeReady && c.Status == status
	})
}

// device reports whether a Pod that the kubelet has not taken up asks for a device: its plugin may hold all others up.
func device(p *diagnose.Pass) bool {
	for _, o := range append(p.Neighbours(), p.Pod) {
		for i := range o.Spec.Containers {
			for name := range o.Spec.Containers[i].Resources.Limits {
				if strings.Contains(string(name), "/") && !accepted(o) && o.Status.Phase == corev1.PodPending {
					return true
				}
			}
		}
	}
	return false
}
