package diagnose

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/workload"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// serviceHost is a name by which Pods reach a Service: db, db.shop.svc, db.shop.svc.cluster.local; its namespace alone
// behind it may as well be a domain.
var serviceHost = match.Lazy(`^([a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)` +
	`(?:\.([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(\.svc(?:\.[a-z0-9.-]+)?)?)?$`)

// ServiceOf is the Service that a host name means to the Pod, and whether it is there. Unknown is also the answer for a
// name that need not be that of a Service.
func (p *Pass) ServiceOf(host string) (cluster.Ref, cluster.Presence) {
	if _, err := netip.ParseAddr(host); err == nil {
		for _, s := range cluster.Objects[corev1.Service](p.Snapshot) {
			if s.Spec.ClusterIP == host || slices.Contains(s.Spec.ClusterIPs, host) {
				return cluster.Ref{Kind: "Service", Namespace: s.Namespace, Name: s.Name}, cluster.Present
			}
		}
		return cluster.Ref{}, cluster.Unknown
	}
	m := serviceHost().FindStringSubmatch(strings.TrimSuffix(host, "."))
	if m == nil || len(host) > 253 || host == "localhost" {
		return cluster.Ref{}, cluster.Unknown
	}
	r := cluster.Ref{Kind: "Service", Namespace: p.Pod.Namespace, Name: m[1]}
	if m[2] != "" {
		r.Namespace = m[2]
	}
	_, there := cluster.Get[corev1.Service](p.Snapshot, r.Namespace, r.Name)
	if there == cluster.Absent && m[2] != "" && m[3] == "" && r.Namespace != p.Pod.Namespace {
		return r, cluster.Unknown // of a domain, perhaps
	}
	return r, there
}

// A selected is what a Service selects: Pods; or, where no Pod has it, its selector, and labels of Pods that may be
// meant.
type selected struct {
	pods            []*corev1.Pod
	selector, meant string
	none            bool   // no Pod has it
	asleep          string // the workload with 0 replicas whose Pods would have it
}

// Unserved is the selector of a Service that no Pod of its namespace has the labels of, and the labels of Pods there
// that may be meant: of the same keys, with a value that is nearly the same or the Service's own name. Not ok where
// some Pod has them, the Service has no selector, or not all Pods are known.
func (p *Pass) Unserved(r cluster.Ref) (selector, meant string, ok bool) {
	known := p.podRun.index.selectedBy(r)
	return known.selector, known.meant, known.none
}

// Behind are the Pods that a Service selects.
func (p *Pass) Behind(r cluster.Ref) []*corev1.Pod { return p.podRun.index.selectedBy(r).pods }

// Asleep is the workload whose Pods such a Service would select, as kubectl takes it, where it has 0 replicas; "" for
// none.
func (p *Pass) Asleep(r cluster.Ref) string { return p.podRun.index.selectedBy(r).asleep }

// selectedBy is what a Service selects, found once: many Pods may wait for the same one.
func (x *index) selectedBy(r cluster.Ref) selected {
	known, there := x.selected[r]
	if !there {
		known = x.findSelected(r)
		x.selected[r] = known
	}
	return known
}

func (x *index) findSelected(r cluster.Ref) selected {
	s, _ := cluster.Get[corev1.Service](x.snapshot, r.Namespace, r.Name)
	if s == nil || len(s.Spec.Selector) == 0 {
		return selected{}
	}
	by := labels.SelectorFromSet(s.Spec.Selector)
	var behind []*corev1.Pod
	have := map[string][]string{} // by key: the values that Pods have
	for _, o := range cluster.Objects[corev1.Pod](x.snapshot) {
		if o.Namespace != r.Namespace {
			continue
		}
		if by.Matches(labels.Set(o.Labels)) {
			behind = append(behind, o)
			continue
		}
		for k := range s.Spec.Selector {
			if v := o.Labels[k]; v != "" && !slices.Contains(have[k], v) {
				have[k] = append(have[k], v)
			}
		}
	}
	if len(behind) > 0 || !x.snapshot.Complete("Pod", r.Namespace) {
		return selected{pods: behind}
	}
	out := selected{selector: labels.Set(s.Spec.Selector).String(), none: true}
	for i := range x.workloads() {
		w := &x.workloads()[i]
		if w.Ref.Namespace == r.Namespace && w.State == workload.Zero && w.Template != nil &&
			by.Matches(labels.Set(w.Template.Labels)) {
			out.asleep = strings.ToLower(w.Ref.Kind) + "/" + w.Ref.Name
			break
		}
	}
	meant := labels.Set{}
	for k, v := range s.Spec.Selector {
		switch near := match.Near(v, have[k]); {
		case slices.Contains(have[k], v):
			meant[k] = v
		case near != "":
			meant[k] = near
		case slices.Contains(have[k], r.Name):
			meant[k] = r.Name
		default:
			return out
		}
	}
	out.meant = meant.String()
	return out
}
