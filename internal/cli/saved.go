package cli

import (
	"context"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/workload"
)

// diagnoseSaved diagnoses what -f names: all of it, or what -n, -l and the arguments leave of it.
func (s *session) diagnoseSaved(ctx context.Context, args []string) error {
	cat, err := s.catalogue()
	if err != nil {
		return err
	}
	r, err := s.reportSaved(ctx, cat, args)
	if err != nil {
		return err
	}
	return s.show(r)
}

// reportSaved is the report of what -f names.
func (s *session) reportSaved(ctx context.Context, cat *diagnose.Catalogue, args []string) (*diagnose.Report, error) {
	scope, err := s.savedScope(args)
	if err != nil {
		return nil, err
	}
	p := s.progress()
	snap, err := s.read(ctx, cat, p)
	var r *diagnose.Report
	if err == nil {
		r = s.answer(snap, cat, s.described(snap, named(snap, scope)))
	}
	p.end()
	s.tellGiven(err == nil)
	if err != nil {
		return nil, err
	}
	return r, s.nothingSaved(snap, scope, r, args)
}

// savedScope is what -n, -l and the arguments leave of what -f names.
func (s *session) savedScope(args []string) (live.Scope, error) {
	scope, err := s.target.scope(s.target.kube.overrides.Context.Namespace, args)
	if err != nil {
		return scope, err
	}
	if _, err := labels.Parse(scope.Selector); err != nil {
		return scope, failedBy(err, message.Of("cli.selector", "selector", scope.Selector, "why", reason(err)),
			message.Of("cli.selector.form"))
	}
	return scope, nil
}

// nothingSaved is the error where what was read holds nothing of what is asked about: then nothing is known of it.
func (s *session) nothingSaved(
	snap *cluster.Snapshot, scope live.Scope, r *diagnose.Report, args []string,
) error {
	files := strings.Join(s.files, ", ")
	there, unready := podsIn(snap), unreadyNodes(snap)
	asked := len(s.target.parts) > 0 || scope.Owner.Name != "" || scope.Name != "" || scope.Node != ""
	switch {
	case r.Asked != nil || r.Pods.Missing+r.Pods.Seen+len(r.Problems) > 0:
		return nil
	case there == 0 && !asked && slices.ContainsFunc(cluster.Objects[nodefacts.NodeFacts](snap),
		func(f *nodefacts.NodeFacts) bool { return f.Source == nodefacts.FromLog }):
		return failed(message.Of("cli.saved.log", "files", files), message.Of("log.more"))
	case there == 0 && !asked && slices.ContainsFunc(snap.Gaps,
		func(g cluster.Gap) bool { return g.Why.Code == "log.calm" }):
		return failed(message.Of("cli.saved.log", "files", files), message.Of("log.calm.more"))
	case there == 0 && !asked && len(unready) > 0:
		return failed(message.Of("cli.saved.nodes", "files", files, "nodes", strings.Join(unready, ", ")),
			message.Of("cli.saved.nodes.more", "node", unready[0]))
	case r.Manifests > 0:
		return failed(message.Of("cli.saved.manifests", "files", files, "n", r.Manifests),
			message.Of("cli.saved.cluster"))
	case there > 0 || asked:
		return s.noneFits(snap, scope, args)
	}
	return nil
}

// unreadyNodes are the nodes that are not ready.
func unreadyNodes(snap *cluster.Snapshot) (names []string) {
	for _, n := range cluster.Objects[corev1.Node](snap) {
		if slices.ContainsFunc(n.Status.Conditions, func(c corev1.NodeCondition) bool {
			return c.Type == corev1.NodeReady && c.Status != corev1.ConditionTrue
		}) {
			names = append(names, n.Name)
		}
	}
	return names
}

// noneFits is the error where no Pod of what was read is asked about.
func (s *session) noneFits(snap *cluster.Snapshot, scope live.Scope, args []string) error {
	return failed(message.Of("cli.saved.none", "files", strings.Join(s.files, ", "), "n", podsIn(snap), "scope",
		scopeText(scope, args)), message.Of("cli.saved.leave"))
}

// podsIn is how many Pods are in what was read.
func podsIn(snap *cluster.Snapshot) (n int) {
	for _, p := range cluster.Objects[corev1.Pod](snap) {
		if !snap.MadeUp(cluster.RefOf(p)) {
			n++
		}
	}
	return n
}

