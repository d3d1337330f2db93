package pod

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// at is an instant in seconds after a Pod was made.
func at(seconds int) metav1.Time {
	return metav1.NewTime(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).Add(time.Duration(seconds) * time.Second))
}

func condition(t corev1.PodConditionType, seconds int) corev1.PodCondition {
	return corev1.PodCondition{Type: t, Status: corev1.ConditionTrue, LastTransitionTime: at(seconds)}
}

func said(seconds int, reason, field, message string) *corev1.Event {
	return &corev1.Event{Reason: reason, Message: message, FirstTimestamp: at(seconds), LastTimestamp: at(seconds),
		InvolvedObject: corev1.ObjectReference{FieldPath: field}}
}

const app = "spec.containers{app}"

// started is a Pod that took four minutes to become ready, and the Events that tell of it.
func started() (*corev1.Pod, []*corev1.Event) {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web", CreationTimestamp: at(0)}}
	p.Spec.NodeName, p.Spec.Containers = "n1", []corev1.Container{{Name: "app", Image: "app:1"}}
	p.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "data"}}}}
	p.Status.Phase = corev1.PodRunning
	p.Status.StartTime = new(metav1.Time)
	*p.Status.StartTime = at(1)
	p.Status.Conditions = []corev1.PodCondition{condition(corev1.PodScheduled, 1),
		condition(corev1.PodReadyToStartContainers, 43), condition(corev1.PodReady, 240)}
	p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "app", Ready: true,
		State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: at(224)}}}}
	return p, []*corev1.Event{
		said(1, "Scheduled", "", "Successfully assigned shop/web to n1"),
		said(31, "SuccessfulAttachVolume", "", `AttachVolume.Attach succeeded for volume "pvc-1" `),
		said(43, "Pulling", app, `Pulling image "app:1"`),
		said(223, "Pulled", app, `Successfully pulled image "app:1" in 2m50.1s (3m0.2s including waiting). `+
			`Image size: 726184421 bytes.`),
		said(224, "Created", app, "Created container: app"),
		said(224, "Started", app, "Started container app"),
	}
}

