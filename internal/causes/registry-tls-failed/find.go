// Package registrytlsfailed finds registries with which a node cannot set up TLS.
package registrytlsfailed

import (
	"regexp"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// variants are the kinds of failure that have a remedy of their own.
var variants = []struct {
	name string
	said func() *regexp.Regexp
}{
	{"http",
		match.Lazy(`(?i)server gave h|malformed http response|does not look like a tls handshake|` +
			`http request (was sent )?to (an )?https`)},
	{"expired",
		match.Lazy(`(?i)has expired or is not yet valid|certificate has expired|not yet valid|expired certificate`)},
	{"untrusted",
		match.Lazy(`(?i)unknown authority|self[- ]signed|certificate is not trusted|unknown certificate|` +
			`signed by unknown`)},
}

// Find tells the kinds apart.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		for _, v := range variants {
			if v.said().MatchString(m.Sign.Message) {
				f.Variant = v.name
				break
			}
		}
		p.Report(f)
	}
}
