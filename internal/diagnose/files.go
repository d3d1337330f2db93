package diagnose

import (
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// MadeOf is the ConfigMap or Secret that a volume of the Pod is made of, and the field that names it; false where it is
// made of none, or of several.
func (p *Pass) MadeOf(v *corev1.Volume) (of cluster.Ref, cited cluster.Sign, ok bool) {
	of, field := madeOf(v)
	if field == "" {
		return of, cited, false
	}
	of.Namespace = p.Pod.Namespace
	at := slices.IndexFunc(p.Pod.Spec.Volumes, func(o corev1.Volume) bool { return o.Name == v.Name })
	return of, p.Cite(fmt.Sprintf("spec.volumes[%d]%s", at, field), of.Name), true
}

func madeOf(v *corev1.Volume) (of cluster.Ref, field string) {
	switch {
	case v != nil && v.ConfigMap != nil:
		return cluster.Ref{Kind: "ConfigMap", Name: v.ConfigMap.Name}, ".configMap.name"
	case v != nil && v.Secret != nil:
		return cluster.Ref{Kind: "Secret", Name: v.Secret.SecretName}, ".secret.secretName"
	}
	return of, ""
}

// Files are the files that a volume of a ConfigMap or a Secret has, with the key that each is made of; nil where that
// is not known.
func (p *Pass) Files(v *corev1.Volume) map[string]string {
	var items []corev1.KeyToPath
	switch {
	case v != nil && v.ConfigMap != nil:
		items = v.ConfigMap.Items
	case v != nil && v.Secret != nil:
		items = v.Secret.Items
	}
	of, _ := madeOf(v)
	of.Namespace = p.Pod.Namespace
	if items == nil {
		for _, key := range p.Keys(of) {
			items = append(items, corev1.KeyToPath{Key: key, Path: key})
		}
	}
	if items == nil {
		return nil
	}
	have := make(map[string]string, len(items))
	for _, i := range items {
		have[i.Path] = i.Key
	}
	return have
}
