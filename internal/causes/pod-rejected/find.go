// Package podrejected finds Pods that the kubelet refused or threw out, for a reason that has no cause of its own.
package podrejected

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// Find tells from the reason what kind of refusal it is.
func Find(p *diagnose.Pass) {
	var f diagnose.Finding
	var said diagnose.Match
	for _, m := range p.Matches() {
		f.Evidence = append(f.Evidence, m.Sign)
		if f.Args == nil || m.Sign.Kind == cluster.SignRejected {
			f.Args, said = m.Args, m
		}
	}
	if f.Evidence == nil {
		return
	}
	f.Args["reason"] = said.Sign.Reason
	if resource, short := strings.CutPrefix(said.Sign.Reason, "OutOf"); short {
		f.Args["resource"] = resource
	}
	if f.Args["message"] == "" {
		f.Args["message"] = said.Sign.Message
	}
	f.Args["message"] = strings.TrimPrefix(strings.TrimRight(f.Args["message"], ". "), "Pod was rejected: ")
	f.Variant, f.Blame = variant(said.Sign.Reason), p.Blame(f.Args)
	if said.Sign.Reason == "Evicted" {
		if times := 1 + evicted(p.Siblings()); times > 1 {
			f.Args["times"] = strconv.Itoa(times)
		}
		if ownLimit.Match(said.Sign.Message) {
			f.Variant = "limit"
		}
	}
	p.Report(f)
}

// ownLimit is what the kubelet says where a Pod used more than it may itself, however much the node has left.
var ownLimit = match.MustExpr(`exceeds the (total )?limit|exceeded its local ephemeral storage limit`)

// evicted counts the Pods that were evicted.
func evicted(pods []*corev1.Pod) int {
	n := 0
	for _, p := range pods {
		if p.Status.Reason == "Evicted" {
			n++
		}
	}
	return n
}

func variant(reason string) string {
	switch {
	case strings.HasPrefix(reason, "OutOf"):
		return "resources"
	case reason == "NodeAffinity" || reason == "NodeName":
		return "affinity"
	case reason == "Evicted":
		return "evicted"
	case strings.HasSuffix(reason, "Shutdown") || reason == "Terminated": // as kubelets of 1.20 and 1.21 call it
		return "shutdown"
	}
	return ""
}
