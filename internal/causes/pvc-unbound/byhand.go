package pvcunbound

import (
	"cmp"
	"maps"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// byHand is a volume that an administrator can make for the claim: a folder, or a disk, of one node. Where that is and
// on which node only a person knows, unless the Pod or the cluster has just one.
// Where the claim names a volume that is there, no other helps it.
func (w *waiter) byHand() (name, manifest string) {
	c := w.v.PVC
	if name = cmp.Or(c.Spec.VolumeName, c.Namespace+"-"+c.Name); c.Spec.VolumeName != "" {
		if _, there := cluster.Get[corev1.PersistentVolume](w.p.Snapshot, "", name); there != cluster.Absent {
			return "", ""
		}
	}
	class := ""
	if c.Spec.StorageClassName != nil {
		class = *c.Spec.StorageClassName
	}
	metadata := map[string]any{"name": name}
	if s := c.Spec.Selector; s != nil && len(s.MatchLabels) > 0 {
		metadata["labels"] = maps.Clone(s.MatchLabels)
	}
	host := map[string]any{"key": corev1.LabelHostname, "operator": "In", "values": []string{cmp.Or(w.host(), "HOSTNAME")}}
	spec := map[string]any{
		"capacity": map[string]any{"storage": c.Spec.Resources.Requests[corev1.ResourceStorage]},
		"claimRef": map[string]any{"namespace": c.Namespace, "name": c.Name}, "accessModes": c.Spec.AccessModes,
		"storageClassName": class, "local": map[string]any{"path": "PATH"},
		"nodeAffinity": map[string]any{"required": map[string]any{"nodeSelectorTerms": []any{
			map[string]any{"matchExpressions": []any{host}}}}}}
	if mode(c.Spec.VolumeMode) != corev1.PersistentVolumeFilesystem {
		spec["volumeMode"] = *c.Spec.VolumeMode
	}
	return name, diagnose.JSON(map[string]any{"apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata,
		"spec": spec})
}

// host is what the node is labelled with that the volume has to be on; "" where it can be one of several.
func (w *waiter) host() string {
	name := w.p.Pod.Spec.NodeName
	nodes := cluster.Objects[corev1.Node](w.p.Snapshot)
	if name == "" && len(nodes) == 1 {
		name = nodes[0].Name
	}
	for _, n := range nodes {
		if n.Name == name {
			return cmp.Or(n.Labels[corev1.LabelHostname], name)
		}
	}
	return name
}
