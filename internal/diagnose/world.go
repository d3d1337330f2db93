package diagnose

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// world is a snapshot with the joins that one Run needs, each made when it is first asked for.
type world struct {
	s      *cluster.Snapshot
	ofNode map[string][]cluster.Sign
	byPV   map[string][]*storagev1.VolumeAttachment
	bound  map[cluster.Ref]*corev1.PersistentVolume // by the claim that it is bound to
	onNode map[string][]*corev1.Pod
	users  map[cluster.Ref][]*corev1.Pod // of a claim
	ill    []*corev1.Node
	asked  bool

	matches []Match // memory for the next Matches
}

func newWorld(s *cluster.Snapshot) *world { return &world{s: s, ofNode: map[string][]cluster.Sign{}} }

// attachments returns the VolumeAttachments of a PersistentVolume.
func (w *world) attachments(pv string) []*storagev1.VolumeAttachment {
	if w.byPV == nil {
		w.byPV = map[string][]*storagev1.VolumeAttachment{}
		for _, a := range cluster.Objects[storagev1.VolumeAttachment](w.s) {
			if name := a.Spec.Source.PersistentVolumeName; name != nil {
				w.byPV[*name] = append(w.byPV[*name], a)
			}
		}
	}
	return w.byPV[pv]
}

// podsOn returns the Pods that are bound to a node.
func (w *world) podsOn(node string) []*corev1.Pod {
	w.indexPods()
	return w.onNode[node]
}

// usersOf returns the Pods that use a claim.
func (w *world) usersOf(namespace, claim string) []*corev1.Pod {
	w.indexPods()
	return w.users[cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: namespace, Name: claim}]
}

func (w *world) indexPods() {
	if w.onNode != nil {
		return
	}
	w.onNode, w.users = map[string][]*corev1.Pod{}, map[cluster.Ref][]*corev1.Pod{}
	for _, p := range cluster.Objects[corev1.Pod](w.s) {
		if p.Spec.NodeName != "" {
			w.onNode[p.Spec.NodeName] = append(w.onNode[p.Spec.NodeName], p)
		}
		for i := range p.Spec.Volumes {
			if claim := pod.ClaimName(p, &p.Spec.Volumes[i]); claim != "" {
				r := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: p.Namespace, Name: claim}
				w.users[r] = append(w.users[r], p)
			}
		}
	}
}

// sick returns the nodes that are not ready, under pressure, or tainted for it.
func (w *world) sick() []*corev1.Node {
	if !w.asked {
		w.asked = true
		for _, n := range cluster.Objects[corev1.Node](w.s) {
			if slices.ContainsFunc(n.Spec.Taints, func(t corev1.Taint) bool { return strings.HasPrefix(t.Key, "node.kubernetes.io/") }) {
				w.ill = append(w.ill, n)
			}
		}
	}
	return w.ill
}

// A Volume is a volume of a Pod with the objects behind it. What is nil may be absent or unknown: the Presence tells.
type Volume struct {
	*corev1.Volume
	Index       int    // in spec.volumes
	Claim       string // the claim's name; "" for a volume without one
	PVC         *corev1.PersistentVolumeClaim
	PVCPresence cluster.Presence
	PV          *corev1.PersistentVolume
}

// volumesOf resolves the volumes of a Pod.
func (w *world) volumesOf(p *corev1.Pod) []Volume {
	out := make([]Volume, 0, len(p.Spec.Volumes))
	for i := range p.Spec.Volumes {
		v := Volume{Volume: &p.Spec.Volumes[i], Index: i, Claim: pod.ClaimName(p, &p.Spec.Volumes[i])}
		if v.Claim != "" {
			v.PVC, v.PVCPresence = cluster.Get[corev1.PersistentVolumeClaim](w.s, p.Namespace, v.Claim)
			if v.PVC != nil && v.PVC.Spec.VolumeName != "" {
				v.PV, _ = cluster.Get[corev1.PersistentVolume](w.s, "", v.PVC.Spec.VolumeName)
			}
			if v.PVC == nil {
				v.PV = w.boundTo(p.Namespace, v.Claim)
			}
		}
		out = append(out, v)
	}
	return out
}

// boundTo returns the PersistentVolume that is bound to a claim; it is how a dump without claims knows the volume.
func (w *world) boundTo(namespace, claim string) *corev1.PersistentVolume {
	if w.bound == nil {
		w.bound = map[cluster.Ref]*corev1.PersistentVolume{}
		for _, v := range cluster.Objects[corev1.PersistentVolume](w.s) {
			if c := v.Spec.ClaimRef; c != nil && v.Status.Phase == corev1.VolumeBound {
				w.bound[cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: c.Namespace, Name: c.Name}] = v
			}
		}
	}
	return w.bound[cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: namespace, Name: claim}]
}

// Workload is what has to be edited to change a Pod: the object that owns it in the end
// (Deployment, StatefulSet, DaemonSet, Job, or what a custom controller made), else the Pod itself.
func (w *world) workload(p *corev1.Pod) cluster.Ref {
	c := metav1.GetControllerOf(p)
	if c == nil || c.Kind == "Node" {
		return cluster.RefOf(p)
	}
	if c.Kind == "ReplicaSet" {
		if rs, ok := cluster.Get[appsv1.ReplicaSet](w.s, p.Namespace, c.Name); ok == cluster.Present {
			if d := metav1.GetControllerOf(rs); d != nil {
				return cluster.Ref{Kind: d.Kind, Namespace: p.Namespace, Name: d.Name}
			}
			return cluster.Ref{Kind: "ReplicaSet", Namespace: p.Namespace, Name: c.Name}
		}
		if hash := p.Labels[appsv1.DefaultDeploymentUniqueLabelKey]; hash != "" && strings.HasSuffix(c.Name, "-"+hash) {
			return cluster.Ref{Kind: "Deployment", Namespace: p.Namespace, Name: strings.TrimSuffix(c.Name, "-"+hash)}
		}
	}
	return cluster.Ref{Kind: c.Kind, Namespace: p.Namespace, Name: c.Name}
}

// replaced reports whether a Pod that failed has a younger brother of the same owner, so that it is history.
func (w *world) replaced(p *corev1.Pod) bool {
	c := metav1.GetControllerOf(p)
	if c == nil {
		return false
	}
	for _, o := range cluster.Objects[corev1.Pod](w.s) {
		if oc := metav1.GetControllerOf(o); oc != nil && oc.UID == c.UID && oc.Name == c.Name && o.Namespace == p.Namespace &&
			o.CreationTimestamp.After(p.CreationTimestamp.Time) {
			return true
		}
	}
	return false
}
