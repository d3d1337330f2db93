package nodepidsexhausted

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// rejected is the kernel's word that a cgroup had no task left, for this Pod or for all Pods: "cgroup: fork rejected by
// pids controller in /kubepods".
func rejected(p *diagnose.Pass, k *nodefacts.Kernel, said []diagnose.Match) (diagnose.Finding, []diagnose.Match) {
	if k == nil {
		return diagnose.Finding{}, nil
	}
	for i, o := range slices.Backward(k.Others) {
		_, cgroup, ok := strings.Cut(o.Message, "fork rejected by pids controller in ")
		uid := string(p.Pod.UID)
		variant := "pod"
		switch own := uid != "" && strings.Contains(strings.ReplaceAll(cgroup, "_", "-"), uid); {
		case !ok:
			continue
		case own:
		case strings.Contains(cgroup, "pod") && podUID().MatchString(cgroup):
			continue // another Pod's
		case strings.Contains(cgroup, "kubepods"):
			variant = "pods"
		default:
			variant = "runtime"
		}
		if near := p.NearAny(said, o.At.Time); len(near) > 0 {
			return diagnose.Finding{Variant: variant,
				Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("kernel.others[%d].message", i), o.Message)}}, near
		}
	}
	return diagnose.Finding{}, nil
}

var podUID = match.Lazy(`pod[0-9a-f]{8}[-_0-9a-f]+`)

// roomy reports whether all of the limits are known to have had room.
func roomy(l *nodefacts.Limits) bool {
	return l != nil && l.Threads.Roomy() && l.PodPIDs.Roomy() && l.RuntimePIDs.Roomy() && len(l.FullCgroups) == 0
}
