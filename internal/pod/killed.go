package pod

import (
	"time"

	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

var (
	probeKill   = match.MustExpr(`failed (liveness|startup) probe|^Killing container .{0,200}failed liveness probe`)
	startupKill = match.MustExpr(`failed startup probe`)
	changeKill  = match.MustExpr(`definition changed|resize requires restart`)
)

// killLag is how much later than the end of a container the kubelet may say why it ended it.
const killLag = 5 * time.Second

// KilledBy is the probe, by its field, because of which the kubelet killed the container that ended as is told, and the
// Events that prove it: a Killing, and an Unhealthy of its last run. Of the Killings of a container that is killed
// again and again the kubelet tells fewer and fewer, so an older one counts as well.
func KilledBy(container string, t *corev1.ContainerStateTerminated, events []*corev1.Event) (string,
	[]*corev1.Event) {
	var kill, failure *corev1.Event
	field := ""
	for _, e := range events {
		if containerOf(e.InvolvedObject.FieldPath) != container {
			continue
		}
		switch {
		case e.Reason == "Killing" && probeKill.Match(e.Message):
			kill, field = e, "livenessProbe"
			if startupKill.Match(e.Message) {
				field = "startupProbe"
			}
		case ProbeField(e) == "livenessProbe" && spans(e, t), ProbeField(e) == "startupProbe" && spans(e, t):
			failure = e
		}
	}
	signalled := t.ExitCode == 137 || t.ExitCode == 143
	switch {
	case kill == nil, !spans(kill, t) && !(signalled && failure != nil):
		return "", nil
	case failure == nil:
		return field, []*corev1.Event{kill}
	}
	return ProbeField(failure), []*corev1.Event{failure, kill}
}

// spans reports whether an Event was seen while a container ran that has ended, and perhaps before and after, too.
func spans(e *corev1.Event, t *corev1.ContainerStateTerminated) bool {
	return !e.LastTimestamp.Before(&t.StartedAt) && !e.FirstTimestamp.After(t.FinishedAt.Add(killLag))
}

// during reports whether an Event was seen last while a container ran that has ended, or as it ended.
func during(e *corev1.Event, t *corev1.ContainerStateTerminated) bool {
	at := e.LastTimestamp.Time
	return !at.Before(t.StartedAt.Time) && !at.After(t.FinishedAt.Add(killLag))
}

// Replaced reports whether the kubelet ended a container on purpose, to start it with what has been changed in the Pod.
func Replaced(container string, t *corev1.ContainerStateTerminated, events []*corev1.Event) bool {
	for _, e := range events {
		if e.Reason == "Killing" && containerOf(e.InvolvedObject.FieldPath) == container &&
			changeKill.Match(e.Message) && during(e, t) {
			return true
		}
	}
	return false
}
