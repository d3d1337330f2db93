package runtimetimeout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// A blocker is what the node says holds its runtime up.
type blocker struct {
	variant string
	args    map[string]string
	facts   []cluster.Sign
	sure    bool // it holds up this very Pod, or all that the runtime does: so also a Pod that nobody speaks of
}

// busy is the share of a minute in which everything waited for the disk, from which on it is called slow: percent times
// 100.
const busy = 2000

// blockerOf returns what holds the runtime up, the surest first. What the kernel tells of its disks, and how long all
// wait for them, counts only beside a timeout that was said.
func blockerOf(p *diagnose.Pass, said []diagnose.Match) *blocker {
	f := p.Facts()
	if f == nil {
		return nil
	}
	var found []*blocker
	if f.Runtime != nil {
		for i := range f.Runtime.Blocked {
			if b := taskOf(p, f, i); b != nil && (b.sure || len(said) > 0) {
				found = append(found, b)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *blocker) int { return rank(a) - rank(b) })
	why, unread := p.CiteUnread("runtime.name")
	hung := unread && (strings.Contains(why.Message, "no answer") || strings.Contains(why.Message, "deadline exceeded"))
	switch {
	case len(found) > 0 && hung && found[0].variant != "plugin":
		found[0].facts, found[0].sure = append(found[0].facts, why), true
		return found[0]
	case len(found) > 0:
		return found[0]
	case hung:
		return &blocker{variant: "hung", facts: []cluster.Sign{why}, sure: true}
	}
	return diskOf(p, f, said)
}

func rank(b *blocker) int { return slices.Index([]string{"stopped", "plugin", "kernel"}, b.variant) }

// taskOf tells what a process that does not get on means for the Pod; nil where it is none of its business:
// another Pod's plugin, or a runtime that answers all the same and is not the one that the kubelet uses.
func taskOf(p *diagnose.Pass, f *nodefacts.NodeFacts, i int) *blocker {
	t := &f.Runtime.Blocked[i]
	mine := t.PodUID != "" && t.PodUID == string(p.Pod.UID)
	others := t.PodUID != "" && !mine
	at := fmt.Sprintf("runtime.blocked[%d].", i)
	b := &blocker{args: map[string]string{"command": t.Command, "process": strconv.Itoa(t.PID), "wait": t.Wait},
		sure: mine, facts: []cluster.Sign{p.CiteFact(at+"command", t.Command)}}
	switch {
	case t.Role == "runtime" && (t.State == "T" || t.State == "t"):
		b.variant, b.sure = "stopped", true
		b.facts = append(b.facts, p.CiteFact(at+"state", t.State))
		if f.Runtime.VersionMillis != nil {
			return nil
		}
	case t.State == "D":
		b.variant = "kernel"
		if b.facts = append(b.facts, p.CiteFact(at+"state", t.State)); t.Wait != "" {
			b.facts[1] = p.CiteFact(at+"wait", t.Wait)
		}
	case t.Role == "cni" && !others:
		b.variant, b.args["age"] = "plugin", diagnose.Span(time.Duration(t.RunningMillis)*time.Millisecond)
		b.facts = append(b.facts, p.CiteFact(at+"runningMillis", strconv.FormatInt(t.RunningMillis, 10)))
	default:
		return nil
	}
	return b
}

// diskOf is what the kernel tells of a disk that failed or hung near a timeout, or else how long all waited for the
// disks; nil where that is nothing.
func diskOf(p *diagnose.Pass, f *nodefacts.NodeFacts, said []diagnose.Match) *blocker {
	if len(said) == 0 {
		return nil
	}
	if f.Kernel != nil {
		for _, list := range []struct {
			name  string
			lines []nodefacts.KernelLine
		}{{"hungTasks", f.Kernel.HungTasks}, {"ioErrors", f.Kernel.IOErrors}} {
			for i, l := range list.lines {
				if len(p.NearAny(said, l.At.Time)) > 0 {
					return &blocker{variant: "disk", args: map[string]string{"line": l.Message},
						facts: []cluster.Sign{p.CiteFact(fmt.Sprintf("kernel.%s[%d].message", list.name, i),
							l.Message)}}
				}
			}
		}
	}
	if io := f.Pressure; io != nil && io.IO != nil && io.IO.Full >= busy {
		return &blocker{variant: "disk", args: map[string]string{"share": strconv.FormatInt(io.IO.Full/100, 10)},
			facts: []cluster.Sign{p.CiteFact("pressure.io.full", strconv.FormatInt(io.IO.Full, 10))}}
	}
	return nil
}

// done reports whether the node has the sandbox or container that a name is reserved for, whatever Pod it says that it
// is of. The runtime lists it once the call that made it has returned, so the name is not held by a call under way.
func done(p *diagnose.Pass, holder string) bool {
	f := p.Facts()
	if f == nil || f.Sandboxes == nil || holder == "" {
		return false
	}
	return slices.ContainsFunc(f.Sandboxes.Odd, func(s nodefacts.Sandbox) bool { return s.ID == holder }) ||
		slices.ContainsFunc(f.Sandboxes.OddContainers, func(c nodefacts.Container) bool { return c.ID == holder }) ||
		slices.ContainsFunc(f.Sandboxes.Twice, func(n nodefacts.HeldName) bool {
			return slices.Contains(n.IDs, holder) && (n.PodUID == "" || n.PodUID == string(p.Pod.UID))
		})
}

// well reports whether the runtime answered after all that was said against it, and nothing holds it up.
func well(f *nodefacts.NodeFacts) bool {
	return f != nil && f.Runtime != nil && f.Runtime.VersionMillis != nil && len(f.Runtime.Blocked) == 0 &&
		slices.ContainsFunc(f.Runtime.Conditions, func(c nodefacts.RuntimeCondition) bool {
			return c.Type == "RuntimeReady" && c.Status
		})
}
