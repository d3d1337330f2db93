// Package gangincomplete finds Pods that are to start together with others which are not there, or have no room.
package gangincomplete

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find joins what the scheduler says with the group of the Pod. Of a Pod whose group is not complete it says nothing at
// all: then that the Pod is of one is what is known.
func Find(p *diagnose.Pass) {
	group := groupOf(p.Pod)
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["appear"] != "":
			f.Variant = "missing"
			delete(m.Args, "appear")
		case m.Args["least"] != "":
			f.Variant = "room"
		case m.Args["placements"] != "":
			f.Variant = "placements"
			m.Args["says"] = strings.TrimRight(m.Args["says"], ". ")
		case m.Args["volcano"] != "":
			f.Variant = tasks(m.Args)
		case m.Args["coscheduling"] != "":
			f.Variant = "coscheduling"
		default:
			count(p, group, m.Args)
		}
		if m.Args["volcano"] != "" || f.Variant == "coscheduling" {
			foreign(p, &f)
		} else if group != "" {
			m.Args["podgroup"] = group
			f.Evidence = append(f.Evidence, cite(p, group))
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
	if group == "" || !p.Silent || p.Stage != pod.StageSchedule || len(p.Pod.Spec.SchedulingGates) > 0 {
		return
	}
	args := map[string]string{"podgroup": group}
	count(p, group, args)
	p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args, Certainty: diagnose.Likely,
		Evidence: []cluster.Sign{cite(p, group), p.Stall()}})
}

// foreign is of a group that another scheduler than that of Kubernetes knows: Volcano, or scheduler-plugins.
func foreign(p *diagnose.Pass, f *diagnose.Finding) {
	f.Args["says"] = strings.TrimRight(f.Args["volcano"]+f.Args["coscheduling"], ".,; ")
	delete(f.Args, "volcano")
	delete(f.Args, "coscheduling")
	of, labels := p.Pod.Annotations["scheduling.k8s.io/group-name"], p.Pod.Labels
	for _, mark := range []struct{ path, group string }{
		{"metadata.annotations[scheduling.k8s.io/group-name]", of},
		{"metadata.labels[scheduling.x-k8s.io/pod-group]", labels["scheduling.x-k8s.io/pod-group"]},
		{"metadata.labels[pod-group.scheduling.sigs.k8s.io/name]", labels["pod-group.scheduling.sigs.k8s.io/name"]},
		{"metadata.labels[pod-group.scheduling.sigs.k8s.io]", labels["pod-group.scheduling.sigs.k8s.io"]},
	} {
		if mark.group != "" {
			f.Args["podgroup"] = mark.group
			f.Evidence = append(f.Evidence, p.Cite(mark.path, mark.group))
			return
		}
	}
}

func cite(p *diagnose.Pass, group string) cluster.Sign {
	return p.Cite("spec.schedulingGroup.podGroupName", group)
}

// groupOf is the PodGroup that a Pod is of; "" where it is of none.
func groupOf(o *corev1.Pod) string {
	if g := o.Spec.SchedulingGroup; g != nil && g.PodGroupName != nil {
		return *g.PodGroupName
	}
	return ""
}

// count says how many Pods of the group are there, and how many of these have a node.
func count(p *diagnose.Pass, group string, args map[string]string) {
	all, placed := 0, 0
	for _, o := range cluster.Objects[corev1.Pod](p.Snapshot) {
		if o.Namespace != p.Pod.Namespace || groupOf(o) != group || o.DeletionTimestamp != nil {
			continue
		}
		all++
		if o.Spec.NodeName != "" {
			placed++
		}
	}
	args["pods"], args["placed"] = strconv.Itoa(all), strconv.Itoa(placed)
}
