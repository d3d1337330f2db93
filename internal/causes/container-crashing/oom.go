package containercrashing

import (
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// overLimit names the limit that a container was killed for, and twice as much.
func overLimit(p *diagnose.Pass, container string, f *diagnose.Finding) {
	c := pod.Container(p.Pod, container)
	if c == nil {
		return
	}
	q, ok := c.Resources.Limits[corev1.ResourceMemory]
	if !ok { // that of the Pod, or of the node
		return
	}
	f.Args["limit"] = q.String()
	q.Add(q)
	f.Args["double"] = q.String()
}