// answer diagnoses what a scope names.
func (s *session) answer(snap *cluster.Snapshot, cat *diagnose.Catalogue, scope live.Scope) *diagnose.Report {
	r := diagnose.Run(snap, cat, s.asking(scope))
	r.SortNames()
	r.Filter(s.filter.of())
	return r
}

// asking are the options of a diagnosis of what a scope names.
func (s *session) asking(scope live.Scope) diagnose.Options {
	o := diagnose.Options{For: max(s.startingFor, 1), // 0 would mean the default
		Ready: s.target.ready, Named: scope.Name != "" || scope.Owner.Name != "", Workload: scope.Owner}
	if scope == (live.Scope{Namespace: scope.Namespace}) {
		o.Namespace = scope.Namespace
	}
	selector, err := labels.Parse(scope.Selector)
	if parts := s.target.parts; err == nil && len(parts) > 0 {
		o.Namespace = ""
		o.Only = func(p *corev1.Pod, workload cluster.Ref) bool {
			return slices.ContainsFunc(parts, func(of part) bool { return of.has(p, workload, selector) })
		}
	} else if err == nil && scope != (live.Scope{}) {
		o.Only = func(p *corev1.Pod, workload cluster.Ref) bool { return inScope(scope, selector, p, workload) }
	}
	return o
}

// named is a scope with the namespace of the workload that it names, where that is the only one of this name.
func named(s *cluster.Snapshot, scope live.Scope) live.Scope {
	if scope.Owner.Name == "" || scope.Owner.Namespace != "" {
		return scope
	}
	var found []cluster.Ref
	for _, o := range s.OfKind(scope.Owner.Kind) {
		if o.GetName() == scope.Owner.Name {
			found = append(found, cluster.Ref{Kind: scope.Owner.Kind, Namespace: o.GetNamespace(), Name: o.GetName()})
		}
	}
	if len(found) == 1 {
		scope.Owner = found[0]
	}
	return scope
}

// described is a scope with the Pod that was described, where that is all that was given: whoever hands on the
// description of one Pod, or its Events, asks about it, also where it has ended.
func (s *session) described(snap *cluster.Snapshot, scope live.Scope) live.Scope {
	pods := cluster.Objects[corev1.Pod](snap)
	if scope != (live.Scope{}) || len(s.target.parts) > 0 || len(pods) != 1 {
		return scope
	}
	for _, kind := range workload.Kinds {
		if len(snap.OfKind(kind)) > 0 {
			return scope
		}
	}
	if ref := cluster.RefOf(pods[0]); snap.Retold(ref) && !snap.Outlined(ref) || snap.OfEvents(ref) {
		scope.Namespace, scope.Name = ref.Namespace, ref.Name
	}
	return scope
}

// inScope reports whether a Pod of a dump is asked about.
func inScope(scope live.Scope, selector labels.Selector, p *corev1.Pod, workload cluster.Ref) bool {
	switch {
	case scope.Namespace != "" && p.Namespace != scope.Namespace,
		scope.Name != "" && p.Name != scope.Name,
		scope.Node != "" && p.Spec.NodeName != scope.Node:
		return false
	case scope.Owner.Kind != "" && !(workload.Kind == scope.Owner.Kind && workload.Name == scope.Owner.Name):
		c := metav1.GetControllerOf(p) // a ReplicaSet is asked about by name, although a Deployment has it
		ofRun := c != nil && scope.Owner.Kind == "CronJob" && c.Kind == "Job" && live.RunOf(scope.Owner.Name, c.Name)
		if !ofRun && (c == nil || c.Kind != scope.Owner.Kind || c.Name != scope.Owner.Name) {
			return false
		}
	}
	return selector.Matches(labels.Set(p.Labels))
}

// scopeText names for an error what of a dump was asked about.
func scopeText(scope live.Scope, args []string) string {
	var parts []string
	if len(args) > 0 {
		parts = append(parts, strings.Join(words(args), " "))
	}
	if scope.Selector != "" {
		parts = append(parts, "-l "+scope.Selector)
	}
	if scope.Namespace != "" {
		parts = append(parts, "-n "+scope.Namespace)
	}
	return strings.Join(parts, " ")
}
