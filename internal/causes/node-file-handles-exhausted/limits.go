package nodefilehandlesexhausted

import (
	"strconv"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// limit is one of the limits, and the field in which it stands.
func limit(l *nodefacts.Limits, name string) (*nodefacts.Used, string) {
	switch name {
	case "watches":
		return l.InotifyWatches, "limits.inotifyWatches.used"
	case "instances":
		return l.InotifyInstances, "limits.inotifyInstances.used"
	}
	return l.Files, "limits.files.used"
}

// used is the first of some limits that is used up; its name is the variant.
func used(p *diagnose.Pass, l *nodefacts.Limits, names []string) (diagnose.Finding, bool) {
	for _, name := range names {
		if u, field := limit(l, name); u.Full() {
			n := strconv.FormatInt(u.Used, 10)
			return diagnose.Finding{Variant: name,
				Args:     map[string]string{"used": n, "max": strconv.FormatInt(u.Max, 10)},
				Evidence: []cluster.Sign{p.CiteFact(field, n)}}, true
		}
	}
	return diagnose.Finding{}, false
}

// roomy reports whether all of some limits are known to have had room.
func roomy(l *nodefacts.Limits, names []string) bool {
	if l == nil {
		return false
	}
	for _, name := range names {
		if u, _ := limit(l, name); !u.Roomy() {
			return false
		}
	}
	return true
}
