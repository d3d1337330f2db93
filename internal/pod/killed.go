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
// Events that prove it: a Killing, and an Unhealthy of its last run. Of what it does with a Pod again and again the
// kubelet tells less and less, so where it has fallen silent an older one of each counts as well, if the container
// lived as long as the probe lets it.
func KilledBy(p *corev1.Pod, container string, t *corev1.ContainerStateTerminated, events []*corev1.Event) (string,
	[]*corev1.Event) {
	var kill, failure, older *corev1.Event
	field := ""
	for _, e := range events {
		if containerOf(e.InvolvedObject.FieldPath) != container {
			continue
		}
		switch probe := ProbeField(e); {
		case e.Reason == "Killing" && probeKill.Match(e.Message):
			kill, field = e, "livenessProbe"
			if startupKill.Match(e.Message) {
				field = "startupProbe"
			}
		case probe != "livenessProbe" && probe != "startupProbe":
		case spans(e, t):
			failure = e
		default:
			older = e
		}
	}
	signalled := t.ExitCode == 137 || t.ExitCode == 143
	switch {
	case kill == nil:
		return "", nil
	case spans(kill, t), signalled && failure != nil:
	case silenced(p, container, events) && (signalled || t.ExitCode == 0 && outlives(p, container, field, t)):
		if failure == nil && older != nil && ProbeField(older) == field {
			failure = older
		}
	default:
		return "", nil
	}
	if failure == nil {
		return field, []*corev1.Event{kill}
	}
	return ProbeField(failure), []*corev1.Event{failure, kill}
}

// silenced reports whether a container started more often than the kubelet has told. Source:
// EventSourceObjectSpamFilter of client-go, 25 Events about an object and then one every five minutes.
func silenced(p *corev1.Pod, container string, events []*corev1.Event) bool {
	told := int32(0)
	for _, e := range events {
		if e.Reason == "Started" && containerOf(e.InvolvedObject.FieldPath) == container {
			told += max(e.Count, 1)
		}
	}
	s := StatusOf(p, container)
	return s != nil && s.RestartCount >= told
}

// outlives reports whether a container ran for as long as its probe has to fail until the kubelet kills it.
func outlives(p *corev1.Pod, container, field string, t *corev1.ContainerStateTerminated) bool {
	c := Container(p, container)
	if c == nil {
		return false
	}
	probe := c.LivenessProbe
	if field == "startupProbe" {
		probe = c.StartupProbe
	}
	return probe != nil && t.FinishedAt.Sub(t.StartedAt.Time) >= KillBudget(probe)
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
