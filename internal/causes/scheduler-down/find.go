// Package schedulerdown finds Pods that get no node because no scheduler is at work.
package schedulerdown

import (
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
)

// grace is for how long a Lease may be expired before nobody is taken to hold it.
const grace = 15 * time.Second

// Find looks at the scheduler's Lease where a Pod has no node and nobody says why.
func Find(p *diagnose.Pass) {
	if !p.Silent || p.Pod.Spec.NodeName != "" || len(p.Pod.Spec.SchedulingGates) > 0 {
		return
	}
	if name := p.Pod.Spec.SchedulerName; name != "" && name != corev1.DefaultSchedulerName {
		p.Report(diagnose.Finding{Certainty: diagnose.Likely, Variant: "custom", Blame: p.Workload(),
			Args:     map[string]string{"scheduler": name},
			Evidence: []cluster.Sign{p.Cite("spec.schedulerName", name), p.Stall()}})
		return
	}
	lease, _ := cluster.Get[coordinationv1.Lease](p.Snapshot, "kube-system", "kube-scheduler")
	if lease == nil || lease.Spec.RenewTime == nil {
		return
	}
	renewed := lease.Spec.RenewTime.Time
	behind := p.Snapshot.Now().Sub(renewed)
	if behind <= lasts(lease)+grace || p.SlowClock(lease) {
		return
	}
	ref := cluster.Ref{Kind: "Lease", Namespace: lease.Namespace, Name: lease.Name}
	at := renewed.UTC().Format(time.RFC3339)
	p.Report(diagnose.Finding{Blame: ref, Args: map[string]string{"lease": ref.Name, "renewed": at,
		"behind": behind.Round(time.Second).String()},
		Evidence: []cluster.Sign{diagnose.Cite(ref, "spec.renewTime", at), p.Stall()}})
}

func lasts(l *coordinationv1.Lease) time.Duration {
	if d := l.Spec.LeaseDurationSeconds; d != nil {
		return time.Duration(*d) * time.Second
	}
	return 15 * time.Second
}
