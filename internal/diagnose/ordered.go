package diagnose

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// Ordered returns the StatefulSet that makes its Pods one after the other, each when the one before is ready, and which
// of them the Pod is; nil where it is none of such.
func (p *Pass) Ordered() (set *appsv1.StatefulSet, ordinal int) { return p.podRun.index.ordered(p.Pod) }

func (x *index) ordered(p *corev1.Pod) (*appsv1.StatefulSet, int) {
	name := ownerOf(p, "StatefulSet")
	set, _ := cluster.Get[appsv1.StatefulSet](x.snapshot, p.Namespace, name)
	n, err := strconv.Atoi(strings.TrimPrefix(p.Name, name+"-"))
	if name == "" || set == nil || err != nil || set.Spec.PodManagementPolicy == appsv1.ParallelPodManagement {
		return nil, 0
	}
	return set, n
}

// behind are the Pods of a StatefulSet that are made only when the Pod of a problem is ready: how many, the first and
// the last of them; empty for none.
func (x *index) behind(p *Problem) string {
	if len(p.Findings) != 1 || p.Findings[0].Pod.Kind != "Pod" {
		return ""
	}
	of, _ := cluster.Get[corev1.Pod](x.snapshot, p.Findings[0].Pod.Namespace, p.Findings[0].Pod.Name)
	if of == nil {
		return ""
	}
	set, n := x.ordered(of)
	if set == nil || set.Spec.Replicas == nil {
		return ""
	}
	first, last := n+1, int(*set.Spec.Replicas)-1
	if set.Spec.Ordinals != nil {
		last += int(set.Spec.Ordinals.Start)
	}
	for ; first <= last; first++ {
		if !x.snapshot.Has(cluster.Ref{Kind: "Pod", Namespace: set.Namespace, Name: fmt.Sprintf("%s-%d", set.Name, first)}) {
			break
		}
	}
	switch {
	case first > last || int(set.Status.Replicas) >= int(*set.Spec.Replicas):
		return ""
	case first == last:
		return fmt.Sprintf("%s-%d", set.Name, first)
	}
	return fmt.Sprintf("%s-%d ... %s-%d", set.Name, first, set.Name, last)
}
