// Package jobsidecarrunning finds Pods of Jobs of which one container is done and another goes on.
package jobsidecarrunning

import (
	"fmt"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/workload"
	corev1 "k8s.io/api/core/v1"
)

// Find reports each container that goes on, with the one that was done first.
func Find(p *diagnose.Pass) {
	if !pod.Lingers(p.Pod, p.Snapshot.At) {
		return
	}
	done, ended := -1, time.Time{}
	statuses := p.Pod.Status.ContainerStatuses
	for i := range statuses {
		if t := statuses[i].State.Terminated; t != nil && (done < 0 || t.FinishedAt.Time.Before(ended)) {
			done, ended = i, t.FinishedAt.Time
		}
	}
	for i := range statuses {
		if statuses[i].State.Running == nil {
			continue
		}
		args := map[string]string{"done": statuses[done].Name, "ended": ended.UTC().Format(time.DateTime) + " UTC",
			"container": statuses[i].Name, "sidecar": native(p, statuses[i].Name)}
		if args["sidecar"] == "" {
			delete(args, "sidecar")
		}
		p.Report(diagnose.Finding{Blame: p.Blame(args), Container: statuses[i].Name, Args: args, Evidence: []cluster.Sign{
			p.Cite(fmt.Sprintf("status.containerStatuses[%d].state.terminated.exitCode", done), "0"),
			p.Cite(fmt.Sprintf("status.containerStatuses[%d].state.running.startedAt", i),
				statuses[i].State.Running.StartedAt.UTC().Format(time.RFC3339))}})
	}
}

// native is a container of the template as an init container that runs on; "" where not all of it is known: values of
// variables are read nowhere.
func native(p *diagnose.Pass, name string) string {
	w, ok := workload.Of(p.Snapshot.Get(p.Workload()))
	if !ok || w.Template == nil {
		return ""
	}
	for _, c := range w.Template.Spec.Containers {
		if c.Name == name && len(c.Env) == 0 && len(w.Template.Spec.Containers) > 1 {
			always := corev1.ContainerRestartPolicyAlways
			c.RestartPolicy = &always
			return diagnose.JSON(c)
		}
	}
	return ""
}
