package revision

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// An Update is how the newest revision of a workload differs from an earlier one.
type Update struct {
	Workload cluster.Ref  `json:"workload"`         // whose template was changed
	Object   cluster.Ref  `json:"object"`           // that holds the newer template: a ReplicaSet, a ControllerRevision
	Revision int64        `json:"revision"`         // the newest
	Earlier  int64        `json:"earlier"`          // the one it is compared with
	Running  bool         `json:"running"`          // Pods of the earlier one are ready now
	At       time.Time    `json:"at,omitzero"`      // when the template was changed
	By       string       `json:"by,omitempty"`     // the field manager that changed it: kubectl-edit
	Served   bool         `json:"served,omitempty"` // the newest has served: whatever went wrong came after the change
	Changes  []Difference `json:"changes"`          // what differs
}

// DeploymentRevision is the annotation by which a Deployment numbers its ReplicaSets.
const DeploymentRevision = "deployment.kubernetes.io/revision"

// served is for how long a revision must have been there for its Pods to have shown that they work.
const served = 10 * time.Minute

// one is a revision of a workload.
type one struct {
	object   metav1.Object
	ref      cluster.Ref
	number   int64
	template *corev1.PodTemplateSpec
	wanted   bool // Pods of it are asked for
	ready    bool // and some of it are ready
}

// Of returns the update that gave a Pod its template: how the newest revision of its workload differs from the last one
// before that is not known to have failed as well. nil where the Pod is of an older revision, or none before is known.
func Of(s *cluster.Snapshot, p *corev1.Pod) *Update {
	workload, all, mine := revisions(s, p)
	if mine == "" || len(all) < 2 {
		return nil
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Compare(b.number, a.number) })
	newest := all[0]
	earlier := before(all)
	if newest.ref.Name != mine || earlier == nil {
		return nil
	}
	u := &Update{Workload: workload, Object: newest.ref, Revision: newest.number, Earlier: earlier.number,
		Running: earlier.ready, Changes: Diff(&earlier.template.Spec, &newest.template.Spec)}
	if len(u.Changes) == 0 && reflect.DeepEqual(metaOf(earlier), metaOf(&newest)) {
		u.Changes = []Difference{{Field: EnvValues, Path: "containers"}}
	}
	u.At, u.By = changed(s.Get(workload), &newest)
	u.Served = hasServed(s, workload, &newest, p)
	return u
}

// before is the earlier revision that the newest is compared with: the last one with ready Pods, else the last one that
// is not known to have failed. nil where there is none.
func before(all []one) *one {
	for i := range all[1:] {
		if o := &all[1+i]; o.ready && o.number < all[0].number {
			return o
		}
	}
	for i := range all[1:] {
		if o := &all[1+i]; !o.wanted && o.number < all[0].number {
			return o
		}
	}
	return nil
}

// metaOf is what Pods of a revision get for labels and annotations, but for the revision's own mark.
func metaOf(o *one) [2]map[string]string {
	labels := maps.Clone(o.template.Labels)
	delete(labels, appsv1.DefaultDeploymentUniqueLabelKey)
	return [2]map[string]string{labels, o.template.Annotations}
}

// revisions are the revisions of a Pod's workload that are known, and the name of the one that the Pod is of.
func revisions(s *cluster.Snapshot, p *corev1.Pod) (workload cluster.Ref, all []one, mine string) {
	c := metav1.GetControllerOf(p)
	if c == nil {
		return workload, nil, ""
	}
	switch c.Kind {
	case "ReplicaSet":
		rs, _ := cluster.Get[appsv1.ReplicaSet](s, p.Namespace, c.Name)
		if rs == nil {
			return workload, nil, ""
		}
		d := metav1.GetControllerOf(rs)
		if d == nil || d.Kind != "Deployment" {
			return workload, nil, ""
		}
		workload = cluster.Ref{Kind: d.Kind, Namespace: p.Namespace, Name: d.Name}
		return workload, replicaSets(s, workload), c.Name
	case "StatefulSet", "DaemonSet":
		workload = cluster.Ref{Kind: c.Kind, Namespace: p.Namespace, Name: c.Name}
		mine = p.Labels[appsv1.ControllerRevisionHashLabelKey]
		if c.Kind == "DaemonSet" && mine != "" {
			mine = c.Name + "-" + mine
		}
		return workload, controllerRevisions(s, workload), mine
	}
	return workload, nil, ""
}

// ownedBy reports whether a workload controls an object.
func ownedBy(o metav1.Object, w cluster.Ref) bool {
	c := metav1.GetControllerOf(o)
	return o.GetNamespace() == w.Namespace && c != nil && c.Kind == w.Kind && c.Name == w.Name
}

