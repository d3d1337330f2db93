package podunschedulable

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/placement"
	corev1 "k8s.io/api/core/v1"
)

// Which Pods have to be, or must not be, beside this one.

const antiAffinity = "/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution"

func (l *look) namespaces() placement.Namespaces {
	out := placement.Namespaces{}
	for _, n := range cluster.Objects[corev1.Namespace](l.p.Snapshot) {
		out[n.Name] = n.Labels
	}
	return out
}

// within are the Pods on all nodes that have the same value of a label as this one.
func (l *look) within(n *corev1.Node, key string) []*corev1.Pod {
	if l.domains[key] == nil {
		of := map[string][]*corev1.Node{}
		for _, o := range l.nodes {
			if v, ok := o.Labels[key]; ok {
				of[v] = append(of[v], o)
			}
		}
		l.domains[key] = of
	}
	var out []*corev1.Pod
	for _, o := range l.domains[key][n.Labels[key]] {
		out = append(out, l.p.PodsOn(o.Name)...)
	}
	return out
}

// podsAround are the Pods that share a value of a label with a node which the Pod may use, each once; all that have a
// node where none is known.
func (l *look) podsAround(key string) []*corev1.Pod {
	if len(l.nodes) == 0 {
		return slices.DeleteFunc(cluster.Objects[corev1.Pod](l.p.Snapshot), func(o *corev1.Pod) bool {
			return o.Spec.NodeName == ""
		})
	}
	var out []*corev1.Pod
	seen := map[string]bool{}
	for _, n := range l.open() {
		if v := n.Labels[key]; !seen[v] {
			seen[v] = true
			out = append(out, l.within(n, key)...)
		}
	}
	return out
}

// antiAffinity names the Pods that the Pod does not want beside it, and that are on the nodes which it may use.
func (l *look) antiAffinity() {
	terms, known := placement.RequiredAntiAffinity(&l.p.Pod.Spec), l.namespaces()
	if len(terms) == 0 {
		return
	}
	at, blockers := 0, []*corev1.Pod(nil)
	for i := range terms {
		var found []*corev1.Pod
		for _, o := range l.podsAround(terms[i].TopologyKey) {
			if !placement.Over(o) && placement.Selects(l.p.Pod, &terms[i], o, known) {
				found = append(found, o)
			}
		}
		if len(found) > len(blockers) {
			at, blockers = i, found
		}
	}
	term := &terms[at]
	l.f.Args["selector"], l.f.Args["topology"] = placement.SelectorText(term.LabelSelector), term.TopologyKey
	l.cite("spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution["+strconv.Itoa(at)+"]",
		l.f.Args["selector"])
	l.f.Variant = "anti-affinity"
	if len(blockers) > 0 {
		l.blocked(blockers, term.TopologyKey)
	}
	l.patch(l.edit(term, at, len(terms))...)
}

// edit takes the term out; where it keeps the Pods of one workload apart, it becomes a wish.
func (l *look) edit(term *corev1.PodAffinityTerm, at, of int) []diagnose.Edit {
	remove := diagnose.Edit{Op: "remove", Path: antiAffinity}
	if of > 1 {
		remove.Path += "/" + strconv.Itoa(at)
	}
	if !placement.Selects(l.p.Pod, term, l.p.Pod, l.namespaces()) {
		return []diagnose.Edit{remove}
	}
	const path = "/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution"
	wishes := slices.Clone(l.p.Pod.Spec.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution)
	wishes = append(wishes, corev1.WeightedPodAffinityTerm{Weight: 100, PodAffinityTerm: *term})
	return []diagnose.Edit{remove, {Op: "add", Path: path, Value: wishes}}
}

