// Package registryunreachable finds registries to which a node gets no connection.
package registryunreachable

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

var (
	proxied = match.Lazy(`(?i)proxyconnect|proxy authentication|socks connect`)
	proxy   = match.Lazy(`(?i)(?:proxyconnect tcp: (?:dial tcp )?|socks connect tcp )([^\s:]+:\d+)`)
	pulled  = match.Lazy(`(?i)pull image "([^"]+)".*(?:dial tcp|awaiting|waiting for connection|no route to host|: EOF)`)
)

// Find reports them, and tells what else cannot be reached from the same node.
func Find(p *diagnose.Pass) {
	matches := p.Matches()
	others := ""
	if len(matches) > 0 {
		others = neighbours(p, matches[0].Args["registry"])
	}
	for _, m := range matches {
		m.Args["others"] = others
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if said := match.Plain(m.Sign.Message); proxied().MatchString(said) {
			f.Variant = "proxy"
			if at := proxy().FindStringSubmatch(said); at != nil {
				m.Args["proxy"] = at[1]
			}
		}
		p.Report(f)
	}
}

// neighbours lists the other registries that Pods on the same node fail to reach.
func neighbours(p *diagnose.Pass, but string) string {
	var names []string
	for _, o := range p.Neighbours() {
		for _, e := range p.EventsOf(o) {
			if e.Reason != "Failed" {
				continue
			}
			if m := pulled().FindStringSubmatch(match.Plain(e.Message)); m != nil {
				if r := pod.RegistryOf(m[1]); r != but && !slices.Contains(names, r) {
					names = append(names, r)
				}
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names[:min(len(names), 3)], ", ")
}
