package pod

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// A ConfigRef is a field of the Pod that names a ConfigMap or a Secret, or one key of it.
type ConfigRef struct {
	Kind      string // ConfigMap or Secret
	Name      string
	Key       string // "" where the field names the whole object
	Path      string // the field: spec.volumes[0].secret.secretName
	Volume    string // where a volume is made of it
	Container string // where a container's environment is
	Optional  bool   // the Pod starts without it
}

// ConfigRefs returns every field of a Pod that names a ConfigMap or a Secret as a volume or as environment.
func ConfigRefs(p *corev1.Pod) []ConfigRef {
	var refs []ConfigRef
	for i := range p.Spec.Volumes {
		v := &p.Spec.Volumes[i]
		at := fmt.Sprintf("spec.volumes[%d].", i)
		from := len(refs)
		if s := v.Secret; s != nil {
			refs = ofVolume(refs, "Secret", s.SecretName, at+"secret", "secretName", s.Items, s.Optional)
		}
		if c := v.ConfigMap; c != nil {
			refs = ofVolume(refs, "ConfigMap", c.Name, at+"configMap", "name", c.Items, c.Optional)
		}
		if v.Projected != nil {
			for j, s := range v.Projected.Sources {
				source := fmt.Sprintf("%sprojected.sources[%d].", at, j)
				if s.Secret != nil {
					refs = ofVolume(refs, "Secret", s.Secret.Name, source+"secret", "name", s.Secret.Items,
						s.Secret.Optional)
				}
				if s.ConfigMap != nil {
					refs = ofVolume(refs, "ConfigMap", s.ConfigMap.Name, source+"configMap", "name", s.ConfigMap.Items,
						s.ConfigMap.Optional)
				}
			}
		}
		for j := from; j < len(refs); j++ {
			refs[j].Volume = v.Name
		}
	}
	for i := range p.Spec.InitContainers {
		refs = ofContainer(refs, &p.Spec.InitContainers[i], fmt.Sprintf("spec.initContainers[%d].", i))
	}
	for i := range p.Spec.Containers {
		refs = ofContainer(refs, &p.Spec.Containers[i], fmt.Sprintf("spec.containers[%d].", i))
	}
	return refs
}

func ofVolume(refs []ConfigRef, kind, name, at, field string, items []corev1.KeyToPath, optional *bool) []ConfigRef {
	opt := optional != nil && *optional
	refs = append(refs, ConfigRef{Kind: kind, Name: name, Path: at + "." + field, Optional: opt})
	for i := range items {
		refs = append(refs, ConfigRef{Kind: kind, Name: name, Key: items[i].Key,
			Path: fmt.Sprintf("%s.items[%d].key", at, i), Optional: opt})
	}
	return refs
}

func ofContainer(refs []ConfigRef, c *corev1.Container, at string) []ConfigRef {
	add := func(kind, name, key, path string, optional *bool) {
		refs = append(refs, ConfigRef{Kind: kind, Name: name, Key: key, Path: at + path, Container: c.Name,
			Optional: optional != nil && *optional})
	}
	for i, e := range c.EnvFrom {
		if r := e.ConfigMapRef; r != nil {
			add("ConfigMap", r.Name, "", fmt.Sprintf("envFrom[%d].configMapRef.name", i), r.Optional)
		}
		if r := e.SecretRef; r != nil {
			add("Secret", r.Name, "", fmt.Sprintf("envFrom[%d].secretRef.name", i), r.Optional)
		}
	}
	for i, e := range c.Env {
		if e.ValueFrom == nil {
			continue
		}
		if r := e.ValueFrom.ConfigMapKeyRef; r != nil {
			add("ConfigMap", r.Name, "", fmt.Sprintf("env[%d].valueFrom.configMapKeyRef.name", i), r.Optional)
			add("ConfigMap", r.Name, r.Key, fmt.Sprintf("env[%d].valueFrom.configMapKeyRef.key", i), r.Optional)
		}
		if r := e.ValueFrom.SecretKeyRef; r != nil {
			add("Secret", r.Name, "", fmt.Sprintf("env[%d].valueFrom.secretKeyRef.name", i), r.Optional)
			add("Secret", r.Name, r.Key, fmt.Sprintf("env[%d].valueFrom.secretKeyRef.key", i), r.Optional)
		}
	}
	return refs
}
