package live

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How much is asked of kubelets.
const (
	maxNodes     = 3                // nodes, those with the most stuck Pods first
	nodesTimeout = 10 * time.Second // for all questions together
	factsAge     = 15 * time.Minute // facts that the agent wrote are not asked for again before they are this old
)

// kubelets asks the kubelets of the nodes that stuck Pods are on, through the API server, for what they serve: how full
// the node is, how it is set up, and what it logs. All are asked side by side, and each once.
func (r *reader) kubelets(ctx context.Context) {
	if !r.options.AskNodes {
		return
	}
	nodes := r.nodesWithoutFacts()
	if len(nodes) > maxNodes {
		r.b.Gap(cluster.Gap{What: message.Of("gap.nodes", "nodes", firstOf(nodes[maxNodes:])),
			Why: message.Of("gap.nodes.limit", "n", maxNodes), Needs: message.Of("gap.nodes.fewer")})
		nodes = nodes[:maxNodes]
	}
	now := r.options.Now().UTC()
	ctx, cancel := context.WithTimeout(ctx, nodesTimeout)
	defer cancel()
	facts, errs := make([]*nodefacts.NodeFacts, len(nodes)), make([]error, len(nodes))
	var wg sync.WaitGroup
	for i, name := range nodes {
		node, _ := r.known(cluster.Ref{Kind: "Node", Name: name}).(*corev1.Node)
		k := &kubelet{Client: r.Client, name: name, node: node, now: now, knows: r.options.Knows, pods: r.uids(name)}
		wg.Go(func() { facts[i], errs[i] = k.read(ctx) })
	}
	wg.Wait()
	var forbidden []string
	var why error
	for i, name := range nodes {
		if errs[i] != nil {
			forbidden, why = append(forbidden, name), errs[i]
			continue
		}
		r.b.Add("NodeFacts", facts[i])
	}
	if why != nil {
		r.b.Gap(cluster.Gap{What: message.Of("gap.nodes.refused", "nodes", firstOf(forbidden)),
			Why:   message.Because(why),
			Needs: message.Of("gap.nodes.right")})
	}
}

// nodesWithoutFacts are the nodes that stuck Pods are on and whose own facts are not there, those with the most such
// Pods first. A Pod that is on no node yet says nothing of any.
func (r *reader) nodesWithoutFacts() []string {
	stuck := map[string]int{}
	for _, p := range r.stuck {
		if name := p.Spec.NodeName; name != "" && possible(name) {
			stuck[name]++
		}
	}
	maps.DeleteFunc(stuck, func(name string, _ int) bool {
		f, there := r.known(cluster.Ref{Kind: "NodeFacts", Name: name}).(*nodefacts.NodeFacts)
		return there && r.options.Now().Sub(f.At.Time) < factsAge
	})
	return slices.SortedFunc(maps.Keys(stuck), func(a, b string) int {
		return cmp.Or(stuck[b]-stuck[a],
			strings.Compare(a, b))
	})
}

// uids are the UIDs of the stuck Pods on a node. What it logs of others is not asked for by whoever asks about these.
func (r *reader) uids(node string) map[string]bool {
	out := map[string]bool{}
	for _, p := range r.stuck {
		if p.Spec.NodeName == node && p.UID != "" {
			out[string(p.UID)] = true
		}
	}
	return out
}

// known is an object that was read, now or before; nil where there is none.
func (r *reader) known(ref cluster.Ref) metav1.Object {
	if o := r.b.Get(ref); o != nil || r.related == nil {
		return o
	}
	return r.related.Get(ref)
}

// firstOf names the first of many.
func firstOf(names []string) message.Message {
	const limit = 10
	if len(names) <= limit {
		return message.Quote(strings.Join(names, ", "))
	}
	return message.Of("gap.list.more", "names", strings.Join(names[:limit], ", "), "n", len(names)-limit)
}

// isForbidden reports whether the API server refuses for want of a right.
func isForbidden(err error) bool {
	var r *statusError
	return errors.As(err, &r) && (r.code == http.StatusForbidden || r.code == http.StatusUnauthorized)
}