// lines are spans as a person would write them down: the step, what is known, and from when to when in seconds.
func lines(spans []Span) string {
	var b strings.Builder
	seconds := func(t time.Time) string {
		if t.IsZero() {
			return "?"
		}
		return fmt.Sprint(int(t.Sub(at(0).Time) / time.Second))
	}
	for _, s := range spans {
		fmt.Fprintf(&b, "%s %s", s.Step, s.State)
		if !s.From.IsZero() || !s.To.IsZero() {
			fmt.Fprintf(&b, " %s-%s", seconds(s.From), seconds(s.To))
		}
		if s.AtMost {
			b.WriteString(" at most")
		}
		if s.Bytes > 0 {
			fmt.Fprintf(&b, " %d bytes", s.Bytes)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTimeline(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *corev1.Pod, events []*corev1.Event) []*corev1.Event
		beside Beside
		want   string
	}{
		"runs": {want: "schedule done 0-1\nattach done 1-31\nmount within 31-43\nsandbox within 31-43\n" +
			"network within 31-43\npull done 43-223 726184421 bytes\ncreate done 223-224\nstart done 224-224\n" +
			"ready done 224-240\n"},
		"runs, and nobody tells any more": {
			change: func(*corev1.Pod, []*corev1.Event) []*corev1.Event { return nil },
			want: "schedule done 0-1\nattach unknown\nmount within 1-43\nsandbox within 1-43\nnetwork within 1-43\n" +
				"pull within 43-224\ncreate within 43-224\nstart done 43-224\nready done 224-240\n",
		},
		"has restarted": {
			change: func(p *corev1.Pod, events []*corev1.Event) []*corev1.Event {
				s := &p.Status.ContainerStatuses[0]
				s.RestartCount, s.State.Running.StartedAt = 3, at(400)
				p.Status.Conditions[2].LastTransitionTime = at(410)
				return events
			},
			want: "schedule done 0-1\nattach done 1-31\nmount within 31-43\nsandbox within 31-43\n" +
				"network within 31-43\npull done 43-223 726184421 bytes\ncreate done 223-224\nstart done 224-224\n" +
				"ready done 224-410 at most\n",
		},
		"no node": {
			change: func(p *corev1.Pod, _ []*corev1.Event) []*corev1.Event {
				p.Spec.NodeName, p.Status = "", corev1.PodStatus{Phase: corev1.PodPending}
				return nil
			},
			want: "schedule open 0-500\nattach ahead\nmount ahead\nsandbox ahead\nnetwork ahead\npull ahead\n" +
				"create ahead\nstart ahead\nready ahead\n",
		},
		"image is pulled": {
			change: func(p *corev1.Pod, events []*corev1.Event) []*corev1.Event {
				p.Status.Phase, p.Status.Conditions = corev1.PodPending, p.Status.Conditions[:2]
				p.Status.ContainerStatuses[0] = corev1.ContainerStatus{Name: "app", State: corev1.ContainerState{
					Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}}
				return events[:3]
			},
			want: "schedule done 0-1\nattach done 1-31\nmount within 31-43\nsandbox within 31-43\n" +
				"network within 31-43\npull open 43-500\ncreate ahead\nstart ahead\nready ahead\n",
		},
		"volumes are attached": {
			change: func(p *corev1.Pod, events []*corev1.Event) []*corev1.Event {
				p.Status.Phase, p.Status.Conditions = corev1.PodPending, p.Status.Conditions[:1]
				p.Status.ContainerStatuses[0] = corev1.ContainerStatus{Name: "app", State: corev1.ContainerState{
					Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}}
				return events[:1]
			},
			beside: Beside{Attachments: []Attachment{{Since: at(2).Time}}},
			want: "schedule done 0-1\nattach open 1-500\nmount ahead\nsandbox ahead\nnetwork ahead\npull ahead\n" +
				"create ahead\nstart ahead\nready ahead\n",
		},
		"nobody says which": {
			change: func(p *corev1.Pod, events []*corev1.Event) []*corev1.Event {
				p.Status.Phase, p.Status.Conditions = corev1.PodPending, p.Status.Conditions[:1]
				p.Status.ContainerStatuses[0] = corev1.ContainerStatus{Name: "app", State: corev1.ContainerState{
					Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}}
				return events[:2]
			},
			want: "schedule done 0-1\nattach done 1-31\nmount one-of 31-500\nsandbox one-of 31-500\n" +
				"network one-of 31-500\npull ahead\ncreate ahead\nstart ahead\nready ahead\n",
		},
		"image was there": {
			change: func(p *corev1.Pod, events []*corev1.Event) []*corev1.Event {
				events[3].Message = `Container image "app:1" already present on machine`
				return append(events[:2:2], events[3:]...)
			},
			want: "schedule done 0-1\nattach done 1-31\nmount within 31-43\nsandbox within 31-43\n" +
				"network within 31-43\npull none\ncreate done 43-224\nstart done 224-224\nready done 224-240\n",
		},
	} {
		p, events := started()
		if c.change != nil {
			events = c.change(p, events)
		}
		if got := lines(TimelineOf(p, at(500).Time, events, c.beside)); got != c.want {
			t.Errorf("%s:\n%swant\n%s", name, got, c.want)
		}
	}
}

// What an attacker writes into an Event makes no step longer than the Pod is old, and none that ends before it begins.
func TestTimelineHostile(t *testing.T) {
	p, events := started()
	events[3].Message = `Successfully pulled image "x" in 9999999h (9999999h including waiting). ` +
		`Image size: 9999999999999999999 bytes.`
	for i, e := range events {
		e.FirstTimestamp = at((i*7919)%1000 - 500)
	}
	for _, s := range TimelineOf(p, at(500).Time, events, Beside{}) {
		if s.To.Before(s.From) || !s.From.IsZero() && s.From.Before(at(0).Time) {
			t.Errorf("%+v", s)
		}
	}
}
