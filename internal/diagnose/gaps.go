package diagnose

import (
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
)

// decides are the stages of which objects of a kind decide the cause, by their resource. What is not here decides
// anywhere. What stands before a sandbox counts as one stage: it cannot be distinguished from outside.
var decides = map[string][]pod.Stage{
	"persistentvolumeclaims": {pod.StageSchedule, pod.StageVolumes},
	"persistentvolumes":      {pod.StageSchedule, pod.StageVolumes},
	"volumeattachments":      {pod.StageSchedule, pod.StageVolumes, pod.StageTerminate},
	"csinodes":               {pod.StageSchedule, pod.StageVolumes},
	"csidrivers":             {pod.StageVolumes},
	"storageclasses":         {pod.StageSchedule, pod.StageVolumes},
	"configmaps":             {pod.StageVolumes, pod.StageCreate},
	"secrets":                {pod.StageVolumes, pod.StageImage, pod.StageCreate},
	"serviceaccounts":        {pod.StageAdmission, pod.StageVolumes, pod.StageImage},
	"runtimeclasses":         {pod.StageAdmission, pod.StageVolumes},
	"leases":                 {pod.StageAdmission, pod.StageSchedule, pod.StageAccept, pod.StageVolumes},
	"priorityclasses":        {pod.StageAdmission, pod.StageSchedule},
	"resourcequotas":         {pod.StageAdmission},
	"limitranges":            {pod.StageAdmission},
	"namespaces":             {pod.StageAdmission},

	"validatingwebhookconfigurations": {pod.StageAdmission},
	"mutatingwebhookconfigurations":   {pod.StageAdmission},
}

// about are the questions that gaps leave open which are not those of one Pod that is stuck: what they hide may be
// wrong, too.
var about = []string{"question.wanted", "question.changes", "question.between-listings"}

// Unfollowed reports whether a gap says that what changes is not known at present: what stands in a Report that is kept
// current may be old.
func Unfollowed(g *cluster.Gap) bool {
	question, _ := g.What.Args["question"].(message.Message)
	return question.Code == "question.changes" || question.Code == "question.between-listings"
}

// orderGaps puts last the gaps that cannot matter to anything that is stuck, and counts them: what they are about
// decides nothing at the stages of those of which nothing is proven.
func (r *run) orderGaps() {
	rep := r.report
	if rep.Pods.Stuck+rep.Pods.Missing == 0 {
		return
	}
	var first, last []cluster.Gap
	for _, g := range rep.Gaps {
		if r.canMatter(g) {
			first = append(first, g)
		} else {
			last = append(last, g)
		}
	}
	rep.Gaps, rep.MinorGaps = append(first, last...), len(last)
}

// canMatter reports whether what a gap hides can matter to anything that is stuck.
func (r *run) canMatter(g cluster.Gap) bool {
	resource, ofKind := g.What.Args["resource"].(string)
	question, _ := g.What.Args["question"].(message.Message)
	switch {
	case !ofKind && !slices.Contains([]string{"gap.nodes", "gap.nodes.refused", "gap.revisions", "gap.keys.more"},
		g.What.Code): // files, and what a node could not read of itself
		return true
	case slices.Contains(about, question.Code):
		return true
	}
	stages, known := decides[resource]
	return slices.ContainsFunc(r.unproven, func(s pod.Stage) bool {
		return !known || slices.ContainsFunc(stages, func(o pod.Stage) bool { return o.Step() == s.Step() })
	})
}
