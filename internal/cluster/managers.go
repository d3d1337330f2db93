package cluster

import (
	"bytes"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ordinary are the field managers that write the spec of every Pod: that they did says nothing.
var ordinary = []string{"kube-controller-manager", "kube-scheduler", "kubelet", "k3s", "rke2"}

// Managers returns what is kept of managed fields: who changed a spec, or the template of Pods or the taints in it, and
// when. Which fields it were is left out: they are most of an object.
func Managers(all []metav1.ManagedFieldsEntry) []metav1.ManagedFieldsEntry {
	var out []metav1.ManagedFieldsEntry
	for _, m := range all {
		var raw []byte
		if m.FieldsV1 != nil {
			raw = m.FieldsV1.GetRawBytes()
		}
		mark := ""
		switch {
		case m.FieldsV1 == nil || m.Subresource == "status" || slices.Contains(ordinary, m.Manager):
			continue
		case bytes.Contains(raw, []byte(`"f:template"`)):
			mark = `{"f:spec":{"f:template":{}}}`
		case bytes.Contains(raw, []byte(`"f:unschedulable"`)):
			mark = `{"f:spec":{"f:taints":{},"f:unschedulable":{}}}`
		case bytes.Contains(raw, []byte(`"f:taints"`)):
			mark = `{"f:spec":{"f:taints":{}}}`
		case bytes.Contains(raw, []byte(`"f:spec"`)):
			mark = `{"f:spec":{}}`
		default:
			continue
		}
		m.FieldsV1 = metav1.NewFieldsV1(mark)
		out = append(out, m)
	}
	return out
}
