package diagnose

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// wellWhenTrue are the ends of names that say of what True is well; what ends in Unhealthy or NotReady does not.
//
// Conditions of a Node are of two kinds: of some True is well, of others it is a fault. Nothing in them says which.
//
// The kubelet has one of the first kind, Ready, and four of the second. node-problem-detector (of GKE, AKS and others)
// has only the second: KernelDeadlock, ReadonlyFilesystem, FrequentKubeletRestart, KubeletUnhealthy; so has NVSentinel
// (GpuXidError). The node monitoring agent of EKS has the first: NetworkingReady, StorageReady, KernelReady,
// ContainerRuntimeReady, AcceleratedHardwareReady.
var wellWhenTrue = []string{"Ready", "Healthy", "healthy", "Available", "available", "Running", "Active", "Ok", "OK"}

// isUnhealthy reports whether a condition of a Node says that something is wrong with it. Unknown says so of Ready
// only: the kubelet has not been heard of, and what it knows of the others neither.
func isUnhealthy(c *corev1.NodeCondition) bool {
	if c.Type == corev1.NodeReady {
		return c.Status != corev1.ConditionTrue
	}
	bad := corev1.ConditionTrue
	if wellIfTrue(string(c.Type)) {
		bad = corev1.ConditionFalse
	}
	return c.Status == bad
}

func wellIfTrue(kind string) bool {
	for _, end := range wellWhenTrue {
		if rest, ok := strings.CutSuffix(kind, end); ok {
			return !strings.HasSuffix(rest, "Not") && !strings.HasSuffix(rest, "Un")
		}
	}
	return false
}
