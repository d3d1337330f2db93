// Package serviceaccounttokenfailed finds Pods for which no token of their ServiceAccount is issued.
package serviceaccounttokenfailed

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// unanswered is what the kubelet says where the API server gave no answer at all: neither Pod nor account is at fault.
var unanswered = match.Lazy(`(?i)dial tcp|i/o timeout|connection (?:refused|reset)|no route to host|TLS handshake|` +
	`context deadline exceeded|request canceled|: EOF|http2: client connection|etcdserver|\b50[0-9]\b`)

// Find tells apart an API server that refuses from one that does not answer the node.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if node := m.Args["node"]; node != "" && unanswered().MatchString(m.Sign.Message) {
			f.Variant, f.Certainty = "unanswered", diagnose.Likely
			f.Blame = cluster.Ref{Kind: "Node", Name: node}
		}
		p.Report(f)
	}
}