// blocked names one of the Pods in the way for each of their workloads.
func (l *look) blocked(blockers []*corev1.Pod, topology string) {
	var workloads []cluster.Ref
	var names []string
	own, older := true, false
	for _, o := range blockers {
		w := l.p.WorkloadOf(o)
		own, older = own && w == l.p.Workload(), older || l.older(o)
		if slices.Contains(workloads, w) {
			continue
		}
		workloads = append(workloads, w)
		if len(names) < 3 {
			at := o.Spec.NodeName
			if w.Kind != "Pod" {
				at = "Pod " + o.Name + ", " + at
			}
			names = append(names, l.name(w)+" ("+at+")")
			l.citeOf("Pod", o.Namespace, o.Name, "spec.nodeName", o.Spec.NodeName)
		}
	}
	l.f.Args["blockers"], l.f.Args["blocker"] = strings.Join(names, ", "), l.name(workloads[0])
	if len(l.nodes) > 0 {
		l.f.Args["domains"] = strconv.Itoa(len(l.domainsOf(topology)))
	}
	switch {
	case own && older && l.p.Workload().Kind == "Deployment":
		l.f.Variant = "anti-affinity-rollout"
	case own:
		l.f.Variant = "anti-affinity-self"
	}
}

// domainsOf are the values that the nodes which the Pod may use have of a label.
func (l *look) domainsOf(key string) map[string]bool {
	out := map[string]bool{}
	for _, n := range l.open() {
		if v, ok := n.Labels[key]; ok {
			out[v] = true
		}
	}
	return out
}

// A refusal is a rule of another Pod that this one must not be beside it.
type refusal struct {
	by   *corev1.Pod
	rule int
	term corev1.PodAffinityTerm
	at   string // the value of the label within which it holds
}

// refusals are the rules against the Pod of those that have a node.
func (l *look) refusals() (out []refusal) {
	known := l.namespaces()
	for _, n := range l.nodes {
		for _, o := range l.p.PodsOn(n.Name) {
			for i, t := range placement.RequiredAntiAffinity(&o.Spec) {
				if !placement.Over(o) && placement.Selects(o, &t, l.p.Pod, known) {
					out = append(out, refusal{o, i, t, n.Labels[t.TopologyKey]})
				}
			}
		}
	}
	return out
}

// refusedByOthers names the Pods that do not want this one beside them.
func (l *look) refusedByOthers() {
	l.f.Variant = "refused"
	all := l.refusals()
	for _, n := range l.open() {
		at := slices.IndexFunc(all, func(r refusal) bool { return r.at == n.Labels[r.term.TopologyKey] })
		if at < 0 {
			continue
		}
		o, term := all[at].by, &all[at].term
		w := l.p.WorkloadOf(o)
		l.f.Blame = w
		l.f.Args["blocker"], l.f.Args["blockerpod"] = l.name(w), o.Name
		l.f.Args["other"], l.f.Args["othernamespace"] = w.TypeName(), w.Namespace
		l.f.Args["selector"], l.f.Args["topology"] = placement.SelectorText(term.LabelSelector), term.TopologyKey
		l.allow(o, all[at].rule)
		l.citeOf("Pod", o.Namespace, o.Name, fmt.Sprintf("spec.affinity.podAntiAffinity."+
			"requiredDuringSchedulingIgnoredDuringExecution[%d]", all[at].rule), l.f.Args["selector"])
		return
	}
}

// allow makes the patch that takes a rule out of the template of another workload, where that can be done in place.
func (l *look) allow(o *corev1.Pod, at int) {
	edit := diagnose.Edit{Op: "remove", Path: antiAffinity + "/" + strconv.Itoa(at)}
	if slices.Contains([]string{"Deployment", "StatefulSet", "DaemonSet"}, l.f.Blame.Kind) {
		l.f.Args["otherpatch"] = l.p.PatchOf(o, edit)
	} else {
		l.f.Args["other"], l.f.Args["rule"] = "", l.f.Args["other"]
	}
}

