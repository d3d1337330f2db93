package placement

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Untolerated are the taints of a node that keep a Pod off it.
func Untolerated(n *corev1.Node, tolerations []corev1.Toleration) []corev1.Taint {
	var out []corev1.Taint
	for _, t := range n.Spec.Taints {
		if t.Effect != corev1.TaintEffectPreferNoSchedule && !tolerates(tolerations, &t) {
			out = append(out, t)
		}
	}
	return out
}

func tolerates(tolerations []corev1.Toleration, t *corev1.Taint) bool {
	return slices.ContainsFunc(tolerations, func(o corev1.Toleration) bool {
		switch {
		case o.Effect != "" && o.Effect != t.Effect, o.Key != "" && o.Key != t.Key:
			return false
		case o.Operator == corev1.TolerationOpExists:
			return true
		case o.Operator == "" || o.Operator == corev1.TolerationOpEqual:
			return o.Key == t.Key && o.Value == t.Value
		}
		return o.Key == t.Key && compares(string(o.Operator), t.Value, o.Value)
	})
}

// TaintText is a taint as kubectl takes it: key=value:Effect.
func TaintText(t *corev1.Taint) string {
	if t.Value == "" {
		return fmt.Sprintf("%s:%s", t.Key, t.Effect)
	}
	return fmt.Sprintf("%s=%s:%s", t.Key, t.Value, t.Effect)
}

// A Requirement is one thing that a Pod requires of the labels of its node.
type Requirement struct {
	Key   string
	Text  string // disktype=ssd, zone in (a, b)
	Path  string // the field that requires it
	Value string // and what it holds
	meet  func(*corev1.Node) bool
}

// Met reports whether a node has what is required.
func (r *Requirement) Met(n *corev1.Node) bool { return r.meet(n) }

// Required is what a Pod requires of its node: all of one of the alternatives.
func Required(spec *corev1.PodSpec) (alternatives [][]Requirement) {
	var all []Requirement
	for _, key := range slices.Sorted(maps.Keys(spec.NodeSelector)) {
		want := spec.NodeSelector[key]
		all = append(all, Requirement{key, key + "=" + want, "spec.nodeSelector." + key, want,
			func(n *corev1.Node) bool { got, ok := n.Labels[key]; return ok && got == want }})
	}
	const path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"
	if spec.Affinity != nil && spec.Affinity.NodeAffinity != nil {
		if r := spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution; r != nil {
			for i, term := range r.NodeSelectorTerms {
				alternatives = append(alternatives, append(slices.Clone(all), ofTerm(&term,
					fmt.Sprintf("%s[%d]", path, i))...))
			}
		}
	}
	if alternatives == nil && all != nil {
		alternatives = [][]Requirement{all}
	}
	return alternatives
}

// OfVolume is what a volume requires of the node that it is used on.
func OfVolume(pv *corev1.PersistentVolume) (alternatives [][]Requirement) {
	if pv.Spec.NodeAffinity == nil || pv.Spec.NodeAffinity.Required == nil {
		return nil
	}
	for i, term := range pv.Spec.NodeAffinity.Required.NodeSelectorTerms {
		path := fmt.Sprintf("spec.nodeAffinity.required.nodeSelectorTerms[%d]", i)
		alternatives = append(alternatives, ofTerm(&term, path))
	}
	return alternatives
}

// ofTerm is what one term of a node selector requires. One that is empty fits no node.
func ofTerm(term *corev1.NodeSelectorTerm, path string) []Requirement {
	var out []Requirement
	for i, e := range term.MatchExpressions {
		at, text := fmt.Sprintf("%s.matchExpressions[%d]", path, i), expression(&e)
		out = append(out, Requirement{e.Key, text, at, text,
			func(n *corev1.Node) bool { got, ok := n.Labels[e.Key]; return holds(&e, got, ok) }})
	}
	for i, e := range term.MatchFields { // metadata.name is the only one
		at, text := fmt.Sprintf("%s.matchFields[%d]", path, i), expression(&e)
		out = append(out, Requirement{e.Key, text, at, text,
			func(n *corev1.Node) bool { return e.Key == "metadata.name" && holds(&e, n.Name, true) }})
	}
	if out == nil {
		return []Requirement{{"", "{}", path, "{}", func(*corev1.Node) bool { return false }}}
	}
	return out
}

