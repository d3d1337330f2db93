// Package podspecinvalid finds workloads whose Pods are not valid as they would be made.
package podspecinvalid

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// never is how the controller of CronJobs says that a schedule has no next time. Source: mostRecentScheduleTime,
// kube-controller-manager.
const never = "time difference between two schedules is less than 1 second"

// FindMissing says which field is wrong, by the API server's own word.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		m.Args["words"] = strings.TrimRight(strings.Join(strings.Fields(m.Args["words"]), " "), ". ]")
		switch {
		case m.Args["priorityclass"] != "":
			f.Variant = "priority-class"
			if name := p.Pod.Spec.PriorityClassName; name != "" && name == m.Args["priorityclass"] {
				f.Evidence = append(f.Evidence, p.Cite(p.TemplatePath("priorityClassName"), name))
			}
		case m.Args["schedule"] != "" || m.Args["timezone"] != "":
			f.Variant = "schedule"
			if spec, ok := strings.CutSuffix(m.Args["schedule"], never); ok {
				f.Variant, m.Args["schedule"] = "schedule-never", strings.TrimRight(spec, ": ")
			}
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}
