// Package nodepidsexhausted joins what fails for want of a process or thread with the limits on them.
package nodepidsexhausted

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// vague are the words of the kernel for whatever is not to be had just now: a limit on processes, where something was
// started.
var vague = match.Lazy(`(?i)resource temporarily unavailable`)

// plain are texts that speak of such a limit by themselves, and that room on the node afterwards does not refute.
var plain = match.Lazy(`(?i)pthread|thread|pids|process(?:es)? limit|no more processes`)

// starts are words of starting a process or a thread: what is not to be had just now is one of those.
var starts = match.Lazy(`(?i)\bfork|clone|spawn|start(?:ing)? (?:program|process|thread)|creating .{0,20}process`)

// Find names the limit that is reached, where the node tells it: then it also proves what says nothing but that the
// first process of a Pod died. Where all of the limits had room, it was none of them.
func Find(p *diagnose.Pass) {
	facts := p.Facts()
	if facts == nil {
		report(p)
		return
	}
	said := slices.Concat(p.Matches(), p.Hints(), p.MatchesOf("container-init-killed", "runtime-shim-died"))
	if f, ok := used(p, facts.Limits); ok {
		p.Prove(said, f)
		return
	}
	if f, near := rejected(p, facts.Kernel, said); len(near) > 0 {
		p.Prove(near, f)
		return
	}
	if later := p.Later(); later == nil || !roomy(later.Limits) {
		report(p)
		return
	}
	p.RuleOut()
	for _, m := range p.Matches() {
		if !vague().MatchString(m.Sign.Message) || plain().MatchString(m.Sign.Message) {
			p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}})
		}
	}
}

// report reports what is said. The vague words are those of other things that are not to be had just now as well, of a
// lock or an answer: they prove nothing by themselves.
func report(p *diagnose.Pass) {
	for _, certainty := range []string{diagnose.Proven, diagnose.Likely} {
		for _, m := range p.Matches() {
			said := m.Sign.Message
			only := vague().MatchString(said) && !plain().MatchString(said) && !starts().MatchString(said)
			if only == (certainty == diagnose.Likely) {
				p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Certainty: certainty,
					Evidence: []cluster.Sign{m.Sign}})
			}
		}
	}
}

// used is the narrowest limit that counts for the Pod and is used up: of the Pod, of all Pods, of the runtime, of the
// node.
func used(p *diagnose.Pass, l *nodefacts.Limits) (f diagnose.Finding, ok bool) {
	if l == nil {
		return f, false
	}
	full := func(variant, path string, u *nodefacts.Used) bool {
		if ok = u.Full(); ok {
			f = diagnose.Finding{Variant: variant,
				Args:     map[string]string{"used": strconv.FormatInt(u.Used, 10), "max": strconv.FormatInt(u.Max, 10)},
				Evidence: []cluster.Sign{p.CiteFact(path+".used", strconv.FormatInt(u.Used, 10))}}
		}
		return ok
	}
	for i, c := range l.FullCgroups {
		if c.PodUID == string(p.Pod.UID) && c.PodUID != "" &&
			full("pod", fmt.Sprintf("limits.fullCgroups[%d]", i), &nodefacts.Used{Used: c.Used, Max: c.Max}) {
			return f, true
		}
	}
	_ = full("pods", "limits.podPIDs", l.PodPIDs) || full("runtime", "limits.runtimePIDs", l.RuntimePIDs) ||
		full("threads", "limits.threads", l.Threads)
	return f, ok
}
