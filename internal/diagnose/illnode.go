package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
)

// illNode are the conditions which say that the node of a Pod is ill, of which nobody speaks and no cause knows: they
// may be why. Of Ready and the pressures there are causes, which have said what they know.
func (d *podRun) illNode() []cluster.Sign {
	var out []cluster.Sign
	if d.pass.Pod.Spec.NodeName == "" {
		return nil
	}
	for _, s := range d.signs {
		own := s.Reason == "Ready" || s.Reason == "NetworkUnavailable" || strings.HasSuffix(s.Reason, "Pressure")
		if s.Context && s.Kind == cluster.SignCondition && s.About != nil && s.About.Kind == "Node" && !own {
			s.Pod = &d.waiter.Pod
			out = append(out, s)
		}
	}
	return append(out, d.unready()...)
}

// unready are the taints with which somebody says of the node that it is not ready for Pods: its cloud provider, or
// the agent of a network or of a storage. The scheduler keeps Pods off such a node; one that is there all the same, or
// was before, may wait for what is not ready.
func (d *podRun) unready() []cluster.Sign {
	node, _ := d.pass.Node()
	if node == nil {
		return nil
	}
	var out []cluster.Sign
	for i, t := range node.Spec.Taints {
		if !strings.HasPrefix(t.Key, "node.kubernetes.io/") && notReady().MatchString(t.Key) {
			s := Cite(cluster.Ref{Kind: "Node", Name: node.Name}, fmt.Sprintf("spec.taints[%d]", i), t.ToString())
			s.Context, s.Pod = true, &d.waiter.Pod
			out = append(out, s)
		}
	}
	return out
}

// notReady is how such taints are called: node.cloudprovider.kubernetes.io/uninitialized,
// node.cilium.io/agent-not-ready, ebs.csi.aws.com/agent-not-ready.
var notReady = match.Lazy(`(?i)/(?:uninitiali[sz]ed|[a-z.-]*not-?ready|[a-z.-]*unready|[a-z.-]*unavailable|startup)$`)
