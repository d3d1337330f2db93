package pod

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubestuck/stuck/internal/match"
)

// startedAt is when a container was started first, as far as its status tells; zero where it does not. The status keeps
// the newest run, and the one before it.
func startedAt(s *corev1.ContainerStatus) time.Time {
	switch {
	case s.RestartCount > 1:
	case s.RestartCount == 1 && s.LastTerminationState.Terminated != nil:
		return s.LastTerminationState.Terminated.StartedAt.Time
	case s.RestartCount == 1:
	case s.State.Running != nil:
		return s.State.Running.StartedAt.Time
	case s.State.Terminated != nil && !s.State.Terminated.StartedAt.IsZero():
		return s.State.Terminated.StartedAt.Time
	}
	return time.Time{}
}

// containers are the steps of each container: the init containers, one after the other, then the others.
func (t *timeline) containers() {
	for i := range t.pod.Spec.InitContainers {
		c := &t.pod.Spec.InitContainers[i]
		s := t.statusOf(c)
		t.container(c, s, fmt.Sprintf("spec.initContainers{%s}", c.Name))
		if !Sidecar(t.pod, c.Name) {
			t.run(c, s)
		}
	}
	for i := range t.pod.Spec.Containers {
		c := &t.pod.Spec.Containers[i]
		t.container(c, t.statusOf(c), fmt.Sprintf("spec.containers{%s}", c.Name))
	}
}

// statusOf is the status of a container, empty where it has none yet.
func (t *timeline) statusOf(c *corev1.Container) *corev1.ContainerStatus {
	if s := StatusOf(t.pod, c.Name); s != nil {
		return s
	}
	return &corev1.ContainerStatus{Name: c.Name}
}

// container is the start of one container: its image is pulled, it is created and started.
func (t *timeline) container(c *corev1.Container, s *corev1.ContainerStatus, field string) {
	pull := Span{Step: StepPull, Container: c.Name, Image: c.Image}
	create, start := Span{Step: StepCreate, Container: c.Name}, Span{Step: StepStart, Container: c.Name}
	started := t.startOf(s, field)
	created := t.first("Created", field)
	pulling, pulled := t.first("Pulling", field), t.first("Pulled", field)
	waits := ""
	if s.State.Waiting != nil {
		waits = s.State.Waiting.Reason
	}
	stage, _ := waitingStage(waits)
	switch {
	case pulled.event != nil && strings.Contains(pulled.event.Message, "already present"):
		pull.State = SpanNone
	case pulled.event != nil:
		took, bytes := pullOf(pulled.event.Message)
		pull.From, pull.Bytes = later(pulling.Time, pulled.Add(-took)), bytes
		pull.State, pull.To = SpanDone, pulled.Time
	case started.IsZero() && created.event == nil && stage == StageImage,
		started.IsZero() && created.event == nil && pulling.event != nil:
		pull.State, pull.From = SpanOpen, pulling.Time
	case !started.IsZero() && !t.lost:
		pull.State, pull.To = SpanWithin, started
	case stage.Step() > StageImage.Step(), !started.IsZero(), s.RestartCount > 0:
		pull.State = SpanUnknown
	default:
		t.nextUp(pull, create, start)
		return
	}
	t.add(pull)
	t.created(s, create, start, created, started, stage)
}

// created goes on with a container whose image is there.
func (t *timeline) created(s *corev1.ContainerStatus, create, start Span, created moment, started time.Time,
	stage Stage) {
	switch {
	case created.event != nil:
		t.ends(create, created.Time)
	case !started.IsZero() && !t.lost:
		create.State, create.To = SpanWithin, started
		t.add(create)
	case !started.IsZero() || s.RestartCount > 0 || stage == StageStart:
		create.State = SpanUnknown
		t.add(create)
	default:
		create.State = SpanOpen
		t.add(create)
	}
	switch {
	case stage == StageStart, s.State.Terminated != nil && s.State.Terminated.ExitCode != 0:
		start.State, start.From = SpanOpen, created.Time // it does not stay up
		t.add(start)
	case !started.IsZero():
		t.ends(start, started)
	case s.State.Running != nil || s.RestartCount > 0:
		start.State = SpanUnknown
		t.add(start)
	default:
		start.State = SpanOpen
		t.add(start)
	}
}

// nextUp are the steps of a container of which nobody says anything yet: its image is next where the one before it has
// been started.
func (t *timeline) nextUp(pull, create, start Span) {
	pull.State = SpanOneOf
	t.add(pull)
	for _, s := range []Span{create, start} {
		s.State = SpanOneOf
		t.add(s)
	}
	t.ended = true
}

// startOf is when a container was started first.
func (t *timeline) startOf(s *corev1.ContainerStatus, field string) time.Time {
	if at := startedAt(s); !at.IsZero() {
		return at
	}
	return t.first("Started", field).Time
}

// run is the work of an init container.
func (t *timeline) run(c *corev1.Container, s *corev1.ContainerStatus) {
	span := Span{Step: StepRun, Container: c.Name}
	switch end := s.State.Terminated; {
	case end != nil && end.ExitCode == 0:
		t.ends(span, end.FinishedAt.Time)
	case s.State.Running != nil:
		span.State, span.From = SpanOpen, s.State.Running.StartedAt.Time
		t.add(span)
	default:
		span.State = SpanAhead
		t.ended = true
		t.add(span)
	}
}

// ready is the time until the probes are passed: as of the newest time that the Pod became ready.
func (t *timeline) ready() {
	s := Span{Step: StepReady}
	switch c := Condition(t.pod, corev1.PodReady); {
	case t.ended:
		t.add(s)
	case c != nil && c.Status == corev1.ConditionTrue && !c.LastTransitionTime.IsZero():
		s.AtMost = t.restarted() || !t.last("Unhealthy").IsZero()
		t.ends(s, c.LastTransitionTime.Time)
	case t.pod.Status.Phase == corev1.PodSucceeded || t.pod.Status.Phase == corev1.PodFailed:
		s.State = SpanNone
		t.add(s)
	case wasReady(t.pod):
		s.State = SpanUnknown
		t.add(s)
	default:
		s.State = SpanOpen
		t.add(s)
	}
}

func (t *timeline) restarted() bool {
	for _, list := range statuses(t.pod) {
		for i := range list {
			if list[i].RestartCount > 0 {
				return true
			}
		}
	}
	return false
}

// pullSaid is what the kubelet says of a pull that has ended: how long it took, and how large the image is.
var pullSaid = match.Lazy(`(?s)^Successfully pulled image .{0,600}? in ([0-9a-zµ.]{1,32})` +
	`(?: \(([0-9a-zµ.]{1,32}) including waiting\))?(?:\. Image size: ([0-9]{1,18}) bytes)?`)

// pullOf reads how long a pull took, with waiting for other pulls, and how many bytes the image has; 0 where it is not
// said.
func pullOf(message string) (took time.Duration, bytes int64) {
	m := pullSaid().FindStringSubmatch(message)
	if m == nil {
		return 0, 0
	}
	took, err := time.ParseDuration(cmp.Or(m[2], m[1]))
	if err != nil || took < 0 {
		took = 0
	}
	bytes, _ = strconv.ParseInt(m[3], 10, 64) // "" is 0
	return took, bytes
}
