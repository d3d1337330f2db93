package podunschedulable

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/placement"
	corev1 "k8s.io/api/core/v1"
)

// keeper is a taint with the nodes that have it.
type keeper struct {
	taint corev1.Taint
	nodes []*corev1.Node
}

const controlPlane = "node-role.kubernetes.io/control-plane"

// taints names the taint that keeps the Pod off most of the nodes that it may use. Of ill and cordoned nodes and those
// of the control plane, the first count before and the last after all others.
func (l *look) taints() {
	nodes := l.able
	if len(nodes) == 0 {
		nodes = l.nodes
	}
	var kept []keeper
	for _, n := range nodes {
		// one that is cordoned is told as that, whatever else it has
		for _, t := range placement.Untolerated(n, l.p.Pod.Spec.Tolerations) {
			same := func(k keeper) bool { return k.taint.MatchTaint(&t) && k.taint.Value == t.Value }
			i := slices.IndexFunc(kept, same)
			if i < 0 {
				i = len(kept)
				kept = append(kept, keeper{taint: t})
			}
			kept[i].nodes = append(kept[i].nodes, n)
		}
	}
	if len(kept) == 0 {
		l.meaning(l.taintsSaid())
		return
	}
	slices.SortStableFunc(kept, func(a, b keeper) int {
		return cmp.Or(weight(b.taint.Key)-weight(a.taint.Key), len(b.nodes)-len(a.nodes))
	})
	of := len(nodes)
	if !l.all { // how many of the others have it is not known
		of = max(of, l.words.Nodes)
	}
	l.kept(kept, of)
}

// weight puts the taints of ill nodes first, then a cordon, and those of the control plane last.
func weight(key string) int {
	switch {
	case key == controlPlane || key == "node-role.kubernetes.io/master":
		return 0
	case key == corev1.TaintNodeUnschedulable:
		return 2
	case strings.HasPrefix(key, "node.kubernetes.io/"):
		return 3
	}
	return 1
}

// kept tells of the first of the taints; the others are named beside it.
func (l *look) kept(kept []keeper, of int) {
	k := kept[0]
	taint := k.taint
	text := placement.TaintText(&taint)
	var names, others []string
	for _, n := range k.nodes {
		names = append(names, n.Name)
		i := slices.IndexFunc(n.Spec.Taints, func(t corev1.Taint) bool { return t.MatchTaint(&taint) })
		if len(names) <= 3 {
			l.citeOf("Node", "", n.Name, fmt.Sprintf("spec.taints[%d]", i), text)
		}
	}
	for _, o := range kept[1:] {
		others = append(others, fmt.Sprintf("%s (%s)", placement.TaintText(&o.taint), nodeNames(o.nodes)))
	}
	l.f.Args["taint"], l.f.Args["nodes"] = text, diagnose.Names(names)
	l.f.Args["tainted"], l.f.Args["usable"] = strconv.Itoa(len(names)), strconv.Itoa(of)
	l.f.Args["others"] = strings.Join(others, "; ")
	l.f.Args["node"] = names[0]
	l.f.Blame = cluster.Ref{Kind: "Node", Name: names[0]}
	l.since(k.nodes[0], &taint)
	switch {
	case taint.Key == corev1.TaintNodeUnschedulable:
		l.f.Variant = "cordoned"
	case weight(taint.Key) == 3:
		l.f.Variant = "node-ill"
		l.ill(k.nodes[0], taint.Key)
	default:
		l.f.Variant = "taint"
		if l.all && len(l.able) < len(l.nodes) {
			// the Pod is meant for these nodes
			l.f.Variant, l.f.Blame = "toleration", l.p.Workload()
			l.f.Args["selector"] = placement.AnyOf(l.require)
		}
		l.tolerate(&taint)
	}
}

// since says when a taint was set, and by whom.
func (l *look) since(n *corev1.Node, taint *corev1.Taint) {
	var at time.Time
	field := "f:taints"
	if taint.Key == corev1.TaintNodeUnschedulable {
		field = "f:unschedulable"
	}
	for _, m := range n.ManagedFields {
		if m.FieldsV1 != nil && m.Time != nil && strings.Contains(m.FieldsV1.GetRawString(), field) &&
			!m.Time.Time.Before(at) {
			at, l.f.Args["manager"] = m.Time.Time, m.Manager
		}
	}
	if taint.TimeAdded != nil {
		at = taint.TimeAdded.Time
	}
	if !at.IsZero() {
		l.f.Args["set"] = instant(at)
	}
}

