package diagnose

import (
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// successor is the controller that makes the next Pod only when one that was deleted is gone; empty where nothing is
// known to.
func (x *index) successor(p *corev1.Pod) cluster.Ref {
	c := metav1.GetControllerOf(p)
	if c == nil {
		return cluster.Ref{}
	}
	switch c.Kind {
	case "StatefulSet", "DaemonSet": // the next Pod has the same name, or its place on the node
		return cluster.Ref{Kind: c.Kind, Namespace: p.Namespace, Name: c.Name}
	case "ReplicaSet":
		w := x.workload(p)
		d, _ := cluster.Get[appsv1.Deployment](x.snapshot, w.Namespace, w.Name)
		if d != nil && w.Kind == "Deployment" && d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
			return w
		}
	}
	return cluster.Ref{}
}

// awaiting is what waits for the end of a Pod that was deleted: the controller that makes the next one, or a Pod that
// wants the same claim, of which the causes of that Pod tell as well.
func (x *index) awaiting(p *corev1.Pod) cluster.Ref {
	if w := x.successor(p); w.Kind != "" {
		return w
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

// evictions is how often Pods of an owner have to be evicted, and evictedLately how lately, for that to count.
const (
	evictions     = 2
	evictedLately = 10 * time.Minute
)

// evictedAgain reports whether a Pod is the last of several of its owner that were evicted one after the other, and
// lately: then it goes on, whatever the Pod after it is like at the moment. One is enough where it went over a limit of
// its own: the Pod after it has the same, and has to outlive it first.
func (x *index) evictedAgain(p *corev1.Pod) bool {
	if p.Status.Reason != "Evicted" || x.snapshot.At.Sub(pod.Since(p, pod.StageStart)) > evictedLately {
		return false
	}
	n := 1
	var next time.Time
	for _, o := range x.siblings(p) {
		made := o.CreationTimestamp.Time
		switch {
		case o.Status.Reason == "Evicted" && made.After(p.CreationTimestamp.Time):
			return false
		case o.Status.Reason == "Evicted":
			n++
		case made.After(p.CreationTimestamp.Time) && earlier(made, next):
			next = made
		}
	}
	if n < evictions && strings.Contains(p.Status.Message, " limit ") && !next.IsZero() {
		return x.snapshot.At.Sub(next) <= 2*next.Sub(p.CreationTimestamp.Time)
	}
	return n >= evictions
}

// siblings are the other Pods of the owner of a Pod.
func (x *index) siblings(p *corev1.Pod) []*corev1.Pod {
	c := metav1.GetControllerOf(p)
	if c == nil {
		return nil
	}
	x.indexPods()
	var out []*corev1.Pod
	for _, o := range x.podsByOwner[owner{p.Namespace, c.Name, c.UID}] {
		if o != p {
			out = append(out, o)
		}
	}
	return out
}

// Siblings returns the other Pods of the owner of the Pod.
func (p *Pass) Siblings() []*corev1.Pod { return p.podRun.index.siblings(p.Pod) }
