package live

import (
	"context"
	"errors"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxNeighbours is how many pages of Pods of all namespaces are read at most, to find who has what a stuck Pod lacks.
const maxNeighbours = 5

// crowded is what the scheduler says where other Pods are in the way, of whatever namespace they are.
// Source: kube-scheduler, plugins NodeResourcesFit, NodePorts, InterPodAffinity, and preemption.
var crowded = match.Lazy(`Insufficient |free ports|Too many pods|anti-affinity|[Pp]reempt`)

var errEnough = errors.New("enough Pods were read")

// neighbours reads the Pods of all namespaces where only one is asked about and the scheduler finds no room in it
// because of others: those that run, and what they keep from others. Those that are stuck themselves are left out:
// nobody asked about them, and whoever is given what was read would be told of them.
func (r *reader) neighbours(ctx context.Context) {
	if r.scope.Namespace == "" && r.scope.Node == "" || !r.anyCrowded() {
		return
	}
	k, n, t := cluster.KindOf("Pod"), 0, newThinner(r.asked.Counts)
	_, err := r.list(ctx, k, "", whole, metav1.ListOptions{Limit: page}, func(item []byte, isJSON bool) error {
		p, thin, err := t.read(item, isJSON)
		if err != nil {
			return err
		}
		if n++; n > maxNeighbours*page {
			return errEnough
		}
		switch {
		case p.Spec.NodeName == "" || r.b.Get(cluster.RefOf(p)) != nil:
		case thin:
			r.b.AddClean("Pod", p)
		case !r.asked.Counts(p):
			r.b.Add("Pod", p)
		}
		return nil
	})
	switch {
	case errors.Is(err, errEnough):
		r.b.Gap(cluster.Gap{What: message.Of("gap.neighbours"), Why: message.Of("gap.neighbours.many", "n", n-1),
			Needs: message.Of("gap.neighbours.all")})
	case err != nil:
		r.gap("list", k, "", message.Of("question.neighbours"), err)
	}
}

func (r *reader) anyCrowded() bool {
	for _, p := range r.stuck {
		c := pod.Condition(p, corev1.PodScheduled)
		if c != nil && c.Status == corev1.ConditionFalse && crowded().MatchString(c.Message) {
			return true
		}
	}
	return false
}
