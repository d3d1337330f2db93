package podunschedulable

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// What others say of a Pod that has no node: those who would add one, and those who would be one.

// noScale is what the cluster autoscaler says (NotTriggerScaleUp, FailedScaleUp, ScaleUpFailed), and Karpenter.
var noScale = match.Lazy(`^pod didn't trigger scale-up:? ?(..+)|^(Node scale up .+)|^Failed to schedule pod,? (..+)`)

// autoscaler sets why no node is added for the Pod, in the words of what would add it.
func (l *look) autoscaler() {
	for _, e := range l.p.Events {
		m := noScale().FindStringSubmatch(match.Plain(e.Message))
		if m == nil || e.Reason == "FailedScheduling" && !strings.HasPrefix(e.Message, "Failed to schedule") {
			continue
		}
		says := match.Clip(strings.TrimRight(m[1]+m[2]+m[3], ". "), 300)
		l.f.Args["noscale"] = says
		if e.Reason != "FailedScheduling" {
			l.f.Evidence = append(l.f.Evidence, pod.EventSign(e))
		}
	}
	if strings.Contains(l.words.Text, "Failed to schedule pod") {
		l.f.Variant = "karpenter"
		if says := l.f.Args["noscale"]; says != "" {
			l.f.Args["reasons"] = says
		}
		delete(l.f.Args, "noscale")
	}
}

// serverless reports whether a scheduler speaks that starts a machine for each Pod, and takes none that it cannot give
// what the Pod asks for: that of AWS Fargate. That of HAMi knows the nodes with a GPU alone.
func (l *look) serverless(message string) bool {
	if strings.Contains(message, "Pod provisioning timed out") {
		l.f.Variant = "fargate-late"
		return true
	}
	if strings.Contains(message, "node unregister") {
		l.f.Variant = "unregistered"
		return true
	}
	if !strings.Contains(message, "Fargate") && !strings.Contains(message, "fargate profile") {
		return false
	}
	l.f.Variant = "fargate"
	return true
}

// volumes tells which part of what the volumes of the Pod need is lacking.
func (l *look) volumes(reason string) {
	l.f.Variant = "volumes"
	switch {
	case strings.Contains(reason, "max volume count"):
		l.f.Variant = "volume-limit"
	case strings.Contains(reason, "non-existent pv"):
		l.f.Variant = "volume-gone"
	}
}
