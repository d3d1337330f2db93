package diagnose

import (
	"maps"
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// diagnoseLines finds the causes of what lines of a log say of no Pod in particular. The Pod is made up, for they would
// be signs against one; what is left of its findings is what the lines themselves are evidence of, and stops start-up
// at the stage of their causes.
func (r *run) diagnoseLines(p *corev1.Pod) {
	report := *r.report
	roots, effects := len(r.roots), len(r.effects)
	r.diagnosePod(p)
	report.Gaps = r.report.Gaps
	*r.report = report // what it says of a Pod is about none
	r.roots = append(r.roots[:roots:roots], slices.DeleteFunc(r.roots[roots:], func(f *Finding) bool {
		f.Stage = r.catalogue.Cause(f.Cause).Stage
		return !f.ForgetPod()
	})...)
	r.effects = r.effects[:effects]
}

// ForgetPod takes the Pod out of a finding that is about none, because it was made up to ask about its node: there is
// nothing to be done to it. It reports whether anything is left for evidence, which is what the node itself tells.
func (f *Finding) ForgetPod() bool {
	f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(s cluster.Sign) bool {
		return s.Ref.Kind != "NodeFacts" && s.Ref.Kind != "ContainerLog"
	})
	f.Pod, f.Container, f.Status, f.Since, f.target = cluster.Ref{}, "", "", time.Time{}, nil
	if f.Blame.Kind == "Pod" || f.Blame.Kind == "Container" {
		f.Blame = cluster.Ref{}
	}
	f.Args = maps.Clone(f.Args)
	for _, arg := range []string{"pod", "namespace", "workload"} {
		delete(f.Args, arg) // a text shows POD then, and a reader sees that one is to be put there
	}
	return len(f.Evidence) > 0
}
