// Package jobsidecarrunning finds Pods of Jobs of which one container is done and another goes on.
package jobsidecarrunning

import (
	"fmt"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
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
			"container": statuses[i].Name}
		p.Report(diagnose.Finding{Blame: p.Blame(args), Container: statuses[i].Name, Args: args, Evidence: []cluster.Sign{
			p.Cite(fmt.Sprintf("status.containerStatuses[%d].state.terminated.exitCode", done), "0"),
			p.Cite(fmt.Sprintf("status.containerStatuses[%d].state.running.startedAt", i),
				statuses[i].State.Running.StartedAt.UTC().Format(time.RFC3339))}})
	}
}
