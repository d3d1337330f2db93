package containercrashing

import (
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// kept is how long a DNS may go on saying that there is no such name, once it has said so (CoreDNS, cache).
const kept = time.Minute

// unresolved: the Service is there, and its name has no address all the same. It stands for a name outside of the
// cluster, or for Pods of which none is ready, or the cluster's DNS does not answer as it should.
func (w *words) unresolved(r cluster.Ref) {
	s, _ := cluster.Get[corev1.Service](w.Snapshot, r.Namespace, r.Name)
	end := pod.LastEnd(w.Pod, w.container)
	if s == nil || end == nil || s.CreationTimestamp.After(end.FinishedAt.Time) {
		return // it was made since
	}
	headless := s.Spec.ClusterIP == corev1.ClusterIPNone || s.Spec.ClusterIP == ""
	if !headless && s.CreationTimestamp.Add(kept).After(end.FinishedAt.Time) {
		return
	}
	w.set("service", r.Name)
	w.set("inspace", r.Namespace)
	switch {
	case s.Spec.Type == corev1.ServiceTypeExternalName:
		w.be("external-name")
		w.set("external", s.Spec.ExternalName)
		w.bornOut(diagnose.Cite(r, "spec.externalName", s.Spec.ExternalName))
	case !headless:
		w.be("dns-wrong")
		w.finding.Blame = cluster.Ref{Kind: "Service", Namespace: "kube-system", Name: "kube-dns"}
		w.bornOut(diagnose.Cite(r, "spec.clusterIP", s.Spec.ClusterIP))
	case !s.Spec.PublishNotReadyAddresses && len(s.Spec.Selector) > 0 && w.noneReady(r):
		w.be("headless-unready")
		w.set("selector", labels.Set(s.Spec.Selector).String())
		w.finding.Blame = r
		w.bornOut(diagnose.Cite(r, "spec.clusterIP", corev1.ClusterIPNone))
	}
}

// noneReady reports whether of the Pods that a Service selects, all of which are known, none is ready.
func (w *words) noneReady(r cluster.Ref) bool {
	return w.Snapshot.Complete("Pod", r.Namespace) && !slices.ContainsFunc(w.Behind(r), func(p *corev1.Pod) bool {
		c := pod.Condition(p, corev1.PodReady)
		return c != nil && c.Status == corev1.ConditionTrue
	})
}
