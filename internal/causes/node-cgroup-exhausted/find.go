// Package nodecgroupexhausted joins cgroups that cannot be made with how many the kernel has.
package nodecgroupexhausted

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var (
	enough = match.Lazy(`(?i)no space left on device|cannot allocate memory`)
	// path is what is written to a disk: the words then mean the disk.
	path = match.Lazy(`(?i)/(?:var|etc|tmp|usr|run)/\S+["']?: no space left`)
)

// Find takes the kernel's words; the number of memory cgroups proves or refutes them, and proves also what only
// says that a cgroup, or the first process in it, could not be made.
func Find(p *diagnose.Pass) {
	facts := p.Facts()
	if facts == nil {
		report(p)
		return
	}
	said := slices.Concat(p.Matches(), p.Hints())
	for _, m := range p.MatchesOf("cgroup-failed", "node-disk-full", "container-init-killed") {
		if enough().MatchString(m.Sign.Message) && !path().MatchString(match.Plain(m.Sign.Message)) {
			said = append(said, m)
		}
	}
	if f, ok := used(p, facts.Limits); ok {
		if len(said) > 0 {
			p.Prove(said, f)
		}
		return
	}
	if facts.Kernel != nil {
		for i, o := range slices.Backward(facts.Kernel.Others) {
			if near := p.NearAny(said, o.At.Time); strings.Contains(o.Message, "SLUB: Unable to allocate memory") &&
				len(near) > 0 {
				p.Prove(near,
					diagnose.Finding{Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("kernel.others[%d].message", i),
						o.Message)}})
				return
			}
		}
	}
	if later := p.Later(); later != nil && later.Limits != nil && later.Limits.Cgroups.Roomy() {
		p.RuleOut()
		return
	}
	report(p)
}

// report reports what says so itself. That a cgroup cannot have memory may also be a tiny limit of the Pod, where
// nothing but a log is known of it.
func report(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if len(p.Pod.Spec.Containers) == 0 && strings.Contains(m.Sign.Message, "cannot allocate memory") {
			f.Certainty = diagnose.Likely
		}
		p.Report(f)
	}
}

// used is the number of memory cgroups where it is at the kernel's limit, and how many of them are there to be seen.
func used(p *diagnose.Pass, l *nodefacts.Limits) (diagnose.Finding, bool) {
	if l == nil || !l.Cgroups.Full() {
		return diagnose.Finding{}, false
	}
	f := diagnose.Finding{Variant: "counted", Args: map[string]string{"used": strconv.FormatInt(l.Cgroups.Used, 10),
		"max": strconv.FormatInt(l.Cgroups.Max, 10)}}
	f.Evidence = []cluster.Sign{p.CiteFact("limits.cgroups.used", f.Args["used"])}
	if l.MemoryCgroups != nil {
		f.Args["seen"] = strconv.FormatInt(*l.MemoryCgroups, 10)
		f.Evidence = append(f.Evidence, p.CiteFact("limits.memoryCgroups", f.Args["seen"]))
	}
	return f, true
}
