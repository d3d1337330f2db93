package pod

import corev1 "k8s.io/api/core/v1"

// ClaimName is the name of the claim behind a volume of a Pod; "" for a volume without one.
func ClaimName(p *corev1.Pod, v *corev1.Volume) string {
	switch {
	case v.PersistentVolumeClaim != nil:
		return v.PersistentVolumeClaim.ClaimName
	case v.Ephemeral != nil:
		return p.Name + "-" + v.Name
	}
	return ""
}
