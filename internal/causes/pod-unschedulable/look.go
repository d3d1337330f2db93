package podunschedulable

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/placement"
	corev1 "k8s.io/api/core/v1"
)

// look is one Pod beside the nodes.
type look struct {
	p         *diagnose.Pass
	f         *diagnose.Finding
	words     placement.Breakdown
	require   [][]placement.Requirement
	nodes     []*corev1.Node                       // those that are known
	all       bool                                 // there are no others
	able      []*corev1.Node                       // those that have what the Pod requires of their labels
	untainted []*corev1.Node                       // see open; nil where nobody has asked
	domains   map[string]map[string][]*corev1.Node // by the key and the value of a label, as far as somebody has asked
}

func newLook(p *diagnose.Pass, f *diagnose.Finding, message string) *look {
	l := &look{p: p, f: f, words: placement.Read(message), require: placement.Required(&p.Pod.Spec),
		nodes: cluster.Objects[corev1.Node](p.Snapshot), domains: map[string]map[string][]*corev1.Node{}}
	l.all = len(l.nodes) > 0 && (p.Snapshot.Complete("Node", "") || l.words.Nodes > 0 && len(l.nodes) >= l.words.Nodes)
	l.able = placement.Allowed(l.require, l.nodes)
	if len(l.nodes) == 0 && l.words.Nodes > 0 {
		f.Args["unread"] = "nodes"
	}
	reasons := l.words.Text
	if len(reasons) > 300 {
		reasons = reasons[:300] + "..."
	}
	f.Args["reasons"] = strings.ToValidUTF8(reasons, "")
	if l.words.Nodes > 0 {
		f.Args["count"] = strconv.Itoa(l.words.Nodes)
	}
	return l
}

// gated names the gates.
func (l *look) gated() {
	var gates []string
	for i, g := range l.p.Pod.Spec.SchedulingGates {
		gates = append(gates, g.Name)
		path := "spec.schedulingGates[" + strconv.Itoa(i) + "].name"
		l.f.Evidence = append(l.f.Evidence, l.p.Cite(path, g.Name))
	}
	if slices.ContainsFunc(gates, func(g string) bool { return strings.HasPrefix(g, "kueue.x-k8s.io/") }) {
		l.f.Args["queue"] = "Kueue"
	}
	if t := l.p.Written(); t != nil && len(t.SchedulingGates) > 0 {
		l.patch(diagnose.Edit{Op: "remove", Path: "/spec/schedulingGates"})
		l.f.Args["gatedby"] = l.p.Workload().TypeName()
	}
	l.f.Variant, l.f.Args["gates"] = "gated", strings.Join(gates, ", ")
}

// cite adds a field of the Pod to the evidence.
func (l *look) cite(path, value string) { l.f.Evidence = append(l.f.Evidence, l.p.Cite(path, value)) }

// citeOf adds a field of any object to the evidence.
func (l *look) citeOf(kind, namespace, name, path, value string) {
	ref := cluster.Ref{Kind: kind, Namespace: namespace, Name: name}
	l.f.Evidence = append(l.f.Evidence, diagnose.Cite(ref, path, value))
}

// patch sets the argument of the step that changes the Pod's template.
func (l *look) patch(edits ...diagnose.Edit) { l.f.Args["patch"] = l.p.Patch(edits...) }

// name of a workload as a person says it, with the namespace where it is another than the Pod's.
func (l *look) name(w cluster.Ref) string {
	if w.Namespace == l.p.Pod.Namespace {
		return w.Kind + " " + w.Name
	}
	return w.String()
}

// instant is a time as texts have it.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

// open are the nodes that the Pod may use and no taint keeps it off; all that it may use where there are none.
func (l *look) open() []*corev1.Node {
	if l.untainted == nil {
		l.untainted = slices.DeleteFunc(slices.Clone(l.able), func(n *corev1.Node) bool {
			return len(placement.Untolerated(n, l.p.Pod.Spec.Tolerations)) > 0
		})
		if len(l.untainted) == 0 {
			l.untainted = l.able
		}
	}
	return l.untainted
}
