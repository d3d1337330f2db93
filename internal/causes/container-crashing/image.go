package containercrashing

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// alike is what crashes in several workloads have in common where they are one: the image, how the process ended, and
// what it left, or the command where it left nothing. A container's name and exit code alone say nothing.
func alike(p *diagnose.Pass, m *diagnose.Match) diagnose.Alike {
	c := pod.Container(p.Pod, m.Sign.Container)
	if c == nil || m.Args["image"] == "" {
		return diagnose.Alike{}
	}
	said := []string{m.Args["words"]}
	if said[0] == "" {
		said = append(slices.Clone(c.Command), c.Args...)
	}
	if len(said) == 0 {
		return diagnose.Alike{}
	}
	key := append([]string{m.Args["image"], m.Args["exitcode"], m.Sign.Reason}, said...)
	return diagnose.Alike{Key: strings.Join(key, "\x00"), Variant: "image",
		Blame: cluster.Ref{Kind: "Image", Name: m.Args["image"]}}
}
