package diagnose

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// TestSick holds of which conditions of a Node True is well, and that Unknown is a fault of Ready only.
func TestSick(t *testing.T) {
	for _, c := range []struct{ kind, well, ill, unknown string }{
		{"Ready", "True", "False", "ill"},
		{"MemoryPressure", "False", "True", "well"},
		{"NetworkUnavailable", "False", "True", "well"},
		{"KernelDeadlock", "False", "True", "well"}, // node-problem-detector
		{"ReadonlyFilesystem", "False", "True", "well"},
		{"FrequentContainerdRestart", "False", "True", "well"},
		{"KubeletUnhealthy", "False", "True", "well"},
		{"ContainerRuntimeProblem", "False", "True", "well"}, // AKS
		{"VMEventScheduled", "False", "True", "well"},
		{"GpuXidError", "False", "True", "well"}, // NVSentinel
		{"KernelReady", "True", "False", "well"}, // EKS
		{"AcceleratedHardwareReady", "True", "False", "well"},
		{"ServiceUnavailable", "False", "True", "well"},
		{"DiskNotReady", "False", "True", "well"},
	} {
		for status, want := range map[string]bool{c.well: false, c.ill: true, "Unknown": c.unknown == "ill"} {
			got := isUnhealthy(&corev1.NodeCondition{Type: corev1.NodeConditionType(c.kind),
				Status: corev1.ConditionStatus(status)})
			if got != want {
				t.Errorf("%s=%s: sick is %t", c.kind, status, got)
			}
		}
	}
}
