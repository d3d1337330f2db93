// Package podrejected finds Pods that the kubelet refused or threw out, for a reason that has no cause of its own.
package podrejected

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/placement"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
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
	if f.Variant == "" && managers().MatchString(f.Args["message"]) {
		f.Variant = "numa"
	}
	if f.Args["resource"] == string(corev1.ResourcePods) {
		f.Variant = "full"
	}
	if f.Variant == "resources" && amounts(f.Args, f.Args["message"]) {
		f.Variant = "large"
	}
	if said.Sign.Reason == "Evicted" {
		if times := 1 + evicted(p.Siblings()); times > 1 {
			f.Args["times"] = strconv.Itoa(times)
		}
		if limited(p.Pod, f.Args, said.Sign.Message) {
			f.Variant = "limit"
		}
	}
	p.Report(f)
}

// shortOf is what the kubelet says of a resource: CPUs in thousandths, memory in bytes.
var shortOf = match.Lazy(`requested: (\d+), used: (\d+), capacity: (\d+)`)

// amounts writes what the kubelet counted as people write it, and reports whether the Pod asks for more than the node
// has even when it is empty.
func amounts(args map[string]string, message string) (large bool) {
	m := shortOf().FindStringSubmatch(message)
	if m == nil {
		return false
	}
	name := corev1.ResourceName(args["resource"])
	amount := func(text string) resource.Quantity {
		n, _ := strconv.ParseInt(text, 10, 64)
		if name == corev1.ResourceCPU {
			return *resource.NewMilliQuantity(n, resource.DecimalSI)
		}
		return *resource.NewQuantity(n, resource.DecimalSI)
	}
	requested, free, capacity := amount(m[1]), amount(m[3]), amount(m[3])
	if free.Sub(amount(m[2])); free.Sign() < 0 {
		free = resource.Quantity{}
	}
	args["requested"], args["free"] = placement.Amount(name, requested), placement.Amount(name, free)
	args["capacity"] = placement.Amount(name, capacity)
	return name != corev1.ResourcePods && requested.Cmp(capacity) > 0
}

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
	return topology(reason)
}
