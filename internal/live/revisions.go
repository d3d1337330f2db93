package live

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/revision"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxRevised is in how many namespaces the revisions of workloads are read: those with the most stuck Pods.
const maxRevised = 4

// revisions reads the workloads that stuck Pods belong to, and those that lack some, and the templates that they have
// and had, so that it can be told what was changed. What is followed, of the given kinds, is known already.
func (r *reader) revisions(ctx context.Context, followed map[string]*kindState) {
	owners := map[string]map[cluster.Ref]bool{}
	pods := map[string]int{}
	for _, p := range r.stuck {
		if w := workloadOf(p); w.Name != "" {
			if owners[w.Namespace] == nil {
				owners[w.Namespace] = map[cluster.Ref]bool{}
			}
			owners[w.Namespace][w] = true
			pods[w.Namespace]++
		}
	}
	for _, w := range r.wanting {
		if owners[w.Ref.Namespace] == nil {
			owners[w.Ref.Namespace] = map[cluster.Ref]bool{}
		}
		owners[w.Ref.Namespace][w.Ref] = true
		pods[w.Ref.Namespace] += w.Missing()
	}
	namespaces := slices.SortedFunc(maps.Keys(owners), func(a, b string) int {
		return cmp.Or(cmp.Compare(pods[b], pods[a]), strings.Compare(a, b))
	})
	if len(namespaces) > maxRevised {
		r.b.Gap(cluster.Gap{What: message.Of("gap.revisions", "n", len(namespaces)-maxRevised),
			Why: message.Of("gap.revisions.many"), Needs: message.Of("gap.revisions.ask")})
		namespaces = namespaces[:maxRevised]
	}
	r.differ = map[string]bool{}
	for _, namespace := range namespaces {
		r.revisionsIn(ctx, namespace, owners[namespace], followed)
	}
	r.makers(ctx)
}

// revisionsIn reads the workloads of a namespace that stuck Pods belong to, and their revisions.
func (r *reader) revisionsIn(ctx context.Context, namespace string, owners map[cluster.Ref]bool,
	followed map[string]*kindState) {
	all := slices.SortedFunc(maps.Keys(owners), cluster.Ref.Compare)
	read := map[string]bool{}
	for _, kind := range []string{"Deployment", "StatefulSet", "DaemonSet"} {
		var refs []cluster.Ref
		for _, w := range all {
			if w.Kind == kind {
				refs = append(refs, w)
			}
		}
		if len(refs) == 0 {
			continue
		}
		refs = slices.DeleteFunc(refs, func(w cluster.Ref) bool { return r.b.Get(w) != nil })
		if followed[kind] == nil && len(refs) > 0 {
			r.read(ctx, cluster.KindOf(kind), refs)
		}
		revisions := "ControllerRevision"
		if kind == "Deployment" {
			revisions = "ReplicaSet"
		}
		if followed[revisions] == nil && !read[revisions] {
			read[revisions] = true
			r.listOwned(ctx, cluster.KindOf(revisions), namespace, owners)
		}
	}
}

// listOwned reads the objects of a kind in a namespace that belong to one of some workloads.
func (r *reader) listOwned(ctx context.Context, k cluster.Kind, namespace string, owners map[cluster.Ref]bool) {
	_, err := r.list(ctx, k, namespace, whole, metav1.ListOptions{ResourceVersion: "0"},
		func(item []byte, isJSON bool) error {
			o := k.New()
			if err := decode(item, isJSON, o); err != nil {
				return err
			}
			if c := metav1.GetControllerOf(o); c != nil &&
				owners[cluster.Ref{Kind: c.Kind, Namespace: o.GetNamespace(), Name: c.Name}] {
				r.b.Add(k.Name, o)
				r.compare(o)
			}
			return nil
		})
	if err != nil {
		r.gap("list", k, namespace, questions[k.Name], err)
	}
}

// compare notes whether any stuck Pod differs from the template that it was made of, which this object holds.
func (r *reader) compare(o metav1.Object) {
	var template *corev1.PodTemplateSpec
	var isOf func(*corev1.Pod) bool
	switch o := o.(type) {
	case *appsv1.ReplicaSet:
		template = &o.Spec.Template
		isOf = func(p *corev1.Pod) bool { return metav1.IsControlledBy(p, o) }
	case *appsv1.ControllerRevision:
		template, _ = cluster.Template(o)
		hash := o.Labels[appsv1.ControllerRevisionHashLabelKey]
		isOf = func(p *corev1.Pod) bool {
			of := p.Labels[appsv1.ControllerRevisionHashLabelKey]
			return of != "" && (of == o.Name || of == hash)
		}
	}
	for _, p := range r.stuck {
		if p.Namespace == o.GetNamespace() && isOf(p) && revision.Differs(&template.Spec, &p.Spec) {
			r.differ[p.Namespace] = true
		}
	}
}

// makers reads what changes Pods as they are made, where some are not as their template says.
func (r *reader) makers(ctx context.Context) {
	for _, namespace := range slices.Sorted(maps.Keys(r.differ)) {
		r.listAll(ctx, cluster.KindOf("LimitRange"), namespace)
	}
	if len(r.differ) > 0 {
		r.listAll(ctx, cluster.KindOf("MutatingWebhookConfiguration"), "")
	}
}

// workloadOf is the workload of a Pod that has revisions; none where the Pod is of no such. A Deployment's name is that
// of its ReplicaSet without the hash that the Pod has as a label.
func workloadOf(p *corev1.Pod) cluster.Ref {
	c := metav1.GetControllerOf(p)
	if c == nil {
		return cluster.Ref{}
	}
	switch c.Kind {
	case "StatefulSet", "DaemonSet":
		return cluster.Ref{Kind: c.Kind, Namespace: p.Namespace, Name: c.Name}
	case "ReplicaSet":
		hash := p.Labels[appsv1.DefaultDeploymentUniqueLabelKey]
		if name, ok := strings.CutSuffix(c.Name, "-"+hash); ok && hash != "" {
			return cluster.Ref{Kind: "Deployment", Namespace: p.Namespace, Name: name}
		}
	}
	return cluster.Ref{}
}
