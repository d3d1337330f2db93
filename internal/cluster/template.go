package cluster

import (
	"encoding/json"
	"reflect"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// revisionData is what a ControllerRevision of a StatefulSet or a DaemonSet holds: what of its spec has revisions.
type revisionData struct {
	Spec struct {
		Template corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

// Template is the template of Pods in a ControllerRevision; not ok where it holds none.
func Template(r *appsv1.ControllerRevision) (*corev1.PodTemplateSpec, bool) {
	var d revisionData
	err := json.Unmarshal(r.Data.Raw, &d)
	return &d.Spec.Template, err == nil && len(d.Spec.Template.Spec.Containers) > 0
}

// SetTemplate puts a template of Pods into a ControllerRevision, in place of all that it holds.
func SetTemplate(r *appsv1.ControllerRevision, t *corev1.PodTemplateSpec) {
	r.Data.Object, r.Data.Raw = nil, nil
	if raw, err := json.Marshal(revisionData{struct {
		Template corev1.PodTemplateSpec `json:"template"`
	}{*t}}); err == nil {
		r.Data.Raw = raw
	}
}

// trimRevision cleans the template in a ControllerRevision, which is kept as text. What holds no template of Pods
// says nothing, and is emptied.
func trimRevision(r *appsv1.ControllerRevision) {
	t, ok := Template(r)
	if !ok {
		r.Data.Object, r.Data.Raw = nil, nil
		return
	}
	cleanerOf(reflect.TypeFor[corev1.PodTemplateSpec]()).clean(reflect.ValueOf(t).Elem())
	SetTemplate(r, t)
}
