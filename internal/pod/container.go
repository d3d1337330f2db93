package pod

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// statuses are the statuses of a Pod's containers: of the init containers, then of the others.
func statuses(p *corev1.Pod) [2][]corev1.ContainerStatus {
	return [2][]corev1.ContainerStatus{p.Status.InitContainerStatuses, p.Status.ContainerStatuses}
}

// Container returns a container of a Pod by its name; nil where it has none.
func Container(p *corev1.Pod, name string) *corev1.Container {
	for _, list := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	for i := range p.Spec.EphemeralContainers {
		if c := &p.Spec.EphemeralContainers[i].EphemeralContainerCommon; c.Name == name {
			return (*corev1.Container)(c)
		}
	}
	return nil
}

// ContainerPath is the field in which a container of a Pod stands: spec.containers[0]; "" where it has none so named.
func ContainerPath(p *corev1.Pod, name string) string {
	named := func(c corev1.Container) bool { return c.Name == name }
	if i := slices.IndexFunc(p.Spec.Containers, named); i >= 0 {
		return fmt.Sprintf("spec.containers[%d]", i)
	}
	if i := slices.IndexFunc(p.Spec.InitContainers, named); i >= 0 {
		return fmt.Sprintf("spec.initContainers[%d]", i)
	}
	return ""
}

// Sidecar reports whether an init container is one that stays.
func Sidecar(p *corev1.Pod, name string) bool {
	for i := range p.Spec.InitContainers {
		if c := &p.Spec.InitContainers[i]; c.Name == name {
			return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
		}
	}
	return false
}

// initOnce reports whether a container is an init container that ends before the others start.
func initOnce(p *corev1.Pod, name string) bool {
	return slices.ContainsFunc(p.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == name }) &&
		!Sidecar(p, name)
}

// ContainerWaiting reports whether a container is not running and will be started again.
func ContainerWaiting(p *corev1.Pod, s *corev1.ContainerStatus) bool {
	switch {
	case s.State.Running != nil:
		return false
	case s.State.Terminated == nil:
		return true
	case Sidecar(p, s.Name) && workDone(p):
		return false // it was ended because nobody needs it any more
	}
	return startsAgain(p, s, s.State.Terminated)
}

// workDone reports whether all containers of a Pod but its sidecars have ended for good.
func workDone(p *corev1.Pod) bool {
	for i := range p.Status.ContainerStatuses {
		s := &p.Status.ContainerStatuses[i]
		if s.State.Terminated == nil || startsAgain(p, s, s.State.Terminated) {
			return false
		}
	}
	return len(p.Status.ContainerStatuses) > 0
}

// startsAgain reports whether a container that ended is started again: by rules of its own, by its own policy, or by
// that of its Pod.
func startsAgain(p *corev1.Pod, s *corev1.ContainerStatus, t *corev1.ContainerStateTerminated) bool {
	policy := p.Spec.RestartPolicy
	if Ephemeral(p, s.Name) {
		return false
	}
	if c := Container(p, s.Name); c != nil {
		if slices.ContainsFunc(c.RestartPolicyRules, func(r corev1.ContainerRestartRule) bool { return fits(r, t) }) {
			return true
		}
		if c.RestartPolicy != nil {
			policy = corev1.RestartPolicy(*c.RestartPolicy)
		}
	}
	switch {
	case policy == corev1.RestartPolicyNever:
		return false
	case policy == corev1.RestartPolicyOnFailure, initOnce(p, s.Name):
		return t.ExitCode != 0
	}
	return t.ExitCode != 0 || s.RestartCount > 0
}

// Ephemeral reports whether a container is one that was put into a Pod to debug it: it is started once.
func Ephemeral(p *corev1.Pod, name string) bool {
	named := func(c corev1.EphemeralContainer) bool { return c.Name == name }
	return slices.ContainsFunc(p.Spec.EphemeralContainers, named)
}

// fits reports whether a rule of a container wants it to be started again after this end.
func fits(r corev1.ContainerRestartRule, t *corev1.ContainerStateTerminated) bool {
	if r.ExitCodes == nil {
		return false
	}
	in := slices.Contains(r.ExitCodes.Values, t.ExitCode)
	return in == (r.ExitCodes.Operator == corev1.ContainerRestartRuleOnExitCodesOpIn)
}

// LastEnd is how a container of a Pod ended last; nil where it has not.
func LastEnd(p *corev1.Pod, container string) *corev1.ContainerStateTerminated {
	for _, list := range statuses(p) {
		for i := range list {
			if s := &list[i]; s.Name == container {
				return cmp.Or(s.State.Terminated, s.LastTerminationState.Terminated)
			}
		}
	}
	return nil
}

// What tells a container that restarts again and again from one that has once restarted.
const (
	oftenEnded = 2                // so often it has ended at least
	longRun    = 10 * time.Minute // after a run of this length the kubelet forgets that a container ended before
	soon       = 30 * time.Second // what runs no longer than this has not shown that it stays
)

// Restarting reports whether a container restarts again and again and happens to run: it has not run for much longer
// than it did before it last ended, or it was ended because of its startup probe, which it has still to pass.
func Restarting(p *corev1.Pod, s *corev1.ContainerStatus, at time.Time) bool {
	now, last := s.State.Running, s.LastTerminationState.Terminated
	if now == nil || last == nil || s.RestartCount == 0 || now.StartedAt.IsZero() ||
		last.StartedAt.IsZero() || last.FinishedAt.IsZero() {
		return false
	}
	ran, pause := last.FinishedAt.Sub(last.StartedAt.Time), now.StartedAt.Sub(last.FinishedAt.Time)
	if c := Container(p, s.Name); c != nil && c.StartupProbe != nil && s.Started != nil && !*s.Started &&
		!wasReady(p) && ran >= KillBudget(c.StartupProbe) {
		return true
	}
	often := int32(oftenEnded)
	if last.Reason == "OOMKilled" { // what was too much once is so again
		often = 1
	}
	return s.RestartCount >= often && ran < longRun && pause < longRun &&
		at.Sub(now.StartedAt.Time) < max(2*ran, soon)
}

// Ran reports whether a container of a Pod runs or has run: then it may hold what is lost with it.
func Ran(p *corev1.Pod) bool {
	for _, list := range statuses(p) {
		for i := range list {
			if s := &list[i]; s.State.Running != nil || s.State.Terminated != nil || s.LastTerminationState.Terminated != nil {
				return true
			}
		}
	}
	return false
}

// Volume returns a volume of a Pod by its name; nil where it has none.
func Volume(p *corev1.Pod, name string) *corev1.Volume {
	for i := range p.Spec.Volumes {
		if v := &p.Spec.Volumes[i]; v.Name == name {
			return v
		}
	}
	return nil
}
