package workload

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// neverMakesPods are kinds of which Events that something cannot be made speak of something else than Pods.
var neverMakesPods = map[string]bool{"Pod": true, "Node": true, "PersistentVolumeClaim": true, "PersistentVolume": true,
	"Service": true, "Ingress": true, "Namespace": true, "Endpoints": true, "EndpointSlice": true,
	"VolumeSnapshot": true, "Certificate": true, "Lease": true, "ConfigMap": true, "Secret": true,
	"HorizontalPodAutoscaler": true, "PodDisruptionBudget": true}

// Refuses reports whether an Event says that a Pod, or what makes it, cannot be made. FailedCreate is the word of
// kube-controller-manager's controllers, ReplicaSetCreateError that of its Deployments, and operators have their own.
func Refuses(e *corev1.Event) bool {
	if e.Type != corev1.EventTypeWarning || neverMakesPods[e.InvolvedObject.Kind] {
		return false
	}
	switch e.Reason {
	case "FailedCreate", "ReplicaSetCreateError":
		return true
	case "FailedNeedsStart", "UnparseableSchedule", "UnParseableCronJobSchedule", "InvalidSchedule", "UnknownTimeZone":
		return e.InvolvedObject.Kind == "CronJob"
	}
	reason := strings.ToLower(e.Reason)
	return strings.Contains(reason, "create") && strings.Contains(reason, "fail") &&
		strings.Contains(strings.ToLower(e.Message), "pod")
}

// Makes reports whether an Event says that an object has made a Pod, or what makes it.
func Makes(e *corev1.Event) bool { return e.Reason == "SuccessfulCreate" }
