package dump

import (
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// unready is how the kubelet says that a probe fails without which a Pod does not get ready.
var unready = match.Lazy(`(?i)^(?:\(combined from similar events\): )?(?:readiness|startup) probe `)

var starting = match.Lazy(`(?i)startup probe `)

// running is a Pod of which Events say that it was started, and that a probe keeps it from getting ready.
func running(ref cluster.Ref, e *corev1.Event, container, image string, started time.Time) *corev1.Pod {
	p := waiting(ref, e, container, image)
	p.Status.Phase = corev1.PodRunning
	since := metav1.NewTime(started)
	if started.IsZero() || e.FirstTimestamp.Time.Before(started) {
		since = e.FirstTimestamp
	}
	if p.CreationTimestamp = since; !since.IsZero() {
		p.Status.StartTime = &since
	}
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionFalse,
		LastTransitionTime: since}}
	if len(p.Spec.Containers) == 0 { // it has one, of whatever name
		p.Spec.Containers, p.Status.ContainerStatuses = []corev1.Container{{}}, []corev1.ContainerStatus{{}}
	}
	for i := range p.Spec.Containers {
		if asked := (&corev1.Probe{}); starting().MatchString(e.Message) {
			p.Spec.Containers[i].StartupProbe, p.Status.ContainerStatuses[i].Started = asked, new(bool)
		} else {
			p.Spec.Containers[i].ReadinessProbe = asked
		}
		p.Status.ContainerStatuses[i].State = corev1.ContainerState{
			Running: &corev1.ContainerStateRunning{StartedAt: since}}
	}
	return p
}