// affinity names the Pods that the Pod wants beside it, and where they are.
func (l *look) affinity() {
	terms, known := placement.RequiredAffinity(&l.p.Pod.Spec), l.namespaces()
	for i := range terms {
		var on []string
		wanted := func(o *corev1.Pod) bool {
			return !placement.Over(o) && placement.Selects(l.p.Pod, &terms[i], o, known)
		}
		for _, n := range l.nodes {
			for _, o := range l.p.PodsOn(n.Name) {
				if wanted(o) {
					on = append(on, n.Name)
				}
			}
		}
		near := len(l.nodes) > 0 && slices.ContainsFunc(l.podsAround(terms[i].TopologyKey), wanted)
		if near && i+1 < len(terms) {
			continue
		}
		selector := placement.SelectorText(terms[i].LabelSelector)
		l.f.Args["selector"], l.f.Args["topology"] = selector, terms[i].TopologyKey
		l.f.Variant, l.f.Args["nodes"] = "affinity", diagnose.Names(on)
		l.cite(fmt.Sprintf("spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[%d]", i),
			l.f.Args["selector"])
		const path = "/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution"
		edit := diagnose.Edit{Op: "remove", Path: path}
		if len(terms) > 1 {
			edit.Path += "/" + strconv.Itoa(i)
		}
		if spaces := l.elsewhere(&terms[i]); len(on) == 0 && len(spaces) > 0 {
			l.f.Variant, l.f.Args["spaces"] = "affinity-namespace", strings.Join(terms[i].Namespaces, ", ")
			l.f.Args["nodes"], l.f.Args["inspace"] = "", spaces[0]
			edit = diagnose.Edit{Op: "replace", Path: path + "/" + strconv.Itoa(i) + "/namespaces", Value: spaces[:1]}
		}
		l.patch(edit)
		return
	}
}

// elsewhere are the namespaces that have Pods such as a term wants, where it names others; that of the Pod alone if it
// is one of them.
func (l *look) elsewhere(term *corev1.PodAffinityTerm) []string {
	if len(term.Namespaces) == 0 || term.NamespaceSelector != nil {
		return nil
	}
	var out []string
	for _, o := range cluster.Objects[corev1.Pod](l.p.Snapshot) {
		in := *term
		in.Namespaces = []string{o.Namespace}
		if o.Spec.NodeName == "" || placement.Over(o) || !placement.Selects(l.p.Pod, &in, o, nil) {
			continue
		}
		if o.Namespace == l.p.Pod.Namespace {
			return []string{o.Namespace}
		}
		if !slices.Contains(out, o.Namespace) {
			out = append(out, o.Namespace)
		}
	}
	if len(out) > 1 {
		return nil
	}
	return out
}

// spread names the constraint that no node meets, and how the Pods are spread now.
func (l *look) spread() {
	for i := range l.p.Pod.Spec.TopologySpreadConstraints {
		c := &l.p.Pod.Spec.TopologySpreadConstraints[i]
		if c.WhenUnsatisfiable == corev1.ScheduleAnyway {
			continue
		}
		domains := placement.Domains(l.p.Pod, c, l.nodes, l.p.PodsOn)
		var counts []string
		full := len(domains) > 0 || len(l.nodes) == 0
		least, usable := "", l.domainsOf(c.TopologyKey)
		for _, d := range domains {
			counts = append(counts, fmt.Sprintf("%s: %d", d.Value, len(d.Pods)))
			fits := !placement.Full(d, domains, c)
			full = full && !(fits && usable[d.Value])
			if fits && least == "" {
				least = d.Value
			}
		}
		if !full && i+1 < len(l.p.Pod.Spec.TopologySpreadConstraints) {
			continue
		}
		l.f.Args["topology"], l.f.Args["skew"] = c.TopologyKey, strconv.Itoa(int(c.MaxSkew))
		l.f.Args["selector"] = placement.SelectorText(c.LabelSelector)
		l.f.Args["domains"], l.f.Args["least"] = strings.Join(counts, ", "), least
		l.cite(fmt.Sprintf("spec.topologySpreadConstraints[%d]", i), c.TopologyKey)
		l.f.Variant = "spread"
		if len(domains) == 0 && l.all {
			l.f.Variant = "spread-label"
		}
		path := fmt.Sprintf("/spec/topologySpreadConstraints/%d/whenUnsatisfiable", i)
		l.patch(diagnose.Edit{Op: "replace", Path: path, Value: string(corev1.ScheduleAnyway)})
		return
	}
}
