package memorylimittoosmall

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// A limit is the smallest memory limit in a Pod.
type limit struct {
	path, container, raw string
	bytes                int64
}

func smallest(p *corev1.Pod) *limit {
	var least *limit
	take := func(path, container string, r *corev1.ResourceRequirements) {
		if r == nil {
			return
		}
		q, ok := r.Limits[corev1.ResourceMemory]
		if ok && !q.IsZero() && (least == nil || bytes(q) < least.bytes) {
			least = &limit{path + ".resources.limits.memory", container, q.String(), bytes(q)}
		}
	}
	for i := range p.Spec.InitContainers {
		take(fmt.Sprintf("spec.initContainers[%d]", i), p.Spec.InitContainers[i].Name,
			&p.Spec.InitContainers[i].Resources)
	}
	for i := range p.Spec.Containers {
		take(fmt.Sprintf("spec.containers[%d]", i), p.Spec.Containers[i].Name, &p.Spec.Containers[i].Resources)
	}
	take("spec", p.Name, p.Spec.Resources)
	return least
}

// bytes is what the kubelet makes of a quantity: a part of a byte is rounded up.
func bytes(q resource.Quantity) int64 { return q.Value() }

// suggest is what was most likely meant: the number with the unit Mi.
func (l *limit) suggest() string {
	n, err := strconv.Atoi(strings.TrimRight(l.raw, "mkKMGi"))
	switch {
	case l.bytes >= 32<<20:
		return "256Mi" // the unit was meant
	case err != nil || n < 16 || n > 65536 || int64(n)<<20 <= l.bytes:
		return "64Mi"
	}
	return strconv.Itoa(n) + "Mi"
}

// fill tells of the limit in the arguments of a finding.
func (l *limit) fill(args map[string]string) {
	args["limit"], args["limited"], args["bytes"], args["suggest"] = l.raw, l.container, strconv.FormatInt(l.bytes, 10),
		l.suggest()
}
