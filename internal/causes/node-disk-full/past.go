package nodediskfull

import (
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// lately is how long after a Pod was turned away its node may be believed to be as it was.
const lately = 15 * time.Minute

// past reports whether it is over, as far as anything tells, that the node of a Pod that was turned away is short of
// disk space: what is left of such a Pod lies there for years.
func past(p *diagnose.Pass) bool {
	if node, _ := p.Node(); node != nil {
		for _, c := range node.Status.Conditions {
			if c.Type == corev1.NodeDiskPressure {
				return c.Status != corev1.ConditionTrue
			}
		}
	}
	return !slices.ContainsFunc(p.Events, func(e *corev1.Event) bool {
		return e.Reason == "Evicted" && p.Snapshot.At.Sub(e.LastTimestamp.Time) <= lately
	})
}
