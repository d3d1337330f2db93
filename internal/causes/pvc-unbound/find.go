// Package pvcunbound finds Pods whose claim has no volume, and says why.
package pvcunbound

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
)

// Find reports each claim of the Pod that is not bound, where the scheduler or the kubelet complains of it or nobody
// says anything, and what they say of claims that are not known.
func Find(p *diagnose.Pass) {
	var said []diagnose.Match
	for _, m := range p.Matches() {
		if !m.Sign.Context && !strings.Contains(m.Sign.Message, "not supported on Fargate") {
			said = append(said, m)
		}
	}
	used := map[string]bool{}
	for _, v := range p.Volumes() {
		if v.PVC == nil || v.PVC.Status.Phase != corev1.ClaimPending && v.PVC.Status.Phase != corev1.ClaimLost {
			continue
		}
		w := waiter{p: p, v: &v}
		w.class, w.classThere = classOf(p, v.PVC)
		var evidence []cluster.Sign
		for _, m := range said {
			if w.meant(&m) {
				evidence = append(evidence, m.Sign)
			}
		}
		if evidence == nil && (!p.Silent || w.consumer() && p.Stage == pod.StageSchedule) {
			continue
		}
		for _, e := range evidence {
			used[e.Ref.String()+e.Path] = true
		}
		w.report(evidence)
	}
	for _, m := range said {
		// the scheduler's first try is often a second too early
		if !used[m.Sign.Ref.String()+m.Sign.Path] && !p.ClaimsBound(m.Args["claim"]) {
			alone(p, m)
		}
	}
}

// waiter is a claim that waits for its volume.
type waiter struct {
	p          *diagnose.Pass
	v          *diagnose.Volume
	class      *storagev1.StorageClass
	classThere cluster.Presence
}

func classOf(p *diagnose.Pass, c *corev1.PersistentVolumeClaim) (*storagev1.StorageClass, cluster.Presence) {
	if c.Spec.StorageClassName == nil || *c.Spec.StorageClassName == "" {
		return nil, cluster.Unknown
	}
	return cluster.Get[storagev1.StorageClass](p.Snapshot, "", *c.Spec.StorageClassName)
}

// consumer reports whether the claim waits until a Pod that uses it has a node, as it should.
func (w *waiter) consumer() bool {
	const selected = "volume.kubernetes.io/selected-node"
	for i := range w.p.Signs {
		if s := &w.p.Signs[i]; s.About != nil && s.About.Kind == "PersistentVolumeClaim" && s.About.Name == w.v.Claim &&
			s.Reason == "ExternalProvisioning" {
			return false
		}
	}
	return w.class != nil && w.class.VolumeBindingMode != nil &&
		*w.class.VolumeBindingMode == storagev1.VolumeBindingWaitForFirstConsumer &&
		w.v.PVC.Annotations[selected] == "" && w.v.PVC.Spec.VolumeName == ""
}

// meant reports whether a sign speaks of this claim. The scheduler names none.
func (w *waiter) meant(m *diagnose.Match) bool {
	if c := m.Args["claim"]; c != "" {
		return c == w.v.Claim
	}
	return !w.consumer() || !strings.Contains(m.Sign.Message, "immediate")
}
