package render

import "github.com/kubestuck/stuck/internal/cluster"

// refs are objects in the order in which they were added, each once. A problem may have tens of thousands of Pods.
type refs struct {
	list []cluster.Ref
	seen map[cluster.Ref]bool
}

// add adds objects, and reports whether any of them was new.
func (r *refs) add(all ...cluster.Ref) (fresh bool) {
	if r.seen == nil {
		r.seen = map[cluster.Ref]bool{}
	}
	for _, of := range all {
		if !r.seen[of] {
			r.seen[of], fresh = true, true
			r.list = append(r.list, of)
		}
	}
	return fresh
}
