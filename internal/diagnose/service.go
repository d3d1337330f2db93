package diagnose

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
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

// Unserved is the selector of a Service that no Pod of its namespace has the labels of, and the labels of Pods there
// that may be meant: of the same keys, with a value that is nearly the same or the Service's own name. Not ok where
// some Pod has them, the Service has no selector, or not all Pods are known.
func (p *Pass) Unserved(r cluster.Ref) (selector, label string, ok bool) {
	s, _ := cluster.Get[corev1.Service](p.Snapshot, r.Namespace, r.Name)
	if s == nil || len(s.Spec.Selector) == 0 || !p.Snapshot.Complete("Pod", r.Namespace) {
		return "", "", false
	}
	meant := maps.Clone(s.Spec.Selector)
	have := map[string][]string{}
	for _, o := range cluster.Objects[corev1.Pod](p.Snapshot) {
		if o.Namespace != r.Namespace {
			continue
		}
		fits := true
		for k, v := range s.Spec.Selector {
			fits = fits && o.Labels[k] == v
			if there := o.Labels[k]; there != "" && !slices.Contains(have[k], there) {
				have[k] = append(have[k], there)
			}
		}
		if fits {
			return "", "", false
		}
	}
	for k, v := range s.Spec.Selector {
		if slices.Contains(have[k], v) {
			continue
		}
		meant[k] = match.Near(v, have[k])
		if meant[k] == "" && slices.Contains(have[k], r.Name) {
			meant[k] = r.Name
		}
		if meant[k] == "" {
			return pairs(s.Spec.Selector), "", true
		}
	}
	return pairs(s.Spec.Selector), pairs(meant), true
}

// pairs are labels as kubectl writes them.
func pairs(labels map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		out = append(out, k+"="+labels[k])
	}
	return strings.Join(out, ",")
}
