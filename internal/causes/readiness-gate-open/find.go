// Package readinessgateopen finds Pods whose containers are ready and whose readiness gates nobody opens.
package readinessgateopen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find reports each gate that is shut, with what its condition says, and who is known to open gates of that name.
func Find(p *diagnose.Pass) {
	said := p.Matches()
	if p.Stage != pod.StageReady || len(said) == 0 {
		return
	}
	for _, i := range pod.ShutGates(p.Pod) {
		gate := string(p.Pod.Spec.ReadinessGates[i].ConditionType)
		f := diagnose.Finding{Variant: "absent", Args: map[string]string{"gate": gate},
			Evidence: []cluster.Sign{said[0].Sign,
				p.Cite(fmt.Sprintf("spec.readinessGates[%d].conditionType", i), gate)}}
		if who := setter(gate); who != "" {
			f.Args["setter"] = who
		}
		at := slices.IndexFunc(p.Pod.Status.Conditions, func(c corev1.PodCondition) bool { return string(c.Type) == gate })
		if at >= 0 {
			c := &p.Pod.Status.Conditions[at]
			f.Variant, f.Args["said"] = "", strings.TrimSpace(c.Reason+" "+c.Message)
			f.Evidence = append(f.Evidence, p.Cite(fmt.Sprintf("status.conditions[%d].message", at),
				strings.TrimSpace(string(c.Status)+" "+f.Args["said"])))
		}
		f.Blame = p.Blame(f.Args)
		p.Report(f)
	}
}

// setters are who opens gates, by how their names begin.
var setters = []struct{ prefix, who string }{
	{"cloud.google.com/load-balancer-neg-ready", "GKE NEG controller"},
	{"target-health.elbv2.k8s.aws/", "aws-load-balancer-controller"},
	{"target-health.alb.ingress.k8s.aws/", "alb-ingress-controller"},
	{"networking.azure.com/", "AKS"},
}

func setter(gate string) string {
	for _, s := range setters {
		if strings.HasPrefix(gate, s.prefix) {
			return s.who
		}
	}
	return ""
}
