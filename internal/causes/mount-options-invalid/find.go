// Package mountoptionsinvalid finds Pods whose volume has a mount option that its file system does not know.
package mountoptionsinvalid

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// Find reports options that are named as wrong. Where mount leaves it open what is wrong, an option that not every file
// system knows is likely the reason; without one the sign is left to others. mount.nfs ends with this guess also where
// rpc.statd, which locks files, does not run.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if strings.Contains(m.Sign.Message, "rpc.statd") {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if strings.HasPrefix(m.Args["device"], "/dev/") {
			option := special(match.Plain(m.Sign.Message))
			if option == "" {
				continue
			}
			m.Args["option"] = option
			f.Variant, f.Certainty = "fits", diagnose.Likely
		}
		p.Report(f)
	}
}

// given are the options of a mount command: -t xfs -o debug,defaults.
var given = match.Lazy(`-o ([\w=.,:/-]+)`)

// common are options that every file system on a disk takes, and those that mount itself handles.
var common = map[string]bool{"": true, "defaults": true, "rw": true, "ro": true, "bind": true, "remount": true,
	"_netdev": true, "noatime": true, "relatime": true,
	"nodiratime": true, "discard": true, "nouuid": true, "noexec": true, "nosuid": true, "nodev": true, "sync": true,
	"async": true, "norecovery": true, "shared": true}

// special is the first option of a mount command that is not common; "" where there is none.
func special(text string) string {
	for _, m := range given().FindAllStringSubmatch(text, -1) {
		for _, o := range strings.Split(m[1], ",") {
			if !common[o] {
				return o
			}
		}
	}
	return ""
}