// conditions are the conditions of a node that its taints come from.
var conditions = map[string]corev1.NodeConditionType{
	corev1.TaintNodeNotReady: corev1.NodeReady, corev1.TaintNodeUnreachable: corev1.NodeReady,
	corev1.TaintNodeMemoryPressure:     corev1.NodeMemoryPressure,
	corev1.TaintNodeDiskPressure:       corev1.NodeDiskPressure,
	corev1.TaintNodePIDPressure:        corev1.NodePIDPressure,
	corev1.TaintNodeNetworkUnavailable: corev1.NodeNetworkUnavailable,
}

// ill says what ails the node.
func (l *look) ill(n *corev1.Node, key string) {
	for i, c := range n.Status.Conditions {
		if c.Type == conditions[key] {
			l.f.Args["condition"] = fmt.Sprintf("%s=%s, %s", c.Type, c.Status, c.Reason)
			l.f.Args["error"] = c.Message
			l.citeOf("Node", "", n.Name, fmt.Sprintf("status.conditions[%d].message", i), c.Message)
		}
	}
}

// tolerate makes the patch that adds a toleration to those of the template.
func (l *look) tolerate(t *corev1.Taint) {
	has := l.p.Pod.Spec.Tolerations
	if t := l.p.Template(); t != nil {
		has = t.Spec.Tolerations // without what was added to its Pods
	}
	all := slices.DeleteFunc(slices.Clone(has), func(o corev1.Toleration) bool {
		return o.TolerationSeconds != nil // those that the API server adds to every Pod
	})
	add := corev1.Toleration{Key: t.Key, Operator: corev1.TolerationOpExists, Effect: t.Effect}
	if t.Value != "" {
		add.Operator, add.Value = corev1.TolerationOpEqual, t.Value
	}
	l.patch(diagnose.Edit{Op: "add", Path: diagnose.Pointer("spec", "tolerations"), Value: append(all, add)})
}

var named = match.Lazy(`taints? \{([^{}]*)\}`)

// taintsSaid are the taints that older schedulers name; those of the control plane only where there is no other.
func (l *look) taintsSaid() []string {
	var all, plane []string
	for _, r := range l.words.Reasons {
		m := named().FindStringSubmatch(r.Text)
		if m == nil {
			continue
		}
		key, value, _ := strings.Cut(m[1], ": ")
		text := strings.TrimRight(key, ": ")
		if value = strings.TrimSpace(value); value != "" {
			text = strings.TrimSpace(key) + "=" + value
		}
		if weight(strings.TrimRight(key, ": ")) == 0 {
			plane = append(plane, text)
		} else {
			all = append(all, text)
		}
	}
	if len(all) == 0 {
		return plane
	}
	return all
}

// starting are the beginnings of taints that a node has until something on it runs, which then takes it off.
var starting = []string{"node.cloudprovider.kubernetes.io/uninitialized", "node.cilium.io/", "ebs.csi.aws.com/",
	"efs.csi.aws.com/", "node.kubernetes.io/network-unavailable", "karpenter.sh/unregistered",
	"node-agent-not-ready", "startup-taint.cluster-autoscaler.kubernetes.io/", "status-taint.cluster-autoscaler",
	"node.istio.io/", "cni.istio.io/", "eks.amazonaws.com/compute-not-ready"}

// meaning says what is known of taints by their names alone.
func (l *look) meaning(said []string) {
	l.f.Variant = "taints"
	if len(said) == 0 {
		return
	}
	l.f.Args["taint"], l.f.Args["others"] = said[0], strings.Join(said[1:], ", ")
	ill, start := true, true
	for _, t := range said {
		begins := func(p string) bool { return strings.HasPrefix(t, p) || strings.HasSuffix(t, "/agent-not-ready") }
		isStart := slices.ContainsFunc(starting, begins)
		start = start && isStart
		ill = ill && !isStart && strings.HasPrefix(t, "node.kubernetes.io/") && t != corev1.TaintNodeUnschedulable
	}
	switch {
	case start:
		l.f.Variant = "taints-starting"
	case ill:
		l.f.Variant = "taints-ill"
	}
}

func nodeNames(nodes []*corev1.Node) string {
	var out []string
	for _, n := range nodes {
		out = append(out, n.Name)
	}
	return diagnose.Names(out)
}
