// Package workload reads what an object that makes Pods says of itself: how many it wants, how many it has, why it
// makes none, and what they would look like. It knows of no other object.
package workload

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Kinds are the kinds of objects that make Pods, or make what makes them.
var Kinds = []string{"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "ReplicationController"}

// A State is why a workload has the Pods that it has, where that is what somebody asked for.
type State string

const (
	Active    State = ""          // it makes what is wanted
	Paused    State = "paused"    // a Deployment's template changes and no Pods are made of it
	Suspended State = "suspended" // a Job or CronJob makes no Pods until it is resumed
	Zero      State = "zero"      // no replicas are wanted
	NoNode    State = "no-node"   // a DaemonSet that fits no node
	Complete  State = "complete"  // a Job is done
	Failed    State = "failed"    // a Job has given up
	Idle      State = "idle"      // a CronJob between two runs
)

// A Workload is what an object that makes Pods says of itself.
type Workload struct {
	Ref      cluster.Ref
	Object   metav1.Object
	Template *corev1.PodTemplateSpec // nil where there is none
	Desired  int                     // how many Pods are wanted now
	Made     int                     // how many of them there are, by its status
	Ready    int                     // how many of these are ready, by its status
	Observed bool                    // its controller has seen its newest generation
	State    State
	Message  string // of a Job that failed: why; of a CronJob: the run that lets no other begin
	Strategy string // of a Deployment whose update lets all old Pods go at once: "Recreate", "maxUnavailable 100%"
}

// Missing is how many Pods are wanted and not there.
func (w *Workload) Missing() int {
	if w.State != Active {
		return 0
	}
	return max(w.Desired-w.Made, 0)
}

// Of reads a workload; not ok where the object is none.
func Of(o metav1.Object) (Workload, bool) {
	w := Workload{Object: o, Observed: true}
	kind := ""
	switch o := o.(type) {
	case *appsv1.Deployment:
		kind = "Deployment"
		w.deployment(o)
	case *appsv1.ReplicaSet:
		kind = "ReplicaSet"
		w.Template = &o.Spec.Template
		w.replicas(o.Spec.Replicas, o.Status.Replicas, o.Status.ReadyReplicas)
		w.Observed = o.Status.ObservedGeneration >= o.Generation
	case *corev1.ReplicationController:
		kind = "ReplicationController"
		w.Template = o.Spec.Template
		w.replicas(o.Spec.Replicas, o.Status.Replicas, o.Status.ReadyReplicas)
		w.Observed = o.Status.ObservedGeneration >= o.Generation
	case *appsv1.StatefulSet:
		kind = "StatefulSet"
		w.Template = &o.Spec.Template
		w.replicas(o.Spec.Replicas, o.Status.Replicas, o.Status.ReadyReplicas)
		w.Observed = o.Status.ObservedGeneration >= o.Generation
	case *appsv1.DaemonSet:
		kind = "DaemonSet"
		w.daemonSet(o)
	case *batchv1.Job:
		kind = "Job"
		w.job(o)
	case *batchv1.CronJob:
		kind = "CronJob"
		w.Template = &o.Spec.JobTemplate.Spec.Template
		w.State = Idle
		if o.Spec.Suspend != nil && *o.Spec.Suspend {
			w.State = Suspended
		} else if len(o.Status.Active) > 0 && o.Spec.ConcurrencyPolicy == batchv1.ForbidConcurrent {
			w.Message = o.Status.Active[0].Name
		}
	default:
		return Workload{}, false
	}
	w.Ref = cluster.Ref{Kind: kind, Namespace: o.GetNamespace(), Name: o.GetName()}
	return w, true
}

func (w *Workload) replicas(desired *int32, made, ready int32) {
	w.Desired, w.Made, w.Ready = 1, int(made), int(ready)
	if desired != nil {
		w.Desired = int(*desired)
	}
	if w.Desired == 0 {
		w.State = Zero
	}
}

// deployment counts the Pods of the newest template: those of older ones go on running while new ones are not made.
func (w *Workload) deployment(d *appsv1.Deployment) {
	w.Template = &d.Spec.Template
	w.replicas(d.Spec.Replicas, d.Status.UpdatedReplicas, d.Status.ReadyReplicas)
	w.Observed = d.Status.ObservedGeneration >= d.Generation
	w.Strategy = allAtOnce(d, w.Desired)
	if d.Spec.Paused && w.State == Active {
		w.State = Paused
	}
}

// allAtOnce is the strategy of a Deployment where an update of it may let all old Pods go before new ones are ready.
func allAtOnce(d *appsv1.Deployment, desired int) string {
	s := d.Spec.Strategy
	if s.Type == appsv1.RecreateDeploymentStrategyType {
		return "Recreate"
	}
	if s.RollingUpdate == nil || s.RollingUpdate.MaxUnavailable == nil {
		return ""
	}
	most := s.RollingUpdate.MaxUnavailable
	if n, err := intstr.GetScaledValueFromIntOrPercent(most, desired, false); err != nil || desired == 0 || n < desired {
		return ""
	}
	return "maxUnavailable " + most.String()
}

func (w *Workload) daemonSet(d *appsv1.DaemonSet) {
	w.Template = &d.Spec.Template
	w.Desired = int(d.Status.DesiredNumberScheduled)
	w.Made, w.Ready = int(d.Status.CurrentNumberScheduled), int(d.Status.NumberReady)
	w.Observed = d.Status.ObservedGeneration >= d.Generation
	if w.Observed && w.Desired == 0 {
		w.State = NoNode
	}
}

// job counts as made those that are active: what has ended was made, and what is left to do is wanted.
func (w *Workload) job(j *batchv1.Job) {
	w.Template = &j.Spec.Template
	w.replicas(j.Spec.Parallelism, j.Status.Active, 0)
	if c := j.Spec.Completions; c != nil {
		w.Desired = min(w.Desired, max(int(*c-j.Status.Succeeded), 0))
	}
	if j.Status.Ready != nil {
		w.Ready = int(*j.Status.Ready)
	}
	if j.Spec.Suspend != nil && *j.Spec.Suspend {
		w.State = Suspended
	}
	for _, c := range j.Status.Conditions {
		if c.Status != corev1.ConditionTrue {
			continue
		}
		switch c.Type {
		case batchv1.JobFailed, batchv1.JobFailureTarget:
			w.State, w.Message = Failed, strings.TrimSpace(string(c.Reason)+": "+c.Message)
		case batchv1.JobComplete, batchv1.JobSuccessCriteriaMet:
			w.State = Complete
		}
	}
}

// Names are those that a StatefulSet gives its Pods, the first of them; nil of another workload, whose Pods get any.
func Names(o metav1.Object, most int) []string {
	set, ok := o.(*appsv1.StatefulSet)
	if !ok {
		return nil
	}
	first, count := 0, 1
	if set.Spec.Ordinals != nil {
		first = int(set.Spec.Ordinals.Start)
	}
	if set.Spec.Replicas != nil {
		count = int(*set.Spec.Replicas)
	}
	var out []string
	for i := first; i < first+min(count, most); i++ {
		out = append(out, set.Name+"-"+strconv.Itoa(i))
	}
	return out
}

// Never reports whether an object was never in a cluster: a manifest has neither a UID nor the time when it was made.
func Never(o metav1.Object) bool { return o.GetUID() == "" && o.GetCreationTimestamp().Time.IsZero() }

// A Condition is one that says that a workload's Pods cannot be made, and its place in the status.
type Condition struct {
	Index int
	Type  string
	metav1.Condition
}

// Refused returns the conditions of a workload which say that its Pods, or what makes them, cannot be made. Source:
// kube-controller-manager, controllers of ReplicaSets, ReplicationControllers and Deployments.
func Refused(o metav1.Object) []Condition {
	var out []Condition
	add := func(i int, kind, status, reason, message string, at metav1.Time) {
		failure := kind == string(appsv1.ReplicaSetReplicaFailure) && status == string(corev1.ConditionTrue)
		unmade := kind == string(appsv1.DeploymentProgressing) && strings.HasSuffix(reason, "CreateError")
		if failure || unmade {
			out = append(out, Condition{i, kind,
				metav1.Condition{Reason: reason, Message: message, LastTransitionTime: at}})
		}
	}
	switch o := o.(type) {
	case *appsv1.Deployment:
		for i, c := range o.Status.Conditions {
			add(i, string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime)
		}
	case *appsv1.ReplicaSet:
		for i, c := range o.Status.Conditions {
			add(i, string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime)
		}
	case *corev1.ReplicationController:
		for i, c := range o.Status.Conditions {
			add(i, string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime)
		}
	}
	return out
}