func holds(e *corev1.NodeSelectorRequirement, got string, has bool) bool {
	switch e.Operator {
	case corev1.NodeSelectorOpIn:
		return has && slices.Contains(e.Values, got)
	case corev1.NodeSelectorOpNotIn:
		return !has || !slices.Contains(e.Values, got)
	case corev1.NodeSelectorOpExists:
		return has
	case corev1.NodeSelectorOpDoesNotExist:
		return !has
	}
	return has && len(e.Values) == 1 && compares(string(e.Operator), got, e.Values[0])
}

// compares reports whether one whole number is greater or less than another.
func compares(operator, got, than string) bool {
	a, err := strconv.ParseInt(got, 10, 64)
	b, other := strconv.ParseInt(than, 10, 64)
	return err == nil && other == nil && (operator == "Gt" && a > b || operator == "Lt" && a < b)
}

// expression is a requirement as kubectl --selector has it.
func expression(e *corev1.NodeSelectorRequirement) string {
	values := strings.Join(e.Values, ", ")
	switch e.Operator {
	case corev1.NodeSelectorOpIn:
		if len(e.Values) == 1 {
			return e.Key + "=" + values
		}
		return e.Key + " in (" + values + ")"
	case corev1.NodeSelectorOpNotIn:
		if len(e.Values) == 1 {
			return e.Key + "!=" + values
		}
		return e.Key + " notin (" + values + ")"
	case corev1.NodeSelectorOpExists:
		return e.Key
	case corev1.NodeSelectorOpDoesNotExist:
		return "!" + e.Key
	case corev1.NodeSelectorOpGt:
		return e.Key + ">" + values
	}
	return e.Key + "<" + values
}

// Allows reports whether a node has all that one of the alternatives requires.
func Allows(alternatives [][]Requirement, n *corev1.Node) bool {
	return len(alternatives) == 0 || slices.ContainsFunc(alternatives, func(all []Requirement) bool {
		return !slices.ContainsFunc(all, func(r Requirement) bool { return !r.Met(n) })
	})
}

// Allowed are the nodes that have all that one of the alternatives requires.
func Allowed(alternatives [][]Requirement, nodes []*corev1.Node) []*corev1.Node {
	return slices.DeleteFunc(slices.Clone(nodes), func(n *corev1.Node) bool { return !Allows(alternatives, n) })
}

// Unmet are the requirements of the first alternative that none of the nodes meets, or all of them where each is met by
// a node, and no node meets them together.
func Unmet(alternatives [][]Requirement, nodes []*corev1.Node) (unmet []Requirement, together bool) {
	if len(alternatives) == 0 {
		return nil, false
	}
	for _, r := range alternatives[0] {
		if !slices.ContainsFunc(nodes, r.Met) {
			unmet = append(unmet, r)
		}
	}
	if unmet == nil {
		return alternatives[0], true
	}
	return unmet, false
}

// Texts joins requirements: all of them have to be met.
func Texts(all []Requirement) string {
	var out []string
	for _, r := range all {
		if !slices.Contains(out, r.Text) {
			out = append(out, r.Text)
		}
	}
	return strings.Join(out, ", ")
}

// AnyOf joins alternatives: one of them has to be met.
func AnyOf(alternatives [][]Requirement) string {
	var out []string
	for _, all := range alternatives {
		out = append(out, Texts(all))
	}
	return strings.Join(out, " | ")
}

// Values are the values that the nodes have of a label, the most frequent first.
func Values(key string, nodes []*corev1.Node) []string {
	count := map[string]int{}
	for _, n := range nodes {
		if v, ok := n.Labels[key]; ok {
			count[v]++
		}
	}
	return slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(count[b]-count[a], strings.Compare(a, b))
	})
}
