package placement

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Namespaces are the labels of the namespaces that are known, by name.
type Namespaces map[string]map[string]string

// Selects reports whether a term of a Pod's affinity or anti-affinity is about another Pod.
func Selects(owner *corev1.Pod, term *corev1.PodAffinityTerm, o *corev1.Pod, known Namespaces) bool {
	in := slices.Contains(term.Namespaces, o.Namespace)
	if term.NamespaceSelector != nil {
		s, err := metav1.LabelSelectorAsSelector(term.NamespaceSelector)
		ls, there := known[o.Namespace]
		in = in || err == nil && (s.Empty() || there && s.Matches(labels.Set(ls)))
	} else if len(term.Namespaces) == 0 {
		in = o.Namespace == owner.Namespace
	}
	return in && selects(term.LabelSelector, o)
}

// selects reports whether a selector is about a Pod; none at all is about no Pod.
func selects(s *metav1.LabelSelector, o *corev1.Pod) bool {
	if s == nil {
		return false
	}
	by, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && by.Matches(labels.Set(o.Labels))
}

// AntiAffinity terms and affinity terms that a Pod requires.
func required(spec *corev1.PodSpec, anti bool) []corev1.PodAffinityTerm {
	switch a := spec.Affinity; {
	case a == nil:
	case anti && a.PodAntiAffinity != nil:
		return a.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	case !anti && a.PodAffinity != nil:
		return a.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	}
	return nil
}

// RequiredAffinity are the terms of the Pods that a Pod requires beside it.
func RequiredAffinity(spec *corev1.PodSpec) []corev1.PodAffinityTerm { return required(spec, false) }

// RequiredAntiAffinity are the terms of the Pods that a Pod refuses beside it.
func RequiredAntiAffinity(spec *corev1.PodSpec) []corev1.PodAffinityTerm { return required(spec, true) }

// SelectorText is a selector as kubectl --selector has it.
func SelectorText(s *metav1.LabelSelector) string {
	if s == nil {
		return ""
	}
	var out []string
	for _, key := range slices.Sorted(maps.Keys(s.MatchLabels)) {
		out = append(out, key+"="+s.MatchLabels[key])
	}
	for _, e := range s.MatchExpressions {
		out = append(out, expression(&corev1.NodeSelectorRequirement{Key: e.Key,
			Operator: corev1.NodeSelectorOperator(e.Operator), Values: e.Values}))
	}
	if out == nil {
		return "*"
	}
	return strings.Join(out, ",")
}

// A Domain is all nodes with one value of a label, and the Pods there that a spread constraint counts.
type Domain struct {
	Value string
	Pods  []*corev1.Pod
}

// Domains are those that a spread constraint of a Pod counts in, in the order of the nodes; without those that the
// Pod's own requirements rule out, unless the constraint says otherwise.
func Domains(p *corev1.Pod, c *corev1.TopologySpreadConstraint, nodes []*corev1.Node, on func(string) []*corev1.Pod,
) []Domain {
	var out []Domain
	at := map[string]int{}
	require := Required(&p.Spec)
	for _, n := range nodes {
		value, ok := n.Labels[c.TopologyKey]
		ignore := c.NodeAffinityPolicy != nil && *c.NodeAffinityPolicy == corev1.NodeInclusionPolicyIgnore
		honor := c.NodeTaintsPolicy != nil && *c.NodeTaintsPolicy == corev1.NodeInclusionPolicyHonor
		if !ok || !ignore && !Allows(require, n) || honor && len(Untolerated(n, p.Spec.Tolerations)) > 0 {
			continue
		}
		i, known := at[value]
		if !known {
			i, at[value] = len(out), len(out)
			out = append(out, Domain{Value: value})
		}
		for _, o := range on(n.Name) {
			if o.Namespace == p.Namespace && o.DeletionTimestamp == nil && !Over(o) && selects(c.LabelSelector, o) {
				out[i].Pods = append(out[i].Pods, o)
			}
		}
	}
	return out
}

// Full reports whether one more Pod in a domain would make it hold more than the constraint lets it beside the others.
func Full(d Domain, all []Domain, c *corev1.TopologySpreadConstraint) bool {
	least := len(d.Pods)
	for _, o := range all {
		least = min(least, len(o.Pods))
	}
	if c.MinDomains != nil && len(all) < int(*c.MinDomains) {
		least = 0
	}
	return len(d.Pods)+1-least > int(c.MaxSkew)
}
