package live

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// thin takes out of a Pod that has started what no diagnosis of another Pod asks for. What is left tells that it is there,
// whose it is, where it runs, what it holds (claims, host ports, devices) and how it stands.
func thin(p *corev1.Pod) *corev1.Pod {
	out := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: p.Name, Namespace: p.Namespace, UID: p.UID, Labels: p.Labels, OwnerReferences: p.OwnerReferences,
		CreationTimestamp: p.CreationTimestamp, DeletionTimestamp: p.DeletionTimestamp}, Status: p.Status}
	out.Spec = corev1.PodSpec{NodeName: p.Spec.NodeName, HostNetwork: p.Spec.HostNetwork, RestartPolicy: p.Spec.RestartPolicy,
		InitContainers: thinContainers(p.Spec.InitContainers), Containers: thinContainers(p.Spec.Containers)}
	for _, v := range p.Spec.Volumes { // every one, so that a place in the list means what it did
		out.Spec.Volumes = append(out.Spec.Volumes, corev1.Volume{Name: v.Name,
			VolumeSource: corev1.VolumeSource{PersistentVolumeClaim: v.PersistentVolumeClaim, Ephemeral: v.Ephemeral}})
	}
	return out
}

func thinContainers(cs []corev1.Container) []corev1.Container {
	out := make([]corev1.Container, 0, len(cs))
	for _, c := range cs {
		out = append(out, corev1.Container{Name: c.Name, Image: c.Image, Ports: c.Ports, Resources: c.Resources, RestartPolicy: c.RestartPolicy})
	}
	return out
}
