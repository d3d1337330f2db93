package podunschedulable

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/placement"
	corev1 "k8s.io/api/core/v1"
)

// selector names what the Pod requires of its node and no node has. Where not all nodes are known it says what is
// required, and not that no node has it; unless it is one thing, and all nodes were refused for it.
func (l *look) selector() {
	if len(l.require) == 0 {
		return
	}
	unmet, together := l.require[0], len(l.require[0]) > 1
	if l.all {
		unmet, together = placement.Unmet(l.require, l.nodes)
	}
	l.f.Args["selector"] = placement.Texts(unmet)
	for i := range unmet {
		l.cite(l.p.TemplatePath(strings.TrimPrefix(unmet[i].Path, "spec.")), unmet[i].Value)
	}
	switch one := len(l.require) == 1 && len(l.require[0]) == 1; {
	case !l.all && !(one && l.words.Nodes > 0 && l.words.Of(placement.Selector) == l.words.Nodes):
		l.f.Variant = "selector-unread"
	default:
		l.f.Variant = "selector"
		if !together {
			l.values(unmet)
		}
	}
	if len(l.require) > 1 {
		l.f.Args["selector"] = placement.AnyOf(l.require)
	}
	l.unselect(unmet)
}

// values says what the nodes have in place of what is required, and which of them could be given the label.
func (l *look) values(unmet []placement.Requirement) {
	if !l.all || len(unmet) != 1 {
		return
	}
	key := unmet[0].Key
	l.meant(&unmet[0])
	const most = 5
	if have := placement.Values(key, l.nodes); len(have) > most {
		l.f.Args["values"] = strings.Join(have[:most], ", ") + ", ..."
	} else {
		l.f.Args["values"] = strings.Join(have, ", ")
	}
	l.f.Args["key"] = key
	free := func(n *corev1.Node) bool { return len(placement.Untolerated(n, l.p.Pod.Spec.Tolerations)) == 0 }
	if label, ok := l.p.Pod.Spec.NodeSelector[key]; ok && !reserved(key) {
		if i := slices.IndexFunc(l.nodes, free); i >= 0 {
			l.f.Args["label"], l.f.Args["node"] = key+"="+label, l.nodes[i].Name
		}
	}
}

// meant finds a label that a node has and that is nearly the one that the Pod's nodeSelector names.
func (l *look) meant(r *placement.Requirement) {
	want, ok := l.p.Pod.Spec.NodeSelector[r.Key]
	if !ok || r.Path != "spec.nodeSelector."+r.Key {
		return
	}
	var has []string
	for _, n := range l.nodes {
		for k, v := range n.Labels {
			if k == r.Key || v == want {
				has = append(has, k+"="+v)
			}
		}
	}
	slices.Sort(has)
	l.f.Args["meant"] = match.Near(r.Key+"="+want, slices.Compact(has))
}

// reserved reports whether a label is the kubelet's or the cloud's to set: another value would be a lie.
func reserved(key string) bool {
	domain, _, _ := strings.Cut(key, "/")
	return strings.HasSuffix(domain, "kubernetes.io") && !strings.HasPrefix(domain, "node-restriction.")
}

// unselect takes what no node has out of the template, and finds a revision without it. What is not in the template was
// put into the Pod by something else.
func (l *look) unselect(unmet []placement.Requirement) {
	template := l.p.Template()
	var edits []diagnose.Edit
	spec := &l.p.Pod.Spec
	for _, r := range unmet {
		if _, ok := spec.NodeSelector[r.Key]; ok && strings.HasPrefix(r.Path, "spec.nodeSelector.") {
			if _, there := selectorOf(template)[r.Key]; template != nil && !there {
				l.f.Args["injected"] = r.Text
				continue
			}
			edits = append(edits, diagnose.Edit{Op: "remove", Path: diagnose.Pointer("spec", "nodeSelector", r.Key)})
			if key, value, ok := strings.Cut(l.f.Args["meant"], "="); ok {
				edits = append(edits, diagnose.Edit{Op: "add", Path: diagnose.Pointer("spec", "nodeSelector", key),
					Value: value})
			}
		}
	}
	byAffinity := func(r placement.Requirement) bool { return strings.HasPrefix(r.Path, "spec.affinity.") }
	if slices.ContainsFunc(unmet, byAffinity) {
		edits = append(edits, diagnose.Edit{Op: "remove", Path: diagnose.Pointer("spec", "affinity", "nodeAffinity",
			"requiredDuringSchedulingIgnoredDuringExecution")})
	}
	if edits == nil {
		return
	}
	if l.f.Args["unmet"] = l.f.Args["selector"]; l.f.Args["meant"] != "" {
		l.f.Args["unmet"], l.f.Args["wrong"] = "", l.f.Args["selector"]
	}
	l.patch(edits...)
}

func selectorOf(t *corev1.PodTemplateSpec) map[string]string {
	if t == nil {
		return nil
	}
	return t.Spec.NodeSelector
}
