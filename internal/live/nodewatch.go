package live

import (
	"context"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// askAgainAfter is how long what a kubelet told stays as it is while its node is followed, and how long it is until
// nodes that Pods came to be stuck on are asked.
const (
	askAgainAfter = time.Minute
	askNewAfter   = 15 * time.Second
)

// A nodeWatch asks kubelets from time to time, while all else goes on: one that does not answer must not hold up what
// is shown.
type nodeWatch struct {
	options Options
	results chan *cluster.Snapshot
	asking  bool
	asked   time.Time
	of      map[string]bool   // the nodes that were asked about
	known   *cluster.Snapshot // what they told; nil before that
}

// ask asks the kubelets of the nodes that Pods are stuck on, unless that is under way or was done a moment ago.
func (n *nodeWatch) ask(ctx context.Context, f *follower, stuck []*corev1.Pod) {
	if !n.options.AskNodes || n.asking {
		return
	}
	of, covered := map[string]bool{}, true
	for _, p := range stuck {
		of[p.Spec.NodeName] = true
		covered = covered && (p.Spec.NodeName == "" || n.of[p.Spec.NodeName])
	}
	age := f.now().Sub(n.asked)
	if n.known != nil && (age < askNewAfter || covered && age < askAgainAfter) {
		return
	}
	n.asking, n.asked, n.of = true, f.now(), of
	at := n.asked.UTC()
	o := n.options
	o.Now = func() time.Time { return at }
	r := &reader{Client: f.Client, options: o, stuck: stuck, related: f.related, b: cluster.NewBuilder(at)}
	results := n.results
	go func() {
		r.kubelets(ctx)
		results <- r.b.Snapshot()
	}()
}

// take takes what kubelets told.
func (n *nodeWatch) take(s *cluster.Snapshot) { n.asking, n.known = false, s }
