package podrejected

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// managers is what the kubelet's managers of CPUs and memory say that cannot give what is asked for in one piece.
var managers = match.Lazy(`not enough cpus available to satisfy request|\[memorymanager\]|NUMA node`)

// topology tells the refusals of the kubelet's managers of CPUs and memory, and a few others, from each other.
func topology(reason string) string {
	switch strings.ReplaceAll(reason, " ", "") {
	case "TopologyAffinityError":
		return "numa"
	case "SMTAlignmentError":
		return "smt"
	case "Preempting":
		return "preempted"
	case "PodOSNotSupported", "PodOSSelectorNodeLabelDoesNotMatch":
		return "os"
	}
	return ""
}
