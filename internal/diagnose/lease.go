package diagnose

import (
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
)

// StaleLease returns a Lease whose holder has stopped to renew it; nil where it is fresh, or nothing is known of it.
// Its age is measured by the clocks of the cluster: in an old dump all Leases are old, and none is stale.
// Where there is no other one, the instant of the snapshot counts.
func (p *Pass) StaleLease(namespace, name string) *coordinationv1.Lease {
	l, there := cluster.Get[coordinationv1.Lease](p.Snapshot, namespace, name)
	if there != cluster.Present || l.Spec.RenewTime == nil {
		return nil
	}
	grace := time.Minute
	if d := l.Spec.LeaseDurationSeconds; d != nil {
		grace = max(grace, 2*time.Duration(*d)*time.Second)
	}
	if p.Snapshot.At.Sub(l.Spec.RenewTime.Time) < grace {
		return nil
	}
	now := p.Snapshot.Now()
	if len(cluster.Objects[coordinationv1.Lease](p.Snapshot)) == 1 { // it cannot tell its own age
		now = p.Snapshot.At
		if !p.Snapshot.AsOf.IsZero() {
			now = p.Snapshot.AsOf
		}
	}
	if now.Sub(l.Spec.RenewTime.Time) < grace || p.SlowClock(l) {
		return nil
	}
	return l
}

// SlowClock reports whether a Lease is no older than that of the node that its holder runs on, which is heard to be
// Ready: then the clock of that machine is slow, and its holder at work.
func (p *Pass) SlowClock(l *coordinationv1.Lease) bool {
	if l.Namespace == cluster.NodeLeases || l.Spec.HolderIdentity == nil || l.Spec.RenewTime == nil {
		return false
	}
	host, _, _ := strings.Cut(*l.Spec.HolderIdentity, "_")
	n, _ := cluster.Get[corev1.Node](p.Snapshot, "", host)
	of, _ := cluster.Get[coordinationv1.Lease](p.Snapshot, cluster.NodeLeases, host)
	if n == nil || of == nil || of.Spec.RenewTime == nil || of.Spec.RenewTime.Sub(l.Spec.RenewTime.Time) > time.Minute {
		return false
	}
	return slices.ContainsFunc(n.Status.Conditions, func(c corev1.NodeCondition) bool {
		return c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
	})
}

// StaleLeaseNamed is the same for a Lease in whatever namespace.
func (p *Pass) StaleLeaseNamed(name string) *coordinationv1.Lease {
	for _, l := range cluster.Objects[coordinationv1.Lease](p.Snapshot) {
		if l.Name == name {
			return p.StaleLease(l.Namespace, name)
		}
	}
	return nil
}
