package diagnose

import (
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// names reports whether a field of the Pod, or of an object that it uses, names what an argument has.
func (p *Pass) names(arg, value string) bool {
	spec := &p.Pod.Spec
	switch arg {
	case "container", "unread":
		return pod.Container(p.Pod, value) != nil
	case "image":
		return p.images().full[cluster.FullImage(value)]
	case "registry", "host", "mirrored":
		return p.images().registries[pod.Hub(value)]
	case "secret", "configmap", "object":
		return p.namesConfig(value)
	case "key":
		return slices.ContainsFunc(p.ConfigRefs(), func(r pod.ConfigRef) bool { return r.Key == value })
	case "volume", "claim", "pv", "class", "driver", "path", "device", "mount", "server", "export":
		return slices.ContainsFunc(p.Volumes(), func(v Volume) bool { return p.namesVolume(&v, arg, value) })
	case "holder", "second":
		return slices.ContainsFunc(p.Volumes(), func(v Volume) bool {
			return v.Claim != "" && slices.ContainsFunc(p.UsersOf(v.Claim), func(o *corev1.Pod) bool { return o.Name == value })
		})
	case "serviceaccount":
		return value == spec.ServiceAccountName
	case "runtimeclass":
		return spec.RuntimeClassName != nil && *spec.RuntimeClassName == value
	case "priorityclass":
		return value == spec.PriorityClassName
	case "podgroup":
		return spec.SchedulingGroup != nil && spec.SchedulingGroup.PodGroupName != nil &&
			*spec.SchedulingGroup.PodGroupName == value
	case "quota":
		_, there := cluster.Get[corev1.ResourceQuota](p.Snapshot, p.Pod.Namespace, value)
		return there == cluster.Present
	case "limitrange":
		_, there := cluster.Get[corev1.LimitRange](p.Snapshot, p.Pod.Namespace, value)
		return there == cluster.Present
	case "resource":
		return slices.ContainsFunc(containersOf(p.Pod), func(c *corev1.Container) bool {
			_, requested := c.Resources.Requests[corev1.ResourceName(value)]
			_, limited := c.Resources.Limits[corev1.ResourceName(value)]
			return requested || limited
		})
	case "resourceclaim", "template":
		return p.namesResourceClaim(value)
	case "secondary", "secondaryns":
		return slices.ContainsFunc(requested(p.Pod), func(r cluster.Ref) bool {
			return value == r.Name || value == r.Namespace
		})
	case "inspace", "objectnamespace", "servicens":
		return value == p.Pod.Namespace
	case "sysctl":
		return pod.SetsSysctl(p.Pod, value)
	}
	return false
}

// imageNames are the images that the Pod's containers and volumes are made of, as they are written and whole, and where
// they are from.
type imageNames struct {
	all              []string
	full, registries map[string]bool
}

// images are those of the Pod.
func (p *Pass) images() *imageNames {
	if p.imageNames != nil {
		return p.imageNames
	}
	n := &imageNames{full: map[string]bool{}, registries: map[string]bool{}}
	for _, v := range p.Pod.Spec.Volumes {
		if v.Image != nil {
			n.all = append(n.all, v.Image.Reference)
		}
	}
	for _, c := range containersOf(p.Pod) {
		n.all = append(n.all, c.Image)
	}
	for _, image := range n.all {
		n.full[cluster.FullImage(image)], n.registries[pod.RegistryOf(image)] = true, true
	}
	p.imageNames = n
	return n
}

// containersOf are all of a Pod.
func containersOf(o *corev1.Pod) []*corev1.Container {
	var out []*corev1.Container
	for _, list := range [][]corev1.Container{o.Spec.InitContainers, o.Spec.Containers} {
		for i := range list {
			out = append(out, &list[i])
		}
	}
	for i := range o.Spec.EphemeralContainers {
		out = append(out, (*corev1.Container)(&o.Spec.EphemeralContainers[i].EphemeralContainerCommon))
	}
	return out
}

// namesConfig reports whether the Pod, its account or one of its volumes names a ConfigMap or a Secret.
func (p *Pass) namesConfig(name string) bool {
	is := func(r corev1.LocalObjectReference) bool { return r.Name == name }
	if slices.ContainsFunc(p.ConfigRefs(), func(r pod.ConfigRef) bool { return r.Name == name }) ||
		slices.ContainsFunc(p.Pod.Spec.ImagePullSecrets, is) {
		return true
	}
	a, _ := cluster.Get[corev1.ServiceAccount](p.Snapshot, p.Pod.Namespace, p.Pod.Spec.ServiceAccountName)
	if a != nil && (slices.ContainsFunc(a.ImagePullSecrets, is) ||
		slices.ContainsFunc(a.Secrets, func(r corev1.ObjectReference) bool { return r.Name == name })) {
		return true
	}
	return slices.ContainsFunc(p.Volumes(), func(v Volume) bool {
		if v.PV == nil || v.PV.Spec.CSI == nil {
			return v.CSI != nil && v.CSI.NodePublishSecretRef != nil && v.CSI.NodePublishSecretRef.Name == name
		}
		c := v.PV.Spec.CSI
		return slices.ContainsFunc([]*corev1.SecretReference{c.NodeStageSecretRef, c.NodePublishSecretRef,
			c.NodeExpandSecretRef, c.ControllerPublishSecretRef, c.ControllerExpandSecretRef},
			func(r *corev1.SecretReference) bool { return r != nil && r.Name == name })
	})
}

// namesVolume reports whether a volume, its claim or what is behind that names what an argument has.
func (p *Pass) namesVolume(v *Volume, arg, value string) bool {
	var pv corev1.PersistentVolumeSource
	if v.PV != nil {
		pv = v.PV.Spec.PersistentVolumeSource
	}
	args := map[string]string{}
	p.fillVolume(args, v)
	switch arg {
	case "volume":
		return v.Name == value || args["pv"] == value
	case "path":
		return pv.Local != nil && pv.Local.Path == value || pv.HostPath != nil && pv.HostPath.Path == value ||
			v.HostPath != nil && v.HostPath.Path == value
	case "device":
		return pv.Local != nil && pv.Local.Path == value
	case "mount":
		return v.HostPath != nil && v.HostPath.Path == value && propagates(p.Pod, v.Name)
	case "server":
		return v.NFS != nil && v.NFS.Server == value || pv.NFS != nil && pv.NFS.Server == value
	case "export":
		return v.NFS != nil && v.NFS.Path == value || pv.NFS != nil && pv.NFS.Path == value
	}
	return args[arg] == value
}

// propagates reports whether a container wants mounts to pass between a volume and the node.
func propagates(o *corev1.Pod, volume string) bool {
	return slices.ContainsFunc(containersOf(o), func(c *corev1.Container) bool {
		return slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool {
			return m.Name == volume && m.MountPropagation != nil && *m.MountPropagation != corev1.MountPropagationNone
		})
	})
}

// namesResourceClaim reports whether the Pod names a ResourceClaim, or a template of one.
func (p *Pass) namesResourceClaim(name string) bool {
	is := func(s *string) bool { return s != nil && *s == name }
	return slices.ContainsFunc(p.Pod.Spec.ResourceClaims, func(c corev1.PodResourceClaim) bool {
		return is(c.ResourceClaimName) || is(c.ResourceClaimTemplateName)
	}) || slices.ContainsFunc(p.Pod.Status.ResourceClaimStatuses, func(s corev1.PodResourceClaimStatus) bool {
		return is(s.ResourceClaimName)
	})
}
