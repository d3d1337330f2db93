package diagnose

import (
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
