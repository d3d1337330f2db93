package cluster

import (
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Trim removes from an object what a snapshot must not hold or does not need, as [Builder.Add] does. Parts of it may be
// shared with other objects that one goroutine trims.
func Trim(o metav1.Object) {
	o.SetManagedFields(Managers(o.GetManagedFields()))
	switch o := o.(type) {
	case *appsv1.ControllerRevision:
		trimRevision(o)
	case *admissionregistrationv1.ValidatingWebhookConfiguration:
		for i := range o.Webhooks {
			o.Webhooks[i].ClientConfig.CABundle = nil
		}
	case *admissionregistrationv1.MutatingWebhookConfiguration:
		for i := range o.Webhooks {
			o.Webhooks[i].ClientConfig.CABundle = nil
		}
	case *corev1.Secret:
		for k := range o.Data {
			o.Data[k] = nil
		}
		for k := range o.StringData {
			if o.Data == nil {
				o.Data = map[string][]byte{}
			}
			o.Data[k] = nil
		}
		o.StringData = nil
	case *corev1.ConfigMap:
		for k := range o.Data {
			o.Data[k] = ""
		}
		for k := range o.BinaryData {
			o.BinaryData[k] = nil
		}
	case *corev1.Node:
		trimImages(o)
	case *corev1.Event:
		normalizeEvent(o)
	case *containerlog.ContainerLog:
		o.Trim()
	}
	Clean(o)
}

// normalizeEvent fills the one form of times and count that the rest of the program reads,
// whichever of the three forms the recorder wrote (count and timestamps, eventTime, series).
func normalizeEvent(e *corev1.Event) {
	if e.FirstTimestamp.IsZero() {
		e.FirstTimestamp = seconds(e.EventTime)
	}
	if e.FirstTimestamp.IsZero() {
		e.FirstTimestamp = e.CreationTimestamp
	}
	if s := e.Series; s != nil {
		e.Count = max(e.Count, s.Count)
		if last := seconds(s.LastObservedTime); last.After(e.LastTimestamp.Time) {
			e.LastTimestamp = last
		}
	}
	if e.LastTimestamp.Time.Before(e.FirstTimestamp.Time) {
		e.LastTimestamp = e.FirstTimestamp
	}
	e.Count = max(e.Count, 1)
	if e.Source.Component == "" {
		e.Source.Component = e.ReportingController
	}
	e.EventTime, e.Series = metav1.MicroTime{}, nil
}

// seconds is an instant as firstTimestamp and lastTimestamp tell it, so that what is written reads the same.
func seconds(t metav1.MicroTime) metav1.Time { return metav1.NewTime(t.Truncate(time.Second)) }

// newest is the latest time that any object of the snapshot tells: a dump is at least as young as that. What is told
// of a time long after the files were written, or after what the clocks of the cluster agree on, is wrong: whoever may
// create Events may write one of next year.
func newest(s *Snapshot, written time.Time) time.Time {
	latest := time.Time{}
	if !written.IsZero() {
		latest = written.Add(near)
	}
	if clocks := s.clocks(""); len(clocks) > 1 {
		latest = clocks[1].Add(near)
	}
	if at := newestUntil(s, latest); !at.IsZero() {
		return at
	}
	return newestUntil(s, time.Time{}) // the files tell a time that cannot be
}

// newestUntil is the latest time that any object tells and that is not after another, where there is one.
func newestUntil(s *Snapshot, latest time.Time) time.Time {
	var at time.Time
	see := func(t time.Time) {
		if t.After(at) && (latest.IsZero() || !t.After(latest)) {
			at = t
		}
	}
	for _, of := range s.objects {
		for _, o := range of {
			see(o.GetCreationTimestamp().Time)
			switch o := o.(type) {
			case *corev1.Event:
				see(o.LastTimestamp.Time)
			case *coordinationv1.Lease:
				if o.Spec.RenewTime != nil {
					see(o.Spec.RenewTime.Time)
				}
			case *corev1.Pod:
				for _, c := range o.Status.Conditions {
					see(c.LastTransitionTime.Time)
				}
				for _, c := range slices.Concat(o.Status.InitContainerStatuses, o.Status.ContainerStatuses) {
					for _, state := range []corev1.ContainerState{c.State, c.LastTerminationState} {
						if state.Running != nil {
							see(state.Running.StartedAt.Time)
						}
						if state.Terminated != nil {
							see(state.Terminated.FinishedAt.Time)
						}
					}
				}
			case *nodefacts.NodeFacts:
				see(o.At.Time)
			case *corev1.Node:
				for _, c := range o.Status.Conditions {
					see(c.LastHeartbeatTime.Time)
				}
			}
		}
	}
	return at.UTC()
}
