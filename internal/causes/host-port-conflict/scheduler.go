package hostportconflict

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/placement"
	corev1 "k8s.io/api/core/v1"
)

// unscheduled reports that no node has the port free, where that is what decides, and the Pods that have it.
func unscheduled(p *diagnose.Pass, m diagnose.Match) {
	words := placement.Read(match.Plain(m.Sign.Message))
	r, ok := words.Decides(placement.Taint, placement.Cordon, placement.Selector)
	if !ok || r.Kind != placement.Ports {
		return
	}
	f := diagnose.Finding{Variant: "unscheduled", Blame: p.Workload(), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
	var best claim
	var holders []*corev1.Pod
	mine := claims(p.Pod)
	for _, c := range mine {
		if found := holdersOf(p, c); len(found) > len(holders) || best.port == 0 && len(mine) == 1 {
			best, holders = c, found
		}
	}
	if best.port == 0 {
		p.Report(f)
		return
	}
	value := strconv.Itoa(int(best.port))
	f.Args["port"], f.Args["patch"] = value, without(p, best)
	f.Evidence = append(f.Evidence, p.Cite(best.path, value))
	nameHolders(p, &f, holders, value)
	p.Report(f)
}

// holdersOf are the Pods on any node that have a port.
func holdersOf(p *diagnose.Pass, c claim) []*corev1.Pod {
	return slices.DeleteFunc(cluster.Objects[corev1.Pod](p.Snapshot), func(o *corev1.Pod) bool {
		if o.Spec.NodeName == "" {
			return true
		}
		has, _ := holder([]*corev1.Pod{o}, c)
		return has == nil
	})
}

// nameHolders names those who have the port, and whether they are of the Pod's own workload.
func nameHolders(p *diagnose.Pass, f *diagnose.Finding, holders []*corev1.Pod, port string) {
	var names, nodes []string
	own, older := len(holders) > 0, false
	for _, o := range holders {
		w := p.WorkloadOf(o)
		own = own && w == p.Workload()
		const hash = "pod-template-hash"
		older = older || w == p.Workload() && o.Labels[hash] != p.Pod.Labels[hash]
		nodes = append(nodes, o.Spec.NodeName)
		name := w.Kind + " " + w.Name
		if w.Namespace != p.Pod.Namespace {
			name = w.String()
		}
		if len(names) == 0 {
			f.Args["holder"] = name
		}
		if len(names) < 3 {
			at := o.Spec.NodeName
			if w.Kind != "Pod" {
				at = "Pod " + o.Name + ", " + at
			}
			names = append(names, name+" ("+at+")")
			_, theirs := holder([]*corev1.Pod{o}, claimOf(p, f.Args["port"]))
			f.Evidence = append(f.Evidence, diagnose.Cite(cluster.RefOf(o), theirs.path, port))
		}
	}
	f.Args["holders"] = strings.Join(names, ", ")
	slices.Sort(nodes)
	f.Args["domains"] = strconv.Itoa(len(slices.Compact(nodes)))
	switch {
	case own && older && p.Workload().Kind == "Deployment":
		f.Variant = "rollout"
	case own:
		f.Variant = "own"
	}
}

// claimOf is the Pod's claim of a port.
func claimOf(p *diagnose.Pass, port string) claim {
	for _, c := range claims(p.Pod) {
		if strconv.Itoa(int(c.port)) == port {
			return c
		}
	}
	return claim{}
}

// without makes the patch that takes the port out of the template: of a Pod with hostNetwork every port is one.
func without(p *diagnose.Pass, c claim) string {
	if p.Pod.Spec.HostNetwork {
		edits := []diagnose.Edit{{Op: "remove", Path: "/spec/hostNetwork"}}
		for _, c := range claims(p.Pod) { // set where the API server has set it, too
			path := fmt.Sprintf("/spec/containers/%d/ports/%d/hostPort", c.at[0], c.at[1])
			edits = append(edits, diagnose.Edit{Op: "add", Path: path, Value: 0},
				diagnose.Edit{Op: "remove", Path: path})
		}
		return p.Patch(edits...)
	}
	return p.Patch(
		diagnose.Edit{Op: "test", Path: fmt.Sprintf("/spec/containers/%d/name", c.at[0]),
			Value: p.Pod.Spec.Containers[c.at[0]].Name},
		diagnose.Edit{Op: "remove", Path: fmt.Sprintf("/spec/containers/%d/ports/%d/hostPort", c.at[0], c.at[1])})
}
