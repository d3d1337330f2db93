package podunschedulable

import (
	"maps"

	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// FindMissing says what of the nodes keeps a DaemonSet off all of them, which its controller never does. That one fits
// no node is often meant (a driver for devices that no node has, however near the labels are): it counts where it is
// asked about by its name.
func FindMissing(p *diagnose.Pass) {
	if !p.Asked || !p.Silent || p.Stall().Path != diagnose.FitsNone {
		return
	}
	daemon := *p
	pod := *p.Pod
	pod.Spec.Tolerations = append(tolerated(), pod.Spec.Tolerations...)
	daemon.Pod = &pod
	f := diagnose.Finding{Blame: p.Workload(), Args: map[string]string{}}
	l := newLook(&daemon, &f, "")
	switch {
	case !l.all:
		l.selector()
		f.Certainty = diagnose.Likely
	case len(l.able) == 0:
		l.selector()
	default:
		l.taints()
	}
	if f.Variant == "" {
		return
	}
	if f.Variant == "selector" || f.Variant == "selector-unread" {
		f.Variant = "daemonset"
	} else {
		f.Variant, f.Blame = "daemonset-taint", p.Workload()
	}
	f.Evidence = append(f.Evidence, diagnose.Cite(p.Ref, diagnose.FitsNone, "0"))
	maps.DeleteFunc(f.Args, func(_, value string) bool { return value == "" })
	p.Report(f)
}

// tolerated are the taints that the controller of DaemonSets lets all of their Pods tolerate. Source:
// AddOrUpdateDaemonPodTolerations, kube-controller-manager.
func tolerated() []corev1.Toleration {
	var all []corev1.Toleration
	for _, key := range []string{corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable, corev1.TaintNodeDiskPressure,
		corev1.TaintNodeMemoryPressure, corev1.TaintNodePIDPressure, corev1.TaintNodeUnschedulable} {
		all = append(all, corev1.Toleration{Key: key, Operator: corev1.TolerationOpExists})
	}
	return all
}
