// Package initcontainerwaiting finds Pods that wait for an init container which still runs.
package initcontainerwaiting

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find reports the init container that runs while all others wait. One that fails has a cause of its own.
func Find(p *diagnose.Pass) {
	if p.Pod.Status.Phase != corev1.PodPending {
		return
	}
	for i := range p.Pod.Status.InitContainerStatuses {
		s := &p.Pod.Status.InitContainerStatuses[i]
		stays := pod.Sidecar(p.Pod, s.Name)
		if s.State.Running == nil || stays && s.Started != nil && *s.Started {
			continue
		}
		if p.Silent || len(p.Matches()) > 0 {
			report(p, i, s, stays, probed(p, s.Name))
		}
		return
	}
}

// probed are the Events that say that the container's startup probe fails. They are no complaint of the Pod's, since it
// runs.
func probed(p *diagnose.Pass, container string) []cluster.Sign {
	var said []cluster.Sign
	for _, e := range p.Events {
		if e.Reason == "Unhealthy" && strings.HasPrefix(e.Message, "Startup probe") &&
			strings.HasSuffix(e.InvolvedObject.FieldPath, "{"+container+"}") {
			said = append(said, pod.EventSign(e))
		}
	}
	return said
}

func report(p *diagnose.Pass, i int, s *corev1.ContainerStatus, stays bool, said []cluster.Sign) {
	started := s.State.Running.StartedAt.UTC().Format(time.RFC3339)
	args := map[string]string{"container": s.Name, "started": started}
	cited := p.Cite(fmt.Sprintf("status.initContainerStatuses[%d].state.running.startedAt", i), started)
	f := diagnose.Finding{Certainty: diagnose.Likely, Blame: p.Blame(args), Container: s.Name, Args: args,
		Evidence: append([]cluster.Sign{cited}, said...)}
	if stays {
		f.Variant = "sidecar"
		last := ""
		if len(said) > 0 {
			last = said[len(said)-1].Message
		}
		if probe, set, ok := p.Probe(s.Name, "startupProbe", last); ok {
			maps.Copy(f.Args, probe)
			f.Evidence = append(f.Evidence, set)
		}
	} else {
		waitsFor(p, s.Name, &f)
	}
	if f.Variant == "sidecar" && lost(p, s, said) {
		f.Variant = "lost"
	}
	if said != nil {
		f.Certainty = diagnose.Proven
	} else {
		f.Evidence = append(f.Evidence, p.Stall())
	}
	p.Report(f)
}

// lost reports whether the kubelet has given up probing a sidecar that runs: its startup probe would have killed it by
// now, or passed. Kubelets before 1.34.2 do so to a sidecar that was started again in a Pod with restartPolicy Never.
func lost(p *diagnose.Pass, s *corev1.ContainerStatus, said []cluster.Sign) bool {
	c := pod.Container(p.Pod, s.Name)
	if c == nil || c.StartupProbe == nil || len(said) > 0 || s.RestartCount == 0 ||
		p.Pod.Spec.RestartPolicy != corev1.RestartPolicyNever {
		return false
	}
	probe := c.StartupProbe
	seconds := probe.InitialDelaySeconds + max(probe.PeriodSeconds, 10)*max(probe.FailureThreshold, 3)
	budget := time.Duration(seconds) * time.Second
	return p.Snapshot.At.Sub(s.State.Running.StartedAt.Time) > 2*budget+time.Minute
}
