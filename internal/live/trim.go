package live

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// trimPod keeps what a diagnosis asks of a Pod that does not wait: whose it is, where it runs and since when, what it
// keeps from others (claims, ports of the node, resources, which Pods it refuses beside it), and folders of the node,
// by which drivers are known. All else of it would be most of the memory of a run, since most Pods do not wait. What it
// returns holds nothing of the Pod that was given, so that this can go at once.
func trimPod(p *corev1.Pod) *corev1.Pod {
	out := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: p.Name, UID: p.UID,
		CreationTimestamp: p.CreationTimestamp,
		DeletionTimestamp: p.DeletionTimestamp, DeletionGracePeriodSeconds: p.DeletionGracePeriodSeconds,
		Labels: p.Labels, OwnerReferences: p.OwnerReferences}}
	if mirror, ok := p.Annotations[corev1.MirrorPodAnnotationKey]; ok {
		out.Annotations = map[string]string{corev1.MirrorPodAnnotationKey: mirror}
	}
	out.Spec = corev1.PodSpec{NodeName: p.Spec.NodeName, HostNetwork: p.Spec.HostNetwork,
		ServiceAccountName: p.Spec.ServiceAccountName, SchedulerName: p.Spec.SchedulerName,
		Subdomain:       p.Spec.Subdomain,
		SchedulingGroup: p.Spec.SchedulingGroup,
		RestartPolicy:   p.Spec.RestartPolicy, InitContainers: trimContainers(p.Spec.InitContainers),
		Containers: trimContainers(p.Spec.Containers)}
	if o := p.Spec.Priority; o != nil && *o != 0 {
		out.Spec.Priority, out.Spec.PriorityClassName = o, p.Spec.PriorityClassName
	}
	out.Spec.Overhead, out.Spec.Resources = p.Spec.Overhead, p.Spec.Resources
	if a := p.Spec.Affinity; a != nil && a.PodAntiAffinity != nil {
		if r := a.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution; r != nil {
			out.Spec.Affinity = &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
				RequiredDuringSchedulingIgnoredDuringExecution: r}}
		}
	}
	for _, v := range p.Spec.Volumes {
		if v.PersistentVolumeClaim != nil || v.Ephemeral != nil || v.HostPath != nil {
			out.Spec.Volumes = append(out.Spec.Volumes, v)
		}
	}
	out.Status = corev1.PodStatus{Phase: p.Status.Phase, Reason: p.Status.Reason, Message: p.Status.Message,
		PodIP: p.Status.PodIP, HostIP: p.Status.HostIP, StartTime: p.Status.StartTime,
		Conditions: p.Status.Conditions, InitContainerStatuses: p.Status.InitContainerStatuses,
		ContainerStatuses: p.Status.ContainerStatuses}
	return out
}

func trimContainers(all []corev1.Container) []corev1.Container {
	out := make([]corev1.Container, len(all))
	for i, c := range all {
		out[i] = corev1.Container{Name: c.Name, Image: c.Image, Ports: c.Ports, Resources: c.Resources,
			RestartPolicy: c.RestartPolicy, RestartPolicyRules: c.RestartPolicyRules}
	}
	return out
}
