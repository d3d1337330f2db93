// Package clockskew finds nodes whose clock went wrong, where that is why a Pod's name is taken.
package clockskew

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
)

// slack is how far clocks may differ before it is called wrong.
const slack = 2 * time.Minute

// Find needs both: a name that is taken, and a time written by the node that cannot be. A timeout
// explains a taken name by itself, so where there is one the clock is not accused, unless the node itself
// has a sandbox of the Pod that was made in the future.
func Find(p *diagnose.Pass) {
	var taken []cluster.Sign
	var args map[string]string
	for _, m := range p.Matches() {
		if low := strings.ToLower(m.Sign.Message); strings.Contains(low, "future") || strings.Contains(low, "clock") ||
			strings.Contains(low, " back") {
			p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}})
		}
		taken, args = append(taken, m.Sign), m.Args
	}
	said := clockFacts(p)
	f := diagnose.Finding{Variant: "measured", Args: said.args, Evidence: said.proof, Attested: []string{"sandbox"}}
	switch {
	case !said.future && len(taken) == 0 && p.Silent && !said.right:
		ahead(p)
		return
	case said.future && len(taken) == 0:
		if again := p.MatchesOf("sandbox-gone"); p.Silent || len(again) > 0 {
			p.Prove(again, f)
		}
		return
	case len(taken) == 0:
		return
	case said.future:
		p.Prove(p.Matches(), f)
		return
	}
	for i := range p.Signs {
		if low := strings.ToLower(p.Signs[i].Message); !p.Signs[i].Context &&
			(strings.Contains(low, "deadlineexceeded") || strings.Contains(low, "deadline exceeded")) {
			return
		}
	}
	if len(said.proof) > 0 {
		p.Prove(p.Matches(), f)
		return
	}
	proof := ofPod(p)
	if !said.right {
		proof = append(proof, ofNode(p)...)
	}
	if len(proof) > 0 {
		p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args, Evidence: append(taken, proof...)})
	}
}

// ofPod finds times that the kubelet wrote into the Pod and that are before its creation, or are yet to come.
func ofPod(p *diagnose.Pass) []cluster.Sign {
	start := p.Pod.Status.StartTime
	if start == nil {
		return nil
	}
	_, mirror := p.Pod.Annotations[corev1.MirrorPodAnnotationKey]
	if early := start.Before(&p.Pod.CreationTimestamp) && p.Pod.CreationTimestamp.Sub(start.Time) > slack; early &&
		!mirror || start.Sub(p.Snapshot.At) > slack {
		return []cluster.Sign{p.Cite("status.startTime", start.UTC().Format(time.RFC3339))}
	}
	return nil
}

// ofNode finds times of the node's own clock that are yet to come, or long past though the node is seen to be alive.
func ofNode(p *diagnose.Pass) []cluster.Sign {
	n, there := p.Node()
	if there != cluster.Present {
		return nil
	}
	ref := cluster.Ref{Kind: "Node", Name: n.Name}
	var proof []cluster.Sign
	ready := false
	for i, c := range n.Status.Conditions {
		ready = ready || c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
		if c.LastHeartbeatTime.Sub(p.Snapshot.At) > slack {
			proof = append(proof, diagnose.Cite(ref, fmt.Sprintf("status.conditions[%d].lastHeartbeatTime", i),
				c.LastHeartbeatTime.UTC().Format(time.RFC3339)))
			break
		}
	}
	l, there := cluster.Get[coordinationv1.Lease](p.Snapshot, "kube-node-lease", n.Name)
	if there != cluster.Present || l.Spec.RenewTime == nil {
		return proof
	}
	off := l.Spec.RenewTime.Sub(p.Snapshot.At)
	if by, ok := p.Snapshot.Ahead(n.Name); ok {
		off = by
	}
	if off > slack || ready && -off > 10*slack {
		proof = append(proof, citeLease(l))
	}
	return proof
}
