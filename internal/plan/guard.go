package plan

import (
	"encoding/json"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/remedy"
	"github.com/kubestuck/stuck/internal/rollout"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How much one plan may change.
const (
	MaxObjects = 10
	MaxPercent = 20 // of the Pods of a namespace that may be deleted; one may be, always
)

// Small is the error where a plan changes more than one may; pods is how many Pods a namespace has.
func (p *Plan) Small(pods func(namespace string) (int, error)) error {
	if n := len(p.Actions); n > MaxObjects {
		return &message.Error{What: message.Of("plan.objects", "n", n, "most", MaxObjects),
			Todo: message.Of("plan.by-hand")}
	}
	deleted := map[string]int{}
	for _, a := range p.Actions {
		if a.Object.Kind == "Pod" && (a.Verb == remedy.VerbDelete || a.Verb == remedy.VerbReplace) {
			deleted[a.Object.Namespace]++
		}
	}
	for namespace, n := range deleted {
		if n == 1 {
			continue
		}
		all, err := pods(namespace)
		if err != nil {
			return err
		}
		if n*100 > all*MaxPercent {
			return &message.Error{What: message.Of("plan.percent", "n", n, "all", all, "namespace", namespace,
				"most", MaxPercent), Todo: message.Of("plan.by-hand")}
		}
	}
	return nil
}

// Managed is the error where an object is kept as it was written somewhere else: a change of it would be taken back.
func (a *Action) Managed(object map[string]any) error {
	m := a.manager(object)
	if m == nil {
		return nil
	}
	return &message.Error{What: message.Of("plan.managed", "what", a.Object.TypeName(), "note", m.Note()),
		Todo: message.Of("plan.managed.todo")}
}

// manager is who manages the object of an action that changes fields of it; nil where nobody is known to.
func (a *Action) manager(object map[string]any) *remedy.Manager {
	var partial struct {
		Metadata metav1.ObjectMeta `json:"metadata"`
	}
	data, err := json.Marshal(map[string]any{"metadata": object["metadata"]})
	if err != nil || json.Unmarshal(data, &partial) != nil || a.Verb == remedy.VerbDelete || a.Verb == remedy.VerbCreate {
		return nil
	}
	return remedy.ManagedBy(&partial.Metadata)
}

// RollsOut reports whether a change of the template of a kind replaces its Pods, one after the other.
func RollsOut(kind string) bool {
	return kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet"
}

// UnderWay is the error where a workload whose template would be changed is being rolled out, and none of the Pods that
// are stuck is of that rollout.
func (a *Action) UnderWay(s *cluster.Snapshot, stuck []cluster.Ref, object map[string]any) error {
	if !RollsOut(a.Object.Kind) {
		return nil
	}
	under := &message.Error{What: message.Of("plan.under-way", "what", a.Object.TypeName()),
		Todo: message.Of("plan.wait")}
	var seen struct {
		Metadata struct{ Generation int64 }
		Status   struct{ ObservedGeneration int64 }
	}
	if data, err := json.Marshal(object); err == nil && json.Unmarshal(data, &seen) == nil &&
		seen.Status.ObservedGeneration < seen.Metadata.Generation {
		return under
	}
	progress := rollout.Of(s, rollout.Target{Workload: a.Object})
	if progress.NotFound || progress.Complete() ||
		slices.ContainsFunc(stuck, func(r cluster.Ref) bool { return r.Kind != "Pod" || progress.Current[r] }) {
		return nil
	}
	return under
}
