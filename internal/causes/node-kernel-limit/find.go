// Package nodekernellimit tells which limit of the kernel is reached, as far as the node counts them.
package nodekernellimit

import (
	"regexp"
	"strconv"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// limits are those that the facts hold, and what a text that means them says.
var limits = []struct {
	variant, sysctl, field string
	means                  func() *regexp.Regexp
	of                     func(*nodefacts.Limits) *nodefacts.Used
}{
	{"mounts", "fs.mount-max", "limits.mounts.used", match.Lazy(`(?i)mount .{0,300}flags[:=] ?0x|fs\.mount-max`),
		func(l *nodefacts.Limits) *nodefacts.Used { return l.Mounts }},
	{"namespaces", "user.max_user_namespaces", "limits.userNamespaces.max",
		match.Lazy(`(?i)user ?namespace|max_user_namespaces`),
		func(l *nodefacts.Limits) *nodefacts.Used { return l.UserNamespaces }},
	{"namespaces", "user.max_net_namespaces", "limits.netNamespaces.max",
		match.Lazy(`(?i)(?:network|net) ?namespace|netns|max_net_namespaces|unshare|clone|/proc/self/exe`),
		func(l *nodefacts.Limits) *nodefacts.Used { return l.NetNamespaces }},
}

// unnamed are texts that do not tell which kind of namespace was to be made; a Pod that is to have its own users wants
// one for them.
var unnamed = match.Lazy(`(?i)unshare|clone|/proc/self/exe`)

// Find takes the kernel's words. A limit that they can mean and that is reached is named; mounts that had room were not
// it. Keys and other namespaces the node does not count, so room refutes nothing there.
func Find(p *diagnose.Pass) {
	facts, later := p.Facts(), p.Later()
	for _, m := range p.Matches() {
		if facts != nil && facts.Limits != nil {
			if f, ok := reached(p, facts.Limits, m.Sign.Message); ok {
				p.Prove([]diagnose.Match{m}, f)
				continue
			}
		}
		if mounts := &limits[0]; later != nil && later.Limits != nil && mounts.means().MatchString(m.Sign.Message) &&
			later.Limits.Mounts.Roomy() {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["jit"] != "" {
			f.Variant = "jit"
		}
		p.Report(f)
	}
}

// reached is the first limit that a text can mean and that is used up, or grants none at all.
func reached(p *diagnose.Pass, l *nodefacts.Limits, message string) (diagnose.Finding, bool) {
	own := p.Pod.Spec.HostUsers != nil && !*p.Pod.Spec.HostUsers
	for _, k := range limits {
		u := k.of(l)
		forbidden := u != nil && u.Max == 0 && k.variant == "namespaces"
		means := k.means().MatchString(message) ||
			k.sysctl == "user.max_user_namespaces" && own && unnamed().MatchString(message)
		if !means || !forbidden && !u.Full() {
			continue
		}
		f := diagnose.Finding{Variant: k.variant, Args: map[string]string{"sysctl": k.sysctl,
			"max": strconv.FormatInt(u.Max, 10)}}
		value := u.Max
		if k.variant == "mounts" {
			value, f.Args["used"] = u.Used, strconv.FormatInt(u.Used, 10)
		}
		f.Evidence = []cluster.Sign{p.CiteFact(k.field, strconv.FormatInt(value, 10))}
		return f, true
	}
	return diagnose.Finding{}, false
}
