package diagnose

import (
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	coordinationv1 "k8s.io/api/coordination/v1"
)

// StaleLease returns a Lease whose holder has stopped to renew it; nil where it is fresh, or nothing is known of it.
// Its age is measured by the other Leases: in an old dump all are old, and none is stale. Where there
// is no other one, the instant of the snapshot counts.
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
	now := time.Time{}
	for _, o := range cluster.Objects[coordinationv1.Lease](p.Snapshot) {
		if o != l && o.Spec.RenewTime != nil && o.Spec.RenewTime.After(now) {
			now = o.Spec.RenewTime.Time
		}
	}
	if now.IsZero() {
		now = p.Snapshot.At
		if !p.Snapshot.AsOf.IsZero() {
			now = p.Snapshot.AsOf
		}
	}
	if now.Sub(l.Spec.RenewTime.Time) < grace {
		return nil
	}
	return l
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
