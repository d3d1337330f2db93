package quotaexceeded

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// heaviest is the workload whose Pods use most of a resource in the namespace, and how much; empty where not all Pods
// are known, or where it is no matter of Pods.
func heaviest(p *diagnose.Pass, name string) (workload, use string) {
	if !p.Snapshot.Complete("Pod", p.Pod.Namespace) {
		return "", ""
	}
	sum := map[string]*resource.Quantity{}
	for _, o := range cluster.Objects[corev1.Pod](p.Snapshot) {
		if o.Namespace != p.Pod.Namespace || o.Status.Phase == corev1.PodSucceeded || o.Status.Phase == corev1.PodFailed {
			continue
		}
		q, ok := useOf(o, name)
		if !ok {
			return "", ""
		}
		of := p.WorkloadOf(o).TypeName()
		if sum[of] == nil {
			sum[of] = &resource.Quantity{Format: q.Format}
		}
		sum[of].Add(q)
	}
	for of, q := range sum {
		if c := 0; workload != "" {
			if c = q.Cmp(*sum[workload]); c < 0 || c == 0 && of > workload {
				continue
			}
		}
		workload = of
	}
	if workload == "" || sum[workload].IsZero() {
		return "", ""
	}
	return workload, sum[workload].String()
}

// useOf is what a Pod counts for in a quota: pods, requests.memory (or memory), limits.cpu...
func useOf(o *corev1.Pod, name string) (resource.Quantity, bool) {
	kind, of, _ := strings.Cut(name, ".")
	switch {
	case name == "pods" || name == "count/pods":
		return resource.MustParse("1"), true
	case name == "cpu" || name == "memory":
		kind, of = "requests", name
	case kind != "requests" && kind != "limits" || of == "storage":
		return resource.Quantity{}, false
	}
	sum := resource.Quantity{}
	for _, c := range o.Spec.Containers {
		list := c.Resources.Requests
		if kind == "limits" {
			list = c.Resources.Limits
		}
		sum.Add(list[corev1.ResourceName(of)])
	}
	return sum, true
}