func replicaSets(s *cluster.Snapshot, deployment cluster.Ref) []one {
	var all []one
	for _, rs := range cluster.Objects[appsv1.ReplicaSet](s) {
		number, err := strconv.ParseInt(rs.Annotations[DeploymentRevision], 10, 64)
		if err != nil || !ownedBy(rs, deployment) || len(rs.Spec.Template.Spec.Containers) == 0 {
			continue
		}
		all = append(all, one{rs, cluster.Ref{Kind: "ReplicaSet", Namespace: rs.Namespace, Name: rs.Name}, number,
			&rs.Spec.Template, rs.Spec.Replicas == nil || *rs.Spec.Replicas > 0, rs.Status.ReadyReplicas > 0})
	}
	return all
}

func controllerRevisions(s *cluster.Snapshot, workload cluster.Ref) []one {
	current := ""
	if st, _ := s.Get(workload).(*appsv1.StatefulSet); st != nil {
		current = st.Status.CurrentRevision
	}
	var all []one
	for _, r := range cluster.Objects[appsv1.ControllerRevision](s) {
		if !ownedBy(r, workload) {
			continue
		}
		t, ok := cluster.Template(r)
		if !ok {
			continue
		}
		ref := cluster.Ref{Kind: "ControllerRevision", Namespace: r.Namespace, Name: r.Name}
		all = append(all, one{r, ref, r.Revision, t, false, r.Name == current && readyOf(s, workload, r)})
	}
	return all
}

// readyOf reports whether a Pod of a workload's revision is ready.
func readyOf(s *cluster.Snapshot, w cluster.Ref, r *appsv1.ControllerRevision) bool {
	hash := r.Labels[appsv1.ControllerRevisionHashLabelKey]
	return slices.ContainsFunc(cluster.Objects[corev1.Pod](s), func(p *corev1.Pod) bool {
		mark := p.Labels[appsv1.ControllerRevisionHashLabelKey]
		return ownedBy(p, w) && mark != "" && (mark == r.Name || mark == hash) &&
			slices.ContainsFunc(p.Status.Conditions, func(c corev1.PodCondition) bool {
				return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
			})
	})
}

// changed tells when a workload got its newest template, and by which field manager. A ReplicaSet that was made for an
// earlier revision and taken up again says nothing of when.
func changed(workload metav1.Object, newest *one) (at time.Time, by string) {
	made := newest.object.GetCreationTimestamp().Time
	again := newest.object.GetAnnotations()["deployment.kubernetes.io/revision-history"] != ""
	if !again {
		at = made
	}
	if workload == nil {
		return at, ""
	}
	var last metav1.ManagedFieldsEntry
	for _, m := range workload.GetManagedFields() {
		if m.Time == nil || m.Subresource != "" || !owns(m, "f:template") || !again && m.Time.After(made.Add(2*time.Second)) {
			continue
		}
		if last.Time == nil || m.Time.After(last.Time.Time) {
			last = m
		}
	}
	switch {
	case last.Time == nil, !again && made.Sub(last.Time.Time) > time.Minute:
		return at, "" // whoever it was has changed the template once more since
	case again:
		at = last.Time.Time
	}
	return at, last.Manager
}

// owns reports whether an entry of managed fields has a field, by its name in there: f:template.
func owns(m metav1.ManagedFieldsEntry, field string) bool {
	return m.FieldsV1 != nil && strings.Contains(m.FieldsV1.GetRawString(), `"`+field+`"`)
}

// hasServed reports whether Pods of the newest revision have worked: the rollout was brought to its end, and stayed so
// for a while, or the Pod was made long after. What stops such a Pod is not the update.
func hasServed(s *cluster.Snapshot, workload cluster.Ref, newest *one, p *corev1.Pod) bool {
	made := newest.object.GetCreationTimestamp().Time
	switch w := s.Get(workload).(type) {
	case *appsv1.Deployment:
		complete, since := false, p.CreationTimestamp.Time
		for _, c := range w.Status.Conditions {
			switch {
			case c.Type == appsv1.DeploymentProgressing:
				complete = c.Reason == "NewReplicaSetAvailable"
			case c.Type == appsv1.DeploymentAvailable && c.Status == corev1.ConditionFalse &&
				c.LastTransitionTime.After(since):
				since = c.LastTransitionTime.Time
			}
		}
		return complete && since.Sub(made) > served
	case *appsv1.StatefulSet:
		return w.Status.CurrentRevision == newest.ref.Name && p.CreationTimestamp.Sub(made) > served
	}
	return p.CreationTimestamp.Sub(made) > served
}
