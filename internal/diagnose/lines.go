package diagnose

import (
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// diagnoseLines finds the causes of what lines of a log say of no Pod in particular. The Pod is made up, for they would
// be signs against one; what is left of its findings is what the lines themselves are evidence of.
func (r *run) diagnoseLines(p *corev1.Pod) {
	report := *r.report
	roots, effects := len(r.roots), len(r.effects)
	r.diagnosePod(p)
	problems := *r.report
	*r.report = report // what it says of a Pod is about none
	r.report.Gaps = problems.Gaps
	r.roots = append(r.roots[:roots:roots], withoutPod(r.roots[roots:])...)
	r.effects = r.effects[:effects]
}

// withoutPod takes the Pod out of findings. One that nothing but the Pod is evidence of is none.
func withoutPod(findings []*Finding) []*Finding {
	var out []*Finding
	for _, f := range findings {
		f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(s cluster.Sign) bool { return s.Ref.Kind == "Pod" })
		if len(f.Evidence) == 0 {
			continue
		}
		f.Pod, f.Container, f.Status, f.Since = cluster.Ref{}, "", "", time.Time{}
		if f.Blame.Kind == "Pod" || f.Blame.Kind == "Container" {
			f.Blame = cluster.Ref{}
		}
		for _, arg := range []string{"pod", "namespace", "workload", "container"} {
			delete(f.Args, arg) // a text shows POD then, and a reader sees that one is to be put there
		}
		out = append(out, f)
	}
	return out
}
