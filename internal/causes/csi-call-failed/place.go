package csicallfailed

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var (
	// kubeletPath is a path of a volume in the kubelet's own folder.
	kubeletPath = match.Lazy(`(/[^\s":,'\]]+)/(?:pods/[0-9a-fA-F-]{8,}/volumes|plugins/kubernetes\.io/csi)/`)
	notThere    = match.Lazy(`no such file or directory|does not exist|not a mount ?point|not found`)
)

// outside reports whether a driver does not find a path that lies in a folder which is not the usual one of a kubelet.
func outside(p *diagnose.Pass, f *diagnose.Finding, text string) bool {
	m := kubeletPath().FindStringSubmatch(text)
	if m == nil || m[1] == "/var/lib/kubelet" || !notThere().MatchString(strings.ToLower(text)) {
		return false
	}
	f.Args["dir"] = m[1]
	blameNode(p, f)
	return true
}

// blameNode blames the node: the volume itself is in order.
func blameNode(p *diagnose.Pass, f *diagnose.Finding) {
	if node := p.Pod.Spec.NodeName; node != "" {
		f.Blame = cluster.Ref{Kind: "Node", Name: node}
	}
}

// unstaged is what a driver says that is to hand a volume to a Pod, and has not mounted it on the node before.
var unstaged = match.Lazy(`(?:does not appear|is not|not yet|isn't|not) staged\b|no staging path|` +
	`staging path \S+ (?:is not mounted|does not exist)`)

// known reports whether another catch-all tells of the same words.
func known(p *diagnose.Pass, m diagnose.Match) bool {
	return slices.ContainsFunc([]string{"volume-stalled", "volume-attach-failed", "config-invalid", "pvc-unbound"},
		func(id string) bool {
			return slices.ContainsFunc(p.MatchesOf(id), func(o diagnose.Match) bool { return o.Sign.Message == m.Sign.Message })
		})
}
