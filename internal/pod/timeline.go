package pod

import (
	"cmp"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Step is one part of a Pod's start as a timeline shows it: finer than a [Stage] where there is something to tell.
type Step string

// Steps in their order. Pull, create, start and run are of one container each.
const (
	StepSchedule Step = "schedule" // a node is found
	StepAccept   Step = "accept"   // its kubelet takes the Pod up
	StepAttach   Step = "attach"   // volumes are attached to the node
	StepMount    Step = "mount"    // volumes are mounted
	StepSandbox  Step = "sandbox"  // the sandbox is made
	StepNetwork  Step = "network"  // it gets its address
	StepPull     Step = "pull"     // the image is pulled
	StepCreate   Step = "create"   // the container is created
	StepStart    Step = "start"    // it is started
	StepRun      Step = "run"      // an init container does its work
	StepReady    Step = "ready"    // the probes are passed
)

// Steps lists all steps in order.
var Steps = []Step{StepSchedule, StepAccept, StepAttach, StepMount, StepSandbox, StepNetwork, StepPull, StepCreate,
	StepStart, StepRun, StepReady}

// What is known of a step.
const (
	SpanDone    = "done"    // it took from From to To
	SpanWithin  = "within"  // it took place between From and To; how much of that it took is not known
	SpanOpen    = "open"    // it has gone on since From
	SpanOneOf   = "one-of"  // since From this step or another that is marked so has gone on; nobody says which
	SpanNone    = "none"    // there was nothing to do
	SpanUnknown = "unknown" // nothing is known of it
	SpanAhead   = "ahead"   // it has not begun
)

// A Span is one step of a Pod's start.
type Span struct {
	Step      Step      `json:"step"`                // which one
	State     string    `json:"state"`               // what is known of it
	From      time.Time `json:"from,omitzero"`       // since when
	To        time.Time `json:"to,omitzero"`         // until when; of what still goes on, the instant of the report
	AtMost    bool      `json:"atMost,omitempty"`    // it may have ended before To
	Container string    `json:"container,omitempty"` // of pull, create, start and run
	Image     string    `json:"image,omitempty"`     // of pull
	Bytes     int64     `json:"bytes,omitempty"`     // of pull, where the kubelet tells the size
}

// Took is how long the step took, or has gone on; not ok where that is not known.
func (s *Span) Took() (took time.Duration, ok bool) {
	return s.To.Sub(s.From), s.State == SpanDone || s.State == SpanOpen || s.State == SpanOneOf
}

// Beside is what other objects say of a Pod's start.
type Beside struct {
	Attachments []Attachment // of its volumes to its node
	Sandbox     time.Time    // when its newest sandbox was made, as the runtime tells; zero where nobody does
}

// An Attachment is a volume's to the node.
type Attachment struct {
	Since    time.Time // when it was asked for
	Attached bool
}

// TimelineOf tells how a Pod has started, or how far it has come at a time: what its conditions, the states of its
// containers and all Events about it say, in the order of the steps. A Pod that ends, and one of which its status says
// nothing, has none.
//
// Times are of several clocks and whole seconds. A step does not begin before the one that it waits for has ended.
func TimelineOf(p *corev1.Pod, at time.Time, events []*corev1.Event, beside Beside) []Span {
	if p.DeletionTimestamp != nil || p.CreationTimestamp.IsZero() {
		return nil
	}
	t := &timeline{pod: p, at: at, events: events, beside: beside, now: p.CreationTimestamp.Time}
	t.stage = CurrentStage(p, at, Unresolved(p, at, Complaints(events), events), events)
	var few [16]Span
	t.spans = few[:0]
	t.schedule()
	t.accept()
	t.volumes()
	t.containers()
	t.ready()
	return slices.Clone(t.spans)
}

// timeline is one under construction.
type timeline struct {
	pod    *corev1.Pod
	at     time.Time
	events []*corev1.Event
	beside Beside
	stage  Stage // that the Pod waits in, if it waits

	spans []Span
	now   time.Time // when the last step ended whose end is known
	ended bool      // a step goes on: what follows is ahead
	lost  bool      // when the last step ended is not known
}

// add adds a span that begins where the last one ended, and goes on from its end.
func (t *timeline) add(s Span) {
	if t.ended {
		s.State, s.From, s.To, s.Bytes = SpanAhead, time.Time{}, time.Time{}, 0
		t.spans = append(t.spans, s)
		return
	}
	switch s.State {
	case SpanDone, SpanWithin:
		if s.From.Before(t.now) {
			s.From = t.now
		}
		if s.To.Before(s.From) {
			s.To = s.From
		}
		if s.State == SpanDone && t.lost {
			s.AtMost = true // when it began is not known
		}
		if s.State == SpanDone {
			t.now, t.lost = s.To, false
		}
	case SpanOpen, SpanOneOf:
		if s.From.Before(t.now) {
			s.From = t.now
		}
		if s.To = t.at; s.To.Before(s.From) {
			s.From = s.To
		}
		t.ended = s.State == SpanOpen
	case SpanUnknown:
		t.lost = true
	}
	t.spans = append(t.spans, s)
}

// ends adds a step that ended at a time, as far as that is known.
func (t *timeline) ends(s Span, to time.Time) {
	if s.State = SpanDone; to.IsZero() {
		s.State = SpanUnknown
	}
	s.To = to
	t.add(s)
}

func (t *timeline) schedule() {
	s := Span{Step: StepSchedule}
	c := Condition(t.pod, corev1.PodScheduled)
	switch {
	case t.pod.Spec.NodeName == "":
		s.State = SpanOpen
		t.add(s)
	case c != nil && c.Status == corev1.ConditionTrue && !c.LastTransitionTime.IsZero():
		t.ends(s, c.LastTransitionTime.Time)
	default:
		t.ends(s, t.first("Scheduled", "").Time)
	}
}

// accept is the time until the kubelet takes a Pod up. That it does so at once is not worth a line.
func (t *timeline) accept() {
	s := Span{Step: StepAccept}
	switch start := t.pod.Status.StartTime; {
	case t.ended:
	case t.stage == StageAccept:
		s.State = SpanOpen
		t.add(s)
	case start != nil && start.Sub(t.now) >= 2*time.Second:
		t.ends(s, start.Time)
	}
}

// moment is when an Event was seen first, and the Event; both are zero where there is none.
type moment struct {
	time.Time
	event *corev1.Event
}

// first is the first Event with a reason about a field: "" stands for any.
func (t *timeline) first(reason, field string) moment {
	var m moment
	for _, e := range t.events {
		at := e.FirstTimestamp.Time
		if e.Reason == reason && (field == "" || e.InvolvedObject.FieldPath == field) &&
			(m.event == nil || at.Before(m.Time)) {
			m = moment{at, e}
		}
	}
	return m
}

// last is when Events with a reason were seen last.
func (t *timeline) last(reason string) time.Time {
	var out time.Time
	for _, e := range t.events {
		if e.Reason == reason && e.LastTimestamp.After(out) {
			out = e.LastTimestamp.Time
		}
	}
	return out
}

// volumes are the steps before the first container: what happens from the attaching to the network. From outside they
// cannot be told apart where nobody speaks.
func (t *timeline) volumes() {
	end, sandbox := t.sandboxEnd(), t.complaint(StageSandbox, StageNetwork)
	open := !t.ended && t.stage.Step() == StageVolumes.Step() && Waiting(t.pod, t.at)
	attach := t.attach(end, open)
	if t.add(attach); t.ended {
		t.add(Span{Step: StepMount})
		t.before(SpanAhead, time.Time{})
		return
	}
	mount := t.nothingToMount()
	switch {
	case open && t.stage == StageVolumes && !t.complaint(StageVolumes).IsZero():
		t.add(Span{Step: StepMount, State: SpanOpen})
		t.before(SpanAhead, time.Time{})
	case open && sandbox.IsZero():
		if mount != "" {
			t.add(Span{Step: StepMount, State: mount})
		} else {
			t.add(Span{Step: StepMount, State: SpanOneOf})
		}
		t.before(SpanOneOf, time.Time{})
		t.ended = true
	case open:
		t.mounted(mount, sandbox)
		t.before(SpanOneOf, time.Time{})
		t.ended = true
	case end.IsZero():
		t.add(Span{Step: StepMount, State: cmp.Or(mount, SpanUnknown)})
		t.before(SpanUnknown, time.Time{})
	default:
		if sandbox.IsZero() || sandbox.After(end) {
			sandbox = end
		}
		from := t.now
		t.mounted(mount, sandbox)
		if mount == "" && sandbox.Before(end) {
			from = sandbox
		}
		t.now = later(from, t.now)
		t.before(SpanWithin, end)
		t.now, t.lost = later(t.now, end), false
	}
}

// mounted adds that volumes were mounted at a time at the latest.
func (t *timeline) mounted(state string, to time.Time) {
	if state != "" {
		t.add(Span{Step: StepMount, State: state})
		return
	}
	t.add(Span{Step: StepMount, State: SpanWithin, From: t.now, To: to})
}

// before adds the sandbox and its network, which belong together.
func (t *timeline) before(state string, to time.Time) {
	network := state
	if t.pod.Spec.HostNetwork {
		network = SpanNone
	}
	for _, s := range []Span{{Step: StepSandbox, State: state}, {Step: StepNetwork, State: network}} {
		s.From, s.To = t.now, to
		t.add(s)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// nothingToMount is "none" where a Pod has no volumes.
func (t *timeline) nothingToMount() string {
	if len(t.pod.Spec.Volumes) == 0 {
		return SpanNone
	}
	return ""
}

// attach is the attaching of volumes: as Events and the VolumeAttachments tell it.
func (t *timeline) attach(end time.Time, open bool) Span {
	s := Span{Step: StepAttach, State: SpanUnknown}
	claims := slices.ContainsFunc(t.pod.Spec.Volumes, func(v corev1.Volume) bool { return ClaimName(t.pod, &v) != "" })
	begun, all := time.Time{}, len(t.beside.Attachments) > 0
	for _, a := range t.beside.Attachments {
		begun, all = later(begun, a.Since), all && a.Attached
	}
	switch done := t.last("SuccessfulAttachVolume"); {
	case !claims && done.IsZero() && t.last("FailedAttachVolume").IsZero():
		s.State = SpanNone
	case open && !t.complaintOf("FailedAttachVolume").IsZero(), open && len(t.beside.Attachments) > 0 && !all:
		s.State = SpanOpen
	case !done.IsZero():
		s.State, s.To = SpanDone, done
	case all && begun.Before(t.pod.CreationTimestamp.Time):
		s.State = SpanNone // it was there already
	case all && !end.IsZero():
		s.State, s.From, s.To = SpanWithin, begun, end
	case open && len(t.beside.Attachments) == 0:
		s.State = SpanOneOf
	}
	return s
}

// complaint is when somebody first complained of one of some stages before the first container.
func (t *timeline) complaint(stages ...Stage) time.Time {
	return t.earliest(func(e *corev1.Event) bool { return slices.Contains(stages, sandboxReasons[e.Reason]) })
}

// complaintOf is when somebody first complained with a reason.
func (t *timeline) complaintOf(reason string) time.Time {
	return t.earliest(func(e *corev1.Event) bool { return e.Reason == reason })
}

func (t *timeline) earliest(is func(*corev1.Event) bool) time.Time {
	var out time.Time
	for _, e := range t.events {
		if is(e) && (out.IsZero() || e.FirstTimestamp.Time.Before(out)) {
			out = e.FirstTimestamp.Time
		}
	}
	return out
}

// sandboxEnd is when the sandbox and its network were there first, as near as anybody says; zero where nobody does.
// The condition is of the newest sandbox: a container that is older than that had another one.
func (t *timeline) sandboxEnd() time.Time {
	first := t.earliest(func(e *corev1.Event) bool {
		return e.Reason == "Pulling" || e.Reason == "Pulled" || e.Reason == "Created"
	})
	for _, list := range statuses(t.pod) {
		for i := range list {
			if at := startedAt(&list[i]); !at.IsZero() && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	c := Condition(t.pod, corev1.PodReadyToStartContainers)
	if c != nil && c.Status == corev1.ConditionTrue && !c.LastTransitionTime.IsZero() &&
		(first.IsZero() || c.LastTransitionTime.Time.Before(first)) {
		return c.LastTransitionTime.Time
	}
	if first.IsZero() {
		return t.beside.Sandbox
	}
	return first
}
