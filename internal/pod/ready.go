package pod

import (
	"time"

	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// readyLag is how long after a Pod's start its condition Ready may be dated that was never anything but False: the
// kubelet writes both at once.
const readyLag = 2 * time.Second

// NeverReady reports whether a Pod that runs has not been ready since it is on its node, and may still become so: a
// container of it runs and is not ready, or a readiness gate is shut.
func NeverReady(p *corev1.Pod) bool { return Unready(p) && !wasReady(p) }

// Unready reports whether a Pod runs, has containers that run, and is not ready.
func Unready(p *corev1.Pod) bool {
	c := Condition(p, corev1.PodReady)
	if p.Status.Phase != corev1.PodRunning || p.DeletionTimestamp != nil || c == nil ||
		c.Status == corev1.ConditionTrue {
		return false
	}
	for _, list := range statuses(p) {
		for i := range list {
			if s := &list[i]; s.State.Running != nil && !s.Ready && !initOnce(p, s.Name) {
				return true
			}
		}
	}
	return len(ShutGates(p)) > 0
}

// wasReady reports whether a Pod that is not ready was so before, as far as its conditions tell: then Ready has changed
// since the Pod was started.
func wasReady(p *corev1.Pod) bool {
	c, start := Condition(p, corev1.PodReady), p.CreationTimestamp.Time
	if c == nil {
		return false
	}
	if s := Condition(p, corev1.PodScheduled); s != nil && s.Status == corev1.ConditionTrue {
		start = s.LastTransitionTime.Time
	}
	if p.Status.StartTime != nil {
		start = p.Status.StartTime.Time
	}
	if start.IsZero() && c.LastTransitionTime.IsZero() {
		return false // nothing is known of when it was what: that it fails is all that was told
	}
	return c.LastTransitionTime.IsZero() || c.LastTransitionTime.After(start.Add(readyLag))
}

// ShutGates are the indices of the readiness gates that keep a Pod from being ready, whose containers all are.
func ShutGates(p *corev1.Pod) []int {
	if c := Condition(p, corev1.ContainersReady); c == nil || c.Status != corev1.ConditionTrue {
		return nil
	}
	var shut []int
	for i, g := range p.Spec.ReadinessGates {
		if c := Condition(p, g.ConditionType); c == nil || c.Status != corev1.ConditionTrue {
			shut = append(shut, i)
		}
	}
	return shut
}

// Probed is the probe that a container which runs has to pass next to be ready: its startup probe, which comes first,
// or its readiness probe, and the field that it stands in. nil where it has none.
func Probed(c *corev1.Container, s *corev1.ContainerStatus) (probe *corev1.Probe, field string) {
	if started := s.Started == nil || *s.Started; c.StartupProbe != nil && !started {
		return c.StartupProbe, "startupProbe"
	}
	if c.ReadinessProbe != nil {
		return c.ReadinessProbe, "readinessProbe"
	}
	return nil, ""
}

// Budget is how long a probe may fail before it counts: the delay before it is made first, and a period for each
// failure up to the threshold.
func Budget(probe *corev1.Probe) time.Duration {
	period, failures := probe.PeriodSeconds, probe.FailureThreshold
	if period == 0 {
		period = 10 // what an API server sets where nothing is said
	}
	if failures == 0 {
		failures = 3
	}
	return time.Duration(probe.InitialDelaySeconds+period*failures) * time.Second
}

// tooLate is how long a probe may keep a container from being ready by how it is set. Source: progressDeadlineSeconds
// of a Deployment, 600 s where nothing is said: then its rollout counts as failed.
const tooLate = 10 * time.Minute

// Earliest is how long after its start a container can pass a probe first.
func Earliest(probe *corev1.Probe) time.Duration {
	return time.Duration(probe.InitialDelaySeconds+max(probe.PeriodSeconds, 1)*(max(probe.SuccessThreshold, 1)-1)) *
		time.Second
}

// Late reports whether a probe is so set that it cannot pass in the time in which a rollout has to.
func Late(probe *corev1.Probe) bool { return Earliest(probe) >= tooLate }

// balancerGate are the gates that the controllers of cloud load balancers open: of GKE, and of AWS.
var balancerGate = match.MustExpr(`^cloud\.google\.com/load-balancer-neg-ready$|^target-health\.`)

// loadBalancers is how long the controllers of load balancers, which open gates of these names, may take for it.
const loadBalancers = 2 * time.Minute

// gateBudget is how long a readiness gate may be shut before it counts.
func gateBudget(gate corev1.PodConditionType) time.Duration {
	if balancerGate.Match(string(gate)) {
		return loadBalancers
	}
	return 0
}

// SidecarProbed reports whether a Pod waits for a sidecar that runs for the first time and has still to pass its
// startup probe.
func SidecarProbed(p *corev1.Pod) bool {
	for i := range p.Status.InitContainerStatuses {
		s := &p.Status.InitContainerStatuses[i]
		c := Container(p, s.Name)
		if Sidecar(p, s.Name) && c.StartupProbe != nil && s.State.Running != nil && s.RestartCount == 0 &&
			s.Started != nil && !*s.Started {
			return p.Status.Phase == corev1.PodPending
		}
	}
	return false
}

// NextProbe is the container of a Pod that has next to pass a probe, the probe, and the field that it stands in; nil
// where there is none.
func NextProbe(p *corev1.Pod) (c *corev1.Container, probe *corev1.Probe, field string) {
	for _, list := range statuses(p) {
		for i := range list {
			s, c := &list[i], Container(p, list[i].Name)
			if c == nil || s.State.Running == nil || s.Ready || initOnce(p, s.Name) {
				continue
			}
			if probe, field := Probed(c, s); probe != nil {
				return c, probe, field
			}
		}
	}
	return nil, nil, ""
}

// possible reports whether a probe can pass at all: one of a port whose name the container does not have cannot.
func possible(c *corev1.Container, probe *corev1.Probe) bool {
	_, missing := ProbePort(c, probe)
	return missing == ""
}

// ReadyBudget is how long a Pod that runs may yet take to become ready, counted from when it came that far, before
// anything is wrong.
func ReadyBudget(p *corev1.Pod) time.Duration {
	var budget time.Duration
	for _, list := range statuses(p) {
		for i := range list {
			s, c := &list[i], Container(p, list[i].Name)
			if c == nil || s.State.Running == nil || s.Ready || initOnce(p, s.Name) {
				continue
			}
			if probe, _ := Probed(c, s); probe != nil && possible(c, probe) && !Late(probe) {
				budget = max(budget, Budget(probe))
			}
		}
	}
	for _, i := range ShutGates(p) {
		budget = max(budget, gateBudget(p.Spec.ReadinessGates[i].ConditionType))
	}
	return budget
}
