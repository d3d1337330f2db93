package e2e

import (
	"context"
	"fmt"
	"regexp"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// facts are what a namespace shows, a line each: its Pods with conditions and container states, its Events.
//
//	Pod/app Pending PodReadyToStartContainers=False
//	Pod/app/main waiting ImagePullBackOff: Back-off pulling image ...
//	Event Pod/app FailedMount: MountVolume.SetUp failed for volume ...
//
// So that a fault is known to have shown without asking the program that is tested.
func (r *Runner) facts(ctx context.Context, namespace string) ([]string, error) {
	pods, err := r.client.CoreV1().Pods(namespace).List(ctx, meta.ListOptions{})
	if err != nil {
		return nil, err
	}
	events, err := r.client.CoreV1().Events(namespace).List(ctx, meta.ListOptions{})
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, p := range pods.Items {
		lines = append(lines, podFacts(&p)...)
	}
	for _, e := range events.Items {
		lines = append(lines, fmt.Sprintf("Event %s/%s %s: %s", e.InvolvedObject.Kind, e.InvolvedObject.Name, e.Reason,
			e.Message))
	}
	return lines, nil
}

func podFacts(p *core.Pod) []string {
	head := "Pod/" + p.Name
	first := head + " " + string(p.Status.Phase)
	if p.Status.Reason != "" {
		first += " " + p.Status.Reason + ": " + p.Status.Message
	}
	for _, c := range p.Status.Conditions {
		first += fmt.Sprintf(" %s=%s", c.Type, c.Status)
	}
	lines := []string{first}
	for _, c := range append(p.Status.InitContainerStatuses, p.Status.ContainerStatuses...) {
		for which, s := range map[string]core.ContainerState{"": c.State, "last ": c.LastTerminationState} {
			where := head + "/" + c.Name + " " + which
			switch {
			case s.Waiting != nil:
				lines = append(lines, fmt.Sprintf("%swaiting %s: %s", where, s.Waiting.Reason, s.Waiting.Message))
			case s.Terminated != nil:
				lines = append(lines, fmt.Sprintf("%sterminated %s %d: %s", where, s.Terminated.Reason,
					s.Terminated.ExitCode, s.Terminated.Message))
			case s.Running != nil:
				lines = append(lines, where+"running")
			}
		}
	}
	return lines
}

// waitShown returns when every expression is found in a line, and at least f.After has passed; else says which was not,
// and what was seen.
func (r *Runner) waitShown(ctx context.Context, f Fault) error {
	start := time.Now()
	var missing string
	var lines []string
	for ; time.Since(start) < time.Duration(f.Within) && ctx.Err() == nil; time.Sleep(time.Second) {
		var err error
		if lines, err = r.facts(ctx, f.Name); err != nil {
			missing = "the API server: " + err.Error()
			continue
		}
		if missing = unseen(f.Shown, lines); missing == "" && time.Since(start) >= time.Duration(f.After) {
			return nil
		}
	}
	return fmt.Errorf("%v passed and this had not shown: %s; what had:%s", time.Duration(f.Within), missing,
		indented(lines))
}

func indented(lines []string) string {
	text := ""
	for _, l := range lines {
		text += "\n      " + l
	}
	return text
}

// unseen is the first expression that no line has.
func unseen(expressions, lines []string) string {
next:
	for _, s := range expressions {
		re := regexp.MustCompile(s)
		for _, l := range lines {
			if re.MatchString(l) {
				continue next
			}
		}
		return s
	}
	return ""
}
