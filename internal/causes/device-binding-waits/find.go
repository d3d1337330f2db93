// Package devicebindingwaits finds Pods whose devices are chosen and that their driver does not report as ready.
package devicebindingwaits

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find reports that the driver did not do it, and, while the scheduler says nothing else, that it waits for the driver:
// that is a Normal Event.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Variant: "failed", Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["timeout"] != "" {
			f.Variant = "timeout"
			delete(m.Args, "timeout")
		}
		p.Report(f)
	}
	e := waiting(p.Events)
	if e == nil || !p.Silent || p.Stage != pod.StageSchedule {
		return
	}
	args := map[string]string{}
	if claims := p.Pod.Status.ResourceClaimStatuses; len(claims) == 1 && claims[0].ResourceClaimName != nil {
		args["resourceclaim"] = *claims[0].ResourceClaimName
	}
	if _, node, ok := strings.Cut(e.Message, "for device on node "); ok && !strings.ContainsAny(node, " \n") {
		args["node"] = node
	}
	p.Report(diagnose.Finding{Blame: p.Blame(args), Args: args,
		Evidence: []cluster.Sign{pod.EventSign(e), p.Stall()}})
}

// waiting is the Event that the scheduler waits for the driver, where it is the last.
func waiting(events []*corev1.Event) *corev1.Event {
	i := slices.IndexFunc(events, func(e *corev1.Event) bool { return e.Reason == "BindingConditionsPending" })
	if i < 0 || i != len(events)-1 {
		return nil
	}
	return events[i]
}
