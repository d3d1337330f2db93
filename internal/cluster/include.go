package cluster

import (
	"maps"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Include adds all that another snapshot knows: objects, what is absent, which lists are complete, and gaps.
// The objects are shared, which does no harm: snapshots are read-only.
func (b *Builder) Include(s *Snapshot) {
	for kind, of := range s.objects {
		if b.s.objects[kind] == nil {
			b.s.objects[kind] = make(map[Ref]metav1.Object, len(of))
		}
		if b.s.usual != nil {
			for r := range of {
				b.s.unplaced[r] = b.s.unplaced[r] || b.s.objects[kind][r] == nil
			}
		}
		maps.Copy(b.s.objects[kind], of)
	}
	maps.Copy(b.s.absent, s.absent)
	maps.Copy(b.s.listed, s.listed)
	b.s.Gaps = append(b.s.Gaps, s.Gaps...)
}
