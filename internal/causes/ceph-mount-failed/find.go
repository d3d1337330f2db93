// Package cephmountfailed finds volumes on Ceph that their node cannot open, and says which of its parts says no.
package cephmountfailed

import (
	"regexp"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// answers are what rbd, mount.ceph and the kernel end with. The first that fits counts: rbd also complains of a keyring
// that it does not find, and goes on, for the key comes by another way.
var answers = []struct {
	variant string
	words   func() *regexp.Regexp
}{
	{"features", match.Lazy(`(?i)feature set mismatch|unsupported features|missing required (?:protocol )?features`)},
	{"key", match.Lazy(`(?i)map failed: \((?:1|13)\)|mount error:? (?:1|13) =|operation not permitted|permission denied|` +
		`handle_auth|bad auth|failed to set key|no keys|secret is empty|RBD_PERMISSION|ret=-1\b|ret=-13\b`)},
	{"cluster", match.Lazy(`(?i)configuration for cluster ID`)},
	{"reach", match.Lazy(`(?i)\(110\)|mount error:? 110|timed? ?out|no mds|ms_mode|refused|no route|unreachable|` +
		`monitor info|ret=-110`)},
	{"image", match.Lazy(`(?i)map failed: \(2\)|mount error:? 2 =|no such file or directory|image \S* ?not found|` +
		`error opening image|ret=-2\b`)},
}

// unset is what rbd says of a configuration that it does not need: a driver gives it all by flags.
var unset = match.Lazy(`(?i)cannot open /etc/ceph/\S+: \(2\) no such file or directory`)

// Find says which of them it is.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		said := unset().ReplaceAllString(match.Plain(m.Sign.Message), "")
		for _, a := range answers {
			if a.words().MatchString(said) {
				f.Variant = a.variant
				break
			}
		}
		p.Report(f)
	}
}
