package live

import (
	"context"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// factsPage is how many NodeFacts a LIST asks for at once: one may have 100 KiB.
const factsPage = 200

// facts reads what the nodes of stuck Pods know about themselves, where stuck-agent writes that down. Most clusters do
// without it: that there are none is no gap. Nor is it recorded as absent: somebody else may know some of the same
// facts.
func (r *reader) facts(ctx context.Context, nodes []cluster.Ref) {
	k := cluster.KindOf("NodeFacts")
	if len(nodes) > maxGets {
		r.factsGap(ctx, "list", r.listFacts(ctx, k, nodes))
		return
	}
	for _, n := range nodes {
		answer, err := r.get(ctx, k, "", n.Name, whole)
		f := new(nodefacts.NodeFacts)
		if err == nil {
			err = decodeOne(answer, f)
		}
		if err == nil {
			r.b.Add(k.Name, f)
			continue
		}
		if r.factsGap(ctx, "get", err); !apierrors.IsNotFound(err) {
			return
		}
	}
}

// listFacts reads the facts of all nodes and keeps those of some.
func (r *reader) listFacts(ctx context.Context, k cluster.Kind, nodes []cluster.Ref) error {
	wanted := map[string]bool{}
	for _, n := range nodes {
		wanted[n.Name] = true
	}
	_, err := r.list(ctx, k, "", whole, metav1.ListOptions{Limit: factsPage}, func(item []byte, isJSON bool) error {
		f := new(nodefacts.NodeFacts)
		err := decode(item, isJSON, f)
		if err == nil && wanted[f.Name] {
			r.b.Add(k.Name, f)
		}
		return err
	})
	return err
}

// factsGap records that facts could not be read. An API server refuses what it does not even know to whoever has no
// right to it; then the right is only worth asking for where the server has such objects, which everyone may see.
func (r *reader) factsGap(ctx context.Context, verb string, err error) {
	k := cluster.KindOf("NodeFacts")
	if err == nil || apierrors.IsNotFound(err) || apierrors.IsForbidden(err) && !r.serves(ctx, k) {
		return
	}
	r.gap(verb, k, "", questions[k.Name], err)
}

// serves reports whether the API server has a kind's group and version.
func (r *reader) serves(ctx context.Context, k cluster.Kind) bool {
	get, err := r.at("apis", k.Group, k.Version)
	if err != nil {
		return false
	}
	body, err := get.Stream(ctx)
	if err != nil {
		return false
	}
	body.Close()
	return true
}
