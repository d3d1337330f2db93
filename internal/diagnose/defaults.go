package diagnose

import (
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/workload"
	corev1 "k8s.io/api/core/v1"
)

// Written returns what the workload of the Pod says of its Pods now, nil where that is not known.
func (p *Pass) Written() *corev1.PodSpec {
	w, _ := workload.Of(p.Snapshot.Get(p.Workload()))
	if w.Template == nil {
		return nil
	}
	return &w.Template.Spec
}

// A Default is what a LimitRange fills into the containers of its namespace that do not say it themselves.
type Default struct {
	LimitRange cluster.Ref
	Field      cluster.Sign // in the LimitRange
	Patch      string       // a JSON patch that takes it out; "" where the API server would put it back
}

// Defaulted returns the default of a LimitRange that a container has for its request of a resource, or for its limit;
// nil where it has it from its workload, or that is not known. Source: plugin/pkg/admission/limitranger.
func (p *Pass) Defaulted(container string, name corev1.ResourceName, limit bool) *Default {
	written := p.Written()
	has := func(c corev1.Container) bool { return c.Name == container }
	if written == nil {
		return nil
	}
	template, spec := slices.Concat(written.InitContainers, written.Containers),
		slices.Concat(p.Pod.Spec.InitContainers, p.Pod.Spec.Containers)
	i, j := slices.IndexFunc(template, has), slices.IndexFunc(spec, has)
	if i < 0 || j < 0 {
		return nil
	}
	value, field := spec[j].Resources.Requests[name], "defaultRequest"
	_, said := template[i].Resources.Requests[name]
	if _, limited := template[i].Resources.Limits[name]; limited {
		said = true // a request that is not written is the limit
	}
	if limit {
		value, field = spec[j].Resources.Limits[name], "default"
		_, said = template[i].Resources.Limits[name]
	}
	if said || value.IsZero() {
		return nil
	}
	for _, r := range cluster.Objects[corev1.LimitRange](p.Snapshot) {
		if r.Namespace != p.Pod.Namespace {
			continue
		}
		for k := range r.Spec.Limits {
			l := &r.Spec.Limits[k]
			of := l.DefaultRequest
			if limit {
				of = l.Default
			}
			if q := of[name]; l.Type != corev1.LimitTypeContainer || q.Cmp(value) != 0 {
				continue
			}
			ref := cluster.Ref{Kind: "LimitRange", Namespace: r.Namespace, Name: r.Name}
			return &Default{ref, Cite(ref, fmt.Sprintf("spec.limits[%d].%s.%s", k, field, name), value.String()),
				withoutDefault(l, k, name)}
		}
	}
	return nil
}

// withoutDefault is the patch that takes the defaults for a resource out of a LimitRange. The API server makes a
// default of the maximum where there is none.
func withoutDefault(l *corev1.LimitRangeItem, at int, name corev1.ResourceName) string {
	if _, filled := l.Max[name]; filled {
		return ""
	}
	var edits []Edit
	for _, d := range []struct {
		field string
		of    corev1.ResourceList
	}{{"defaultRequest", l.DefaultRequest}, {"default", l.Default}} {
		if _, ok := d.of[name]; ok {
			edits = append(edits, Edit{Op: "remove", Path: "/spec/limits/" + fmt.Sprint(at) + Pointer(d.field, string(name))})
		}
	}
	return JSON(edits)
}
