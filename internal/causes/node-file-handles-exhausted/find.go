// Package nodefilehandlesexhausted tells which of the limits on open and watched files is reached, where the node
// tells.
package nodefilehandlesexhausted

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var (
	watch = match.Lazy(`inotify|fsnotify`)
	// path is written to a disk by what then finds no room: the words mean the disk.
	path = match.Lazy(`/\S+["']?: no space left`)
)

// own is what the runtime cannot do for a limit of its own: to start a program takes no inotify.
var own = match.Lazy(`(?:fork/exec|accept4?|open|pipe2?|socket)\b[^;]{0,160}: too many open files`)

// Find holds each text against the limits that it can mean. One that is used up proves it, and proves also a bare
// "no space left on device" where it is the watches. Where the one that a text means had room, it was something else;
// "too many open files" may then be a program's own limit, which the facts do not hold.
func Find(p *diagnose.Pass) {
	facts := p.Facts()
	for _, m := range p.Matches() {
		low := strings.ToLower(match.Plain(m.Sign.Message))
		if facts == nil || facts.Limits == nil {
			report(p, m)
			continue
		}
		names := meant(low)
		if f, ok := used(p, facts.Limits, names); ok {
			p.Prove([]diagnose.Match{m}, f)
			continue
		}
		if later := p.Later(); later == nil || !watch().MatchString(low) || !roomy(later.Limits, names) {
			report(p, m)
		}
	}
	if facts == nil || facts.Limits == nil {
		return
	}
	idle := facts.Kubelet != nil && facts.Kubelet.Running != nil && !*facts.Kubelet.Running
	// no kubelet starts without inotify
	if f, ok := used(p, facts.Limits, []string{"instances"}); ok && idle && p.Silent {
		f.Evidence = append(f.Evidence, p.CiteFact("kubelet.running", "false"), p.Stall())
		p.Prove(nil, f)
	}
	if f, ok := used(p, facts.Limits, []string{"watches"}); ok {
		for _, m := range p.MatchesOf("node-disk-full") {
			if low := strings.ToLower(match.Plain(m.Sign.Message)); strings.Contains(low, "no space left") &&
				!path().MatchString(low) {
				p.Prove([]diagnose.Match{m}, f)
			}
		}
	}
}

// report leaves open whose limit it is where "too many open files" is all that is said: the program that says so has
// one of its own.
func report(p *diagnose.Pass, m diagnose.Match) {
	f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
	if own().MatchString(m.Sign.Message) {
		f.Variant = "runtime"
	}
	if names := meant(strings.ToLower(match.Plain(m.Sign.Message))); len(names) > 1 && names[0] == "files" {
		f.Certainty = diagnose.Likely
	}
	p.Report(f)
}

// meant are the limits that a text can mean: ENOSPC of inotify is the watches, EMFILE the instances, and without
// inotify it may be either or all files.
func meant(low string) []string {
	switch inotify := watch().MatchString(low); {
	case inotify && (strings.Contains(low, "no space left") || strings.Contains(low, "watches")):
		return []string{"watches"}
	case inotify && strings.Contains(low, "too many open files"):
		return []string{"instances"}
	case inotify:
		return []string{"watches", "instances"}
	case strings.Contains(low, "file-max"), strings.Contains(low, "file table overflow"),
		strings.Contains(low, "in system"):
		return []string{"files"}
	}
	return []string{"files", "instances"}
}
