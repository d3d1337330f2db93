package pod

import corev1 "k8s.io/api/core/v1"

// SandboxNotReady is why a Pod is not ready to start containers, and the reason of that condition from Kubernetes 1.36.
const SandboxNotReady = "PodSandboxNotReady"

// What the kubelet says with it: pkg/kubelet/types/constants.go.
const (
	noSandbox = "no pod sandbox exists"
	noAddress = "pod sandbox has no IP address"
)

// sandboxCondition is the condition of a Pod whose kubelet says what is wrong with its sandbox; nil where it says
// nothing, or only that there is none: that is so whatever the Pod waits for.
func sandboxCondition(p *corev1.Pod) *corev1.PodCondition {
	c := Condition(p, corev1.PodReadyToStartContainers)
	if c == nil || c.Status != corev1.ConditionFalse || c.Reason != SandboxNotReady || c.Message == noSandbox ||
		c.Message == "" || Rejected(p) || p.Status.Phase == corev1.PodFailed {
		return nil
	}
	return c
}

// beforeSandbox is the stage of a Pod that has no sandbox that can be used, where no Event complains.
func beforeSandbox(p *corev1.Pod) Stage {
	switch c := sandboxCondition(p); {
	case c == nil:
		return StageVolumes
	case c.Message == noAddress:
		return StageNetwork
	}
	return StageSandbox
}
