package diagnose

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
)

// CiteUnread makes evidence of the reason why a fact of the Pod's node could not be read: where the container runtime
// gave no answer, that is the fact. The Sign's message is the reason; not ok where the fact was read or was not asked
// for.
func (p *Pass) CiteUnread(path string) (cluster.Sign, bool) {
	f := p.Facts()
	if f == nil {
		return cluster.Sign{}, false
	}
	for i, u := range f.Unread {
		if u.Path == path || strings.HasPrefix(path, u.Path+".") {
			return p.CiteFact(fmt.Sprintf("unread[%d].why", i), u.Why), true
		}
	}
	return cluster.Sign{}, false
}

// BeforeSandbox reports whether the Pod is taken up by its node and has no sandbox with a network yet.
// What hinders volumes, sandboxes and networks hinders it; what hinders images and containers does not yet.
func (p *Pass) BeforeSandbox() bool { return p.Stage.Step() == pod.StageNetwork.Step() }

// Span is a length of time as a person says it: 45s, 4m, 2h10m.
func Span(d time.Duration) string {
	if d >= time.Minute {
		d = d.Round(time.Minute)
	}
	s := strings.TrimSuffix(d.Round(time.Second).String(), "0s")
	switch {
	case s == "": // 0s
		return "0s"
	case strings.HasSuffix(s, "m"), strings.HasSuffix(s, "s"):
		return strings.Replace(s, "h0m", "h", 1)
	}
	return s + "0s" // 10s, 50s
}
