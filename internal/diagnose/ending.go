package diagnose

import (
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// awaiting is what waits for the end of a Pod that was deleted: the controller that makes the next one only then, or a
// Pod that wants the same claim. It is empty where nothing is known to.
func (x *index) awaiting(p *corev1.Pod) cluster.Ref {
	if c := metav1.GetControllerOf(p); c != nil {
		owner := cluster.Ref{Kind: c.Kind, Namespace: p.Namespace, Name: c.Name}
		switch c.Kind {
		case "StatefulSet", "DaemonSet": // the next Pod has the same name, or its place on the node
			return owner
		case "ReplicaSet":
			w := x.workload(p)
			d, _ := cluster.Get[appsv1.Deployment](x.snapshot, w.Namespace, w.Name)
			if d != nil && w.Kind == "Deployment" && d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
				return w
			}
		}
	}
	for i := range p.Spec.Volumes {
		claim := pod.ClaimName(p, &p.Spec.Volumes[i])
		if claim == "" {
			continue
		}
		for _, o := range x.usersOf(p.Namespace, claim) {
			if o != p && o.DeletionTimestamp == nil && o.Status.Phase == corev1.PodPending {
				return cluster.RefOf(o)
			}
		}
	}
	return cluster.Ref{}
}

// Awaiting is what waits for the end of the Pod; empty where nothing is known to.
func (p *Pass) Awaiting() cluster.Ref { return p.podRun.index.awaiting(p.Pod) }

// concerned returns those of some causes that can hold for the Pod. For one that is to end these are the causes of that
// and what may bring them about: what is said of an end is often said in the words of a start that fails.
func (d *podRun) concerned(causes []int) []int {
	if d.pass.Stage != pod.StageTerminate {
		return causes
	}
	var out []int
	for _, i := range causes {
		c := d.catalogue.causes[i]
		ends := func(o *Cause) bool {
			return o.Stage == pod.StageTerminate && (o == c || d.catalogue.explains(c.ID, o.ID))
		}
		if slices.ContainsFunc(d.catalogue.causes, ends) {
			out = append(out, i)
		}
	}
	return out
}
