package containercrashing

import (
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// overLimit names the limit that a container was killed for; where it has none it is that of the Pod, or of the node.
func overLimit(p *diagnose.Pass, container string, f *diagnose.Finding) {
	if c := pod.Container(p.Pod, container); c != nil {
		if q, ok := c.Resources.Limits[corev1.ResourceMemory]; ok {
			f.Args["limit"] = q.String()
		}
	}
}
