package cluster

import (
	"slices"
	"strings"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
)

// NodeLeases is the namespace in which each kubelet renews the Lease of its node.
const NodeLeases = "kube-node-lease"

// near is how far the instant of a snapshot may be from the clocks of its cluster to be of the same time.
const near = 10 * time.Minute

// Now is what time it was in the cluster, by its own clocks: each machine that renews Leases tells one. No single clock
// counts: it may be wrong, and whoever goes by the newest takes all others for dead. Where the instant of the snapshot
// was told, it counts like a clock.
func (s *Snapshot) Now() time.Time {
	clocks := s.clocks("")
	switch {
	case len(clocks) == 0 && s.AsOf.IsZero():
		return s.At
	case len(clocks) == 0:
		return s.AsOf
	case s.instantKnown && s.At.Sub(clocks[0]).Abs() <= near:
		return median(append(clocks[:min(len(clocks), 2)], s.At))
	case len(clocks) > 2: // the newest on which two agree
		return clocks[1]
	}
	return clocks[0]
}

// median is the middle one of some times, the later of two.
func median(times []time.Time) time.Time {
	slices.SortFunc(times, time.Time.Compare)
	return times[len(times)/2]
}

// Ahead is how far the clock of a node is ahead of what time it was by all other clocks, as its Lease tells; not ok
// where fewer than two others tell one time, or nothing is known of it.
func (s *Snapshot) Ahead(node string) (time.Duration, bool) {
	own := s.renewed(Ref{"Lease", NodeLeases, node})
	others := s.clocks(node)
	if s.instantKnown && len(others) > 0 && s.At.Sub(others[0]).Abs() <= near {
		others = append(others, s.At)
		slices.SortFunc(others, func(a, b time.Time) int { return b.Compare(a) })
	}
	if own.IsZero() || len(others) < 2 || others[0].Sub(others[1]) > time.Minute {
		return 0, false
	}
	return own.Sub(others[0]), true
}

// clocks are the last times that machines told by renewing a Lease, the newest first, without those of a node. Leases
// that are not of nodes are counted for the node whose name their holder begins with, and together where there is none.
func (s *Snapshot) clocks(without string) []time.Time {
	last := map[string]time.Time{}
	for _, l := range Objects[coordinationv1.Lease](s) {
		at := s.renewed(Ref{"Lease", l.Namespace, l.Name})
		machine := "" // somewhere in the control plane
		switch {
		case l.Namespace == NodeLeases:
			machine = l.Name
		case l.Spec.HolderIdentity != nil:
			if host, _, _ := strings.Cut(*l.Spec.HolderIdentity, "_"); s.Has(Ref{"Lease", NodeLeases, host}) {
				machine = host
			}
		}
		if at.After(last[machine]) && (machine == "" || machine != without) {
			last[machine] = at
		}
	}
	out := make([]time.Time, 0, len(last))
	for _, at := range last {
		out = append(out, at)
	}
	slices.SortFunc(out, func(a, b time.Time) int { return b.Compare(a) })
	return out
}

// renewed is when a Lease was renewed last; zero where that is not known.
func (s *Snapshot) renewed(r Ref) time.Time {
	if l, ok := s.Get(r).(*coordinationv1.Lease); ok && l.Spec.RenewTime != nil {
		return l.Spec.RenewTime.Time
	}
	return time.Time{}
}
