package dump

import (
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/nodelog"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// failures are the reasons of Events by which a Pod is known not to have started when they were recorded. Unhealthy is
// none: a Pod that runs gets it, too.
var failures = []string{"FailedScheduling", "FailedMount", "FailedAttachVolume", "FailedMapVolume", "Failed", "BackOff",
	"FailedCreatePodSandBox", "FailedSync", "InspectFailed", "ErrImageNeverPull", "NetworkNotReady", "FailedPostStartHook",
	"BranchAllocationFailed", "FailedPreStopHook", "FailedPrepareDynamicResources", "UnexpectedAdmissionError",
	"NodeAffinity", "TopologyAffinityError", "SMTAlignmentError", "OutOfcpu", "OutOfmemory", "OutOfpods",
	"OutOfephemeral-storage", "NodePorts", "AppArmor", "SysctlForbidden", "Evicted"}

// refusals are those of them by which the kubelet turned the Pod away.
var refusals = failures[len(failures)-12:]

// spoken is how long before the newest Event a Pod may have been spoken of last, if it waits still: the kubelet repeats
// itself within five minutes, the scheduler within ten or so.
const spoken = 15 * time.Minute

// addToldByEvents adds the Pods that only Events tell of, where what was given has no Pods and no list of them: an
// Events table is what people have at hand. What was recorded last says whether a Pod waits. It returns how many.
func (r *reader) addToldByEvents() (kept int) {
	if r.b.Known("Pod") {
		return 0
	}
	type told struct {
		last      *corev1.Event
		started   time.Time
		attached  time.Time
		unready   *corev1.Event // the last that says that a probe fails which lets it be ready
		container string
		image     string

		lastAt, startedAt int // in the order of the text, where nothing tells when it was
	}
	pods := map[cluster.Ref]*told{}
	var order []cluster.Ref
	var newest time.Time
	var lastStart time.Time
	for i, o := range r.b.OfKind("Event") {
		e, ok := o.(*corev1.Event)
		if !ok || e.InvolvedObject.Kind != "Pod" || e.InvolvedObject.Name == "" {
			continue
		}
		at := lastSeen(e)
		if at.After(newest) {
			newest = at
		}
		ref := cluster.Ref{Kind: "Pod", Namespace: e.InvolvedObject.Namespace, Name: e.InvolvedObject.Name}
		p := pods[ref]
		if p == nil {
			p = &told{}
			pods[ref], order = p, append(order, ref)
		}
		if m := pulled().FindStringSubmatch(e.Message); m != nil {
			p.image = m[1]
		}
		if m := containerDone().FindStringSubmatch(e.Message); m != nil {
			p.container = m[1]
		}
		switch {
		case slices.Contains(failures, e.Reason):
			if p.last == nil || at.After(lastSeen(p.last)) || at.IsZero() && lastSeen(p.last).IsZero() {
				p.last, p.lastAt = e, i
			}
		case e.Reason == "Unhealthy" && unready().MatchString(e.Message) &&
			(p.unready == nil || at.After(lastSeen(p.unready))):
			p.unready = e
		case e.Reason == "SuccessfulAttachVolume" && at.After(p.attached):
			p.attached = at
		case e.Reason == "Started":
			p.startedAt = i + 1
			if at.After(lastStart) {
				lastStart = at
			}
			if at.After(p.started) {
				p.started = at
			}
		}
	}
	for _, ref := range order {
		p := pods[ref]
		if p.last == nil || p.last.Reason == "FailedAttachVolume" && p.attached.After(lastSeen(p.last)) {
			if e := p.unready; e != nil && len(order) == 1 { // who copies the Events of one Pod asks about it
				r.b.OfEvents(r.b.Add("Pod", running(ref, e, p.container, p.image, p.started)))
				kept++
			}
			continue
		}
		at := lastSeen(p.last)
		over := p.last.Reason == "Evicted" && lastStart.After(at) // another has taken its place, as it seems
		if newest.Sub(at) > spoken || p.started.After(at) || at.IsZero() && p.startedAt > p.lastAt || over {
			continue
		}
		r.b.OfEvents(r.b.Add("Pod", waiting(ref, p.last, p.container, p.image)))
		kept++
	}
	return kept
}

// pulled is how the kubelet says which image a container has.
var pulled = match.Lazy(`(?i)^(?:failed to pull|pulling|back-off pulling|successfully pulled) image "([^"]+)"`)

// waiting is a Pod as an Event about it tells of it.
func waiting(ref cluster.Ref, e *corev1.Event, container, image string) *corev1.Pod {
	if _, in, ok := strings.Cut(e.InvolvedObject.FieldPath, "{"); ok {
		container = strings.TrimSuffix(in, "}")
	}
	var containers []string
	if container != "" {
		containers = []string{container}
	}
	var since metav1.Time
	if e.Reason != "FailedScheduling" {
		since = e.FirstTimestamp
	}
	p := nodelog.WaitingPod(e.Source.Host, ref.Namespace, ref.Name, string(e.InvolvedObject.UID), since, containers)
	if e.Reason == "FailedScheduling" {
		p.Spec.NodeName, p.Status.ContainerStatuses = "", nil
		return p
	}
	if slices.Contains(refusals, e.Reason) {
		p.Status = corev1.PodStatus{Phase: corev1.PodFailed, Reason: e.Reason, Message: e.Message, StartTime: &since}
		return p
	}
	reason := ""
	switch low := strings.ToLower(e.Message); {
	case strings.Contains(low, "pulling image"):
		reason = "ImagePullBackOff"
	case strings.Contains(low, "pull image"):
		reason = "ErrImagePull"
	case strings.Contains(low, "restarting failed"):
		reason = "CrashLoopBackOff"
	}
	for i := range p.Spec.Containers {
		p.Spec.Containers[i].Image = image
	}
	for i := range p.Status.ContainerStatuses {
		if reason != "" {
			p.Status.ContainerStatuses[i].State.Waiting.Reason = reason
		}
	}
	return p
}

// lastSeen is when an Event was recorded last.
func lastSeen(e *corev1.Event) time.Time {
	at := e.LastTimestamp.Time
	if e.Series != nil && e.Series.LastObservedTime.After(at) {
		at = e.Series.LastObservedTime.Time
	}
	if at.IsZero() {
		at = e.EventTime.Time
	}
	return at
}
