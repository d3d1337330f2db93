// Package deviceunavailable finds Pods that wait for a device which their node cannot hand out.
package deviceunavailable

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

var (
	// unregistered are the kubelet's words for a DRA driver that its node does not have.
	unregistered = match.Lazy(`(?i)is not registered|list of registered DRA plugins`)
	// ofClaim are the kubelet's words for a claim that it does not hand to the driver at all.
	ofClaim = match.Lazy(`(?i)is not allowed to use ResourceClaim|old ResourceClaim with same name|` +
		`ResourceClaim \S+ is being unprepared|was not created for Pod|feature gate is disabled on kubelet|` +
		`resourceclaims?\.resource\.k8s\.io "[^"]+" not found`)
)

// Find reports what the kubelet or a hook says, a lack of devices that a node has and may not use,
// and a Pod that waits in silence for a device plugin.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if name := m.Args["resource"]; name != "" {
			lacking(p, m, corev1.ResourceName(name))
			continue
		}
		if ofClaim().MatchString(m.Sign.Message) {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case unregistered().MatchString(m.Sign.Message) && m.Args["driver"] != "":
			f.Variant = "dra"
		case m.Args["mismatch"] != "":
			f.Variant = "driver"
		case m.Args["cdi"] != "":
			f.Variant = "cdi"
		case m.Args["allowed"] != "":
			f.Variant, f.Blame = "shared", p.Workload()
		case m.Args["hook"] != "":
			f.Variant, f.Args["says"] = "hook", match.Clip(strings.TrimSuffix(m.Args["hook"], ": unknown"), 160)
		case m.Args["available"] != "":
			f.Variant = "few"
		case m.Args["says"] != "":
			f.Variant = "ill"
		case m.Args["device"] != "" && pod.Rejected(p.Pod):
			back(p, &f)
		default:
			f.Args["detail"] = match.Decisive(m.Sign.Message, 150)
		}
		p.Report(f)
	}
	if p.Silent && p.Pod.Spec.NodeName != "" && !accepted(p.Pod) {
		silent(p)
	}
}

// silent looks for the oldest Pod of the node that the kubelet has not taken up and that asks for a device.
func silent(p *diagnose.Pass) {
	node, _ := p.Node()
	if node == nil || !ready(node) {
		return
	}
	all := append(p.Neighbours(), p.Pod)
	slices.SortStableFunc(all, func(a, b *corev1.Pod) int {
		return cmp.Or(a.CreationTimestamp.Compare(b.CreationTimestamp.Time), strings.Compare(a.Name, b.Name))
	})
	for _, o := range all {
		if accepted(o) || o.Status.Phase != corev1.PodPending || o.DeletionTimestamp != nil ||
			o.CreationTimestamp.After(p.Pod.CreationTimestamp.Time) {
			continue
		}
		for i := range o.Spec.Containers {
			for _, name := range slices.Sorted(maps.Keys(o.Spec.Containers[i].Resources.Limits)) {
				if !strings.Contains(string(name), "/") {
					continue
				}
				said := diagnose.Cite(cluster.RefOf(o), fmt.Sprintf("spec.containers[%d].resources.limits", i),
					string(name))
				p.Report(diagnose.Finding{Certainty: diagnose.Likely, Variant: "slow",
					Blame:    cluster.Ref{Kind: "Node", Name: node.Name},
					Args:     map[string]string{"device": string(name), "holder": cluster.RefOf(o).String()},
					Evidence: []cluster.Sign{said, p.Stall()}})
				return
			}
		}
	}
}

func accepted(p *corev1.Pod) bool {
	return p.Status.StartTime != nil || len(p.Status.ContainerStatuses)+len(p.Status.InitContainerStatuses) > 0
}

func ready(n *corev1.Node) bool {
	return slices.ContainsFunc(n.Status.Conditions, func(c corev1.NodeCondition) bool {
		return c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
	})
}
