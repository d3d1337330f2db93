package placement

import (
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Requests is what the scheduler counts for a Pod: the sum of its containers and sidecars, or what an init container
// needs beside the sidecars before it where that is more; what is requested for the Pod as a whole goes before that.
func Requests(spec *corev1.PodSpec) corev1.ResourceList {
	sum, sidecars, most := corev1.ResourceList{}, corev1.ResourceList{}, corev1.ResourceList{}
	for i := range spec.Containers {
		add(sum, spec.Containers[i].Resources.Requests)
	}
	for i := range spec.InitContainers {
		c := &spec.InitContainers[i]
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			add(sidecars, c.Resources.Requests)
			atLeast(most, sidecars)
			continue
		}
		with := sidecars.DeepCopy()
		add(with, c.Resources.Requests)
		atLeast(most, with)
	}
	add(sum, sidecars)
	atLeast(sum, most)
	if spec.Resources != nil {
		for name, q := range spec.Resources.Requests {
			sum[name] = q
		}
	}
	add(sum, spec.Overhead)
	return sum
}

func add(sum, more corev1.ResourceList) {
	for name, q := range more {
		s := sum[name].DeepCopy()
		s.Add(q)
		sum[name] = s
	}
}

func atLeast(sum, other corev1.ResourceList) {
	for name, q := range other {
		if s := sum[name]; s.Cmp(q) < 0 {
			sum[name] = q.DeepCopy()
		}
	}
}

// Over reports whether a Pod has ended, so that it takes no room any more.
func Over(p *corev1.Pod) bool {
	return p.Status.Phase == corev1.PodSucceeded || p.Status.Phase == corev1.PodFailed
}

// Free is how much of a resource a node has left beside the Pods on it.
func Free(n *corev1.Node, pods []*corev1.Pod, name corev1.ResourceName) resource.Quantity {
	free := n.Status.Allocatable[name].DeepCopy()
	for _, p := range pods {
		if !Over(p) {
			free.Sub(Requests(&p.Spec)[name])
		}
	}
	return free
}

// Largest is the node with most of a resource; nil where there is no node.
func Largest(nodes []*corev1.Node, name corev1.ResourceName) *corev1.Node {
	if len(nodes) == 0 {
		return nil
	}
	return slices.MaxFunc(nodes, func(a, b *corev1.Node) int {
		q := a.Status.Allocatable[name]
		return q.Cmp(b.Status.Allocatable[name])
	})
}

// Amount is an amount of a resource as a person says it: 23.5Gi, 1200m, 2.
func Amount(name corev1.ResourceName, q resource.Quantity) string {
	bytes := name == corev1.ResourceMemory || name == corev1.ResourceEphemeralStorage
	if !bytes && q.Format != resource.BinarySI {
		return q.String()
	}
	return binary(q)
}

// binary is a number of bytes in the unit that leaves no more than four digits, with one behind the point.
func binary(q resource.Quantity) string {
	const units = "KMGTPE"
	n, unit := q.AsApproximateFloat64(), ""
	for i := 0; i < len(units) && (n >= 1024 || n <= -1024); i++ {
		n, unit = n/1024, units[i:i+1]+"i"
	}
	return trimZero(n) + unit
}

// trimZero writes a number with one digit behind the point, if that is not 0.
func trimZero(n float64) string {
	s := strconv.FormatFloat(n, 'f', 1, 64)
	return strings.TrimSuffix(s, ".0")
}
