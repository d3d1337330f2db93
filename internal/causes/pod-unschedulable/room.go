package podunschedulable

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/placement"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// room says what the Pod requests and no node has left: because none is that large, or because of who has it.
func (l *look) room(r placement.Reason) {
	l.f.Variant, l.f.Args["resource"] = "resources", r.Resource
	name := corev1.ResourceName(r.Resource)
	if r.Kind == placement.TooManyPods {
		name, l.f.Variant, l.f.Args["resource"] = corev1.ResourcePods, "pods", ""
		if n := placement.Largest(l.open(), name); n != nil && n.Status.Allocatable != nil {
			l.f.Args["limit"] = placement.Amount(name, n.Status.Allocatable[name])
		}
		l.takers(name)
		return
	}
	requests := placement.Requests(&l.p.Pod.Spec)
	for _, n := range append([]corev1.ResourceName{name}, slices.Sorted(maps.Keys(requests))...) {
		if l.tooLarge(n, requests[n]) {
			return
		}
	}
	l.request(name, requests[name])
	if l.p.Snapshot.Complete("Pod", "") && l.all {
		l.free(name)
	}
	l.takers(name)
	switch {
	case l.preempted():
	case l.oldRevision(name):
		l.f.Variant = "rollout"
	}
}

// request sets how much the Pod requests, and the container that requests most of it.
func (l *look) request(name corev1.ResourceName, q resource.Quantity) {
	l.f.Args["resource"] = string(name)
	l.patch()
	if q.IsZero() {
		return
	}
	l.f.Args["request"] = placement.Amount(name, q)
	spec := &l.p.Pod.Spec
	best, path := resource.Quantity{}, ""
	most := func(field string, all []corev1.Container) {
		for i := range all {
			if c := all[i].Resources.Requests[name]; c.Cmp(best) > 0 {
				best, path = c, fmt.Sprintf("spec.%s[%d].resources.requests.%s", field, i, name)
				l.f.Args["container"] = all[i].Name
			}
		}
	}
	most("containers", spec.Containers)
	most("initContainers", spec.InitContainers)
	if !best.IsZero() {
		l.cite(path, best.String())
	}
	if d := l.p.Defaulted(l.f.Args["container"], name, false); d != nil {
		l.f.Args["limitrange"], l.f.Args["limitpatch"] = d.LimitRange.Name, d.Patch
		l.f.Evidence = append(l.f.Evidence, d.Field)
	}
}

// tooLarge reports whether the Pod requests more than the largest node has that it may use, and says so.
func (l *look) tooLarge(name corev1.ResourceName, q resource.Quantity) bool {
	largest := placement.Largest(l.open(), name)
	if !l.all || largest == nil || q.IsZero() {
		return false
	}
	has := largest.Status.Allocatable[name]
	if has.Cmp(q) >= 0 || largest.Status.Allocatable == nil {
		return false
	}
	l.request(name, q)
	l.f.Variant, l.f.Args["largest"], l.f.Args["node"] = "too-large", placement.Amount(name, has), largest.Name
	if r := l.f.Args["limitrange"]; r != "" {
		l.f.Blame = cluster.Ref{Kind: "LimitRange", Namespace: l.p.Pod.Namespace, Name: r}
	}
	if has.IsZero() {
		l.f.Variant = "resource-unknown"
		if strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix) {
			l.f.Variant = "hugepages"
		}
		if all := largest.Status.Capacity[name]; !all.IsZero() {
			l.f.Variant = "resource-unhealthy"
			l.f.Args["largest"] = placement.Amount(name, all)
		}
	}
	path := fmt.Sprintf("status.allocatable.%s", name)
	l.citeOf("Node", "", largest.Name, path, has.String())
	return true
}

// free says where most is left.
func (l *look) free(name corev1.ResourceName) {
	var most resource.Quantity
	for _, n := range l.open() {
		if q := placement.Free(n, l.p.PodsOn(n.Name), name); l.f.Args["free"] == "" || q.Cmp(most) > 0 {
			most = q
			if q.Sign() < 0 {
				q = resource.Quantity{}
			}
			l.f.Args["free"], l.f.Args["node"] = placement.Amount(name, q), n.Name
		}
	}
}

// taker is a workload with what its Pods have.
type taker struct {
	workload cluster.Ref
	has      resource.Quantity
	priority int32
}

// takers names the workloads that have most of a resource on the nodes that the Pod may use.
func (l *look) takers(name corev1.ResourceName) {
	var all []taker
	for _, n := range l.open() {
		for _, o := range l.p.PodsOn(n.Name) {
			q := placement.Requests(&o.Spec)[name]
			if name == corev1.ResourcePods {
				q = resource.MustParse("1")
			}
			if q.IsZero() || placement.Over(o) {
				continue
			}
			w := l.p.WorkloadOf(o)
			i := slices.IndexFunc(all, func(t taker) bool { return t.workload == w })
			if i < 0 {
				i = len(all)
				all = append(all, taker{workload: w, priority: priority(o)})
			}
			all[i].has.Add(q)
		}
	}
	slices.SortStableFunc(all, func(a, b taker) int {
		return cmp.Or(b.has.Cmp(a.has), a.workload.Compare(b.workload))
	})
	var out []string
	for _, t := range all[:min(len(all), 3)] {
		s := l.name(t.workload) + " " + placement.Amount(name, t.has)
		if t.priority > priority(l.p.Pod) {
			s += " (priority " + strconv.Itoa(int(t.priority)) + ")"
		}
		out = append(out, s)
	}
	l.f.Args["takers"] = strings.Join(out, ", ")
	scales := []string{"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"}
	i := slices.IndexFunc(all, func(t taker) bool { return slices.Contains(scales, t.workload.Kind) })
	if i >= 0 && all[i].workload != l.p.Workload() {
		w := all[i].workload
		l.f.Args["taker"], l.f.Args["takernamespace"] = w.TypeName(), w.Namespace
	}
}

func priority(p *corev1.Pod) int32 {
	if p.Spec.Priority == nil {
		return 0
	}
	return *p.Spec.Priority
}

// oldRevision reports whether what an older revision of the Pod's own Deployment has would be enough.
func (l *look) oldRevision(name corev1.ResourceName) bool {
	w := l.p.Workload()
	if w.Kind != "Deployment" {
		return false
	}
	need := placement.Requests(&l.p.Pod.Spec)[name]
	for _, n := range l.open() {
		room := resource.Quantity{}
		for _, o := range l.p.PodsOn(n.Name) {
			if l.older(o) && !placement.Over(o) {
				room.Add(placement.Requests(&o.Spec)[name])
			}
		}
		if !room.IsZero() && room.Cmp(need) >= 0 {
			return true
		}
	}
	return false
}

// older reports whether another Pod is of an earlier revision of the same workload.
func (l *look) older(o *corev1.Pod) bool {
	const hash = "pod-template-hash"
	return l.p.WorkloadOf(o) == l.p.Workload() && o.Labels[hash] != l.p.Pod.Labels[hash]
}
