package pod

import corev1 "k8s.io/api/core/v1"

// Mounts reports whether a container of the Pod uses a volume: the kubelet waits for no other.
func Mounts(p *corev1.Pod, volume string) bool {
	for _, list := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
		for i := range list {
			for _, m := range list[i].VolumeMounts {
				if m.Name == volume {
					return true
				}
			}
			for _, d := range list[i].VolumeDevices {
				if d.Name == volume {
					return true
				}
			}
		}
	}
	return false
}
