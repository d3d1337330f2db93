// Package podunschedulable finds Pods for which the scheduler has found no node.
package podunschedulable

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// Find makes one finding of all that the scheduler says; its newest word decides the variant.
func Find(p *diagnose.Pass) {
	var f diagnose.Finding
	var last diagnose.Match
	for _, m := range p.Matches() {
		f.Evidence = append(f.Evidence, m.Sign)
		if f.Args == nil || m.Sign.Kind == cluster.SignCondition ||
			last.Sign.Kind != cluster.SignCondition && !m.Sign.Last.Before(last.Sign.Last) {
			f.Args, last = m.Args, m
		}
	}
	if f.Evidence == nil {
		return
	}
	f.Blame = p.Blame(f.Args)
	if last.Sign.Reason == "SchedulingGated" {
		f.Variant = "gated"
	} else {
		f.Variant = sum(last.Sign.Message, f.Args)
	}
	p.Report(f)
}

var (
	head = match.Lazy(`^\s*\d+/\d+ nodes are available: `)
	part = match.Lazy(`(\d+) ([^,]+)`)
	lack = match.Lazy(`Insufficient (\S+[A-Za-z0-9])`)
)

// sum keeps the reasons of a breakdown and names what keeps most nodes away. Taints count
// only where nothing else does: control plane nodes have one in every breakdown.
func sum(message string, args map[string]string) string {
	reasons, _, _ := strings.Cut(match.Plain(message), " preemption: ")
	reasons = strings.TrimRight(head().ReplaceAllString(reasons, ""), ". ")
	if len(reasons) > 300 {
		reasons = reasons[:300] + "..."
	}
	args["reasons"] = strings.ToValidUTF8(reasons, "")
	most, variant := 0, ""
	for _, m := range part().FindAllStringSubmatch(reasons, -1) {
		n, _ := strconv.Atoi(m[1])
		if v := kind(m[2]); v != "taints" && n > most {
			most, variant = n, v
		}
	}
	if most == 0 {
		variant = kind(reasons)
	}
	if m := lack().FindStringSubmatch(reasons); m != nil {
		args["resource"] = m[1]
	}
	if args["resource"] == "" && variant == "resources" {
		variant = ""
	}
	return variant
}

// kind sorts one reason. What has no variant of its own is told in the scheduler's words.
func kind(reason string) string {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(strings.ToLower(reason), w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("persistentvolume", "volume node affinity", "volume count", "pvc(s)"):
		return "volumes"
	case has("insufficient "):
		return "resources"
	case has("taint", "were unschedulable"):
		return "taints"
	}
	return ""
}
