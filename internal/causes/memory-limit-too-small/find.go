// Package memorylimittoosmall joins the memory limits of a Pod with the many words in which a start fails of them.
package memorylimittoosmall

import (
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

const (
	tiny  = 12 << 20  // below this the runtime's own first process may not fit
	roomy = 128 << 20 // from here on it is something else that kills

	setUp = 5 * time.Second // what has run for so long was not killed while it was set up
)

var (
	// named are texts in which the runtime itself speaks of the limit.
	named = match.Lazy(`limit too low|limit could be too low|minimum memory limit|memory limit \d+|` +
		`memory\.(?:limit_in_bytes|max|memsw)`)
	tmpfs = match.Lazy(`kubernetes\.io~(?:projected|secret|downward-api)/[^/\s]+/\S*: no space left`)
	path  = match.Lazy(`/\S+["']?: no space left`)
	setup = match.Lazy(`runc|init|setns|process_linux|oci runtime|container create failed|shim task`)
	exit  = match.Lazy(`exit status \d`)
)

// Find reports the texts that speak of the limit, with a tiny limit also those that have many causes, and whatever
// speaks of setting up where the kernel tells that it killed for the limit.
func Find(p *diagnose.Pass) {
	l := smallest(p.Pod)
	unlimited := l == nil && p.Pod.Status.QOSClass != "" // an API server has seen this Pod whole: it has no limit
	killed := kills(p)
	for _, m := range p.Matches() {
		variant, certainty := judge(&m.Sign, l)
		evidence := []cluster.Sign{m.Sign}
		if k := proof(p, &m.Sign, killed); k != nil && variant == "" {
			variant, certainty = "killed", diagnose.Proven
			evidence, m.Args["command"] = append(evidence, k.fact), k.command
		}
		if certainty == "" || unlimited && certainty != diagnose.Proven {
			continue
		}
		if l != nil && l.bytes < roomy {
			evidence = append(evidence, p.Cite(l.path, l.raw))
			l.fill(m.Args)
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant, Certainty: certainty,
			Evidence: evidence})
	}
	if n := len(killed); p.Silent && n > 0 && killed[n-1].at.After(p.Stall().First) {
		args := map[string]string{"command": killed[n-1].command}
		if l != nil && l.bytes < roomy {
			l.fill(args)
		}
		p.Prove(nil, diagnose.Finding{Variant: "killed", Args: args, Evidence: []cluster.Sign{killed[n-1].fact}})
	}
}

// judge tells how surely a sign speaks of the limit; no certainty where it does not.
func judge(s *cluster.Sign, l *limit) (variant, certainty string) {
	low := strings.ToLower(match.Plain(s.Message))
	small, large := l != nil && l.bytes < tiny, l != nil && l.bytes >= roomy
	proven := func(ok bool) string {
		if ok {
			return diagnose.Proven
		}
		return diagnose.Likely
	}
	switch {
	case s.Reason == "OOMKilled" && s.Last.Sub(s.First) >= setUp:
		return "", "" // it was set up and ran: its program used more than it may
	case tmpfs().MatchString(low):
		return "tmpfs", proven(small)
	case named().MatchString(low):
		return "", diagnose.Proven
	case small && s.Reason == "OOMKilled":
		return "started", diagnose.Proven
	case small && strings.Contains(low, "cannot allocate memory"):
		return "", diagnose.Proven
	case strings.Contains(low, "no space left on device"):
		if small && !path().MatchString(low) {
			return "tmpfs", diagnose.Likely
		}
		return "", ""
	case large, !setup().MatchString(low), strings.Contains(low, "plugin"),
		strings.Contains(low, "cannot allocate memory"), s.Reason == "OOMKilled":
		return "", ""
	case !small && exit().MatchString(low):
		return "", "" // the number of an exit tells of other limits as well
	}
	return "", proven(small)
}
