package memorylimittoosmall

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// first are the processes of runtimes that set up a Pod or a container, and the pause of its sandbox. "6" and "exe" are
// runc as it calls itself anew by /proc/self/fd/6 and /proc/self/exe.
var first = match.Lazy(`^(?:runc|crun|conmon|pause|exe|\d+$|containerd-shim|docker-init)`)

// kills are what the kernel killed of the runtime's own processes for the limit of this Pod: by the memory cgroup whose
// limit was hit, which must be the Pod's and not that of all Pods.
func kills(p *diagnose.Pass) []kill {
	facts := p.Facts()
	if facts == nil || facts.Kernel == nil || p.Pod.UID == "" {
		return nil
	}
	var out []kill
	for i, o := range facts.Kernel.OOMKills {
		uid := string(p.Pod.UID)
		if o.PodUID == uid && strings.Contains(strings.ReplaceAll(o.Cgroup, "_", "-"), uid) &&
			first().MatchString(o.Command) {
			out = append(out, kill{o.At.Time, o.Command,
				p.CiteFact(fmt.Sprintf("kernel.oomKills[%d].message", i), o.Message)})
		}
	}
	return out
}

// A kill is a process that the kernel killed, and where it says so.
type kill struct {
	at      time.Time
	command string
	fact    cluster.Sign
}

// proof is the newest kill about the time of a sign that speaks of setting up; nil where there is none.
func proof(p *diagnose.Pass, s *cluster.Sign, kills []kill) *kill {
	if low := strings.ToLower(match.Plain(s.Message)); s.Context || !setup().MatchString(low) ||
		strings.Contains(low, "plugin") {
		return nil
	}
	for i := len(kills) - 1; i >= 0; i-- {
		if p.Near(s, kills[i].at) {
			return &kills[i]
		}
	}
	return nil
}
