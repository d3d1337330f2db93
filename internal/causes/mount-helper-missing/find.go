// Package mounthelpermissing joins volumes that a node cannot mount with the programs that it has.
package mounthelpermissing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// packages are what to install for a helper: with apt, and with dnf.
var packages = map[string][2]string{"mount.nfs": {"nfs-common", "nfs-utils"},
	"mount.ceph":      {"ceph-common", "ceph-common"},
	"mount.glusterfs": {"glusterfs-client", "glusterfs-fuse"}, "iscsiadm": {"open-iscsi", "iscsi-initiator-utils"}}

var (
	// general is what mount says of whatever it cannot do: that a helper may be missing is its guess.
	general = match.Lazy(`(?i)you might need a /sbin/mount\.|wrong fs type, bad option`)
	ran     = match.Lazy(`(?i)mount\.\w+(\.\w+)?: no such device`) // a helper that is there
	typed   = match.Lazy(`-t ([\w.]+) `)
)

// Find takes the words of mount and of the kubelet. A helper that a volume of the Pod needs and that the node says it
// does not have proves it, also for a Pod of which nobody speaks. One that is there refutes mount's guess.
func Find(p *diagnose.Pass) {
	var helpers []nodefacts.Helper
	if facts := p.Facts(); facts != nil && facts.Mounts != nil {
		helpers = facts.Mounts.Helpers
	}
	proven := missing(p, helpers)
	for _, m := range p.Matches() {
		if t := typed().FindStringSubmatch(m.Sign.Message); t != nil && general().MatchString(m.Sign.Message) &&
			p.Later() != nil && has(helpers, "mount."+t[1]) {
			continue
		}
		if !slices.Contains(proven, m.Sign.Ref) {
			f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
			if m.Args["helper"] != "" && ran().MatchString(m.Sign.Message) {
				f.Variant = "kernel"
			}
			p.Report(f)
		}
	}
}

func has(helpers []nodefacts.Helper, name string) bool {
	return slices.ContainsFunc(helpers, func(h nodefacts.Helper) bool { return h.Name == name && h.Path != "" })
}

// missing proves the cause for each volume whose helper the node does not have; it returns where the signs stand that
// it took.
func missing(p *diagnose.Pass, helpers []nodefacts.Helper) []cluster.Ref {
	var took []cluster.Ref
	for _, v := range p.Volumes() {
		name, cited := needs(p, &v)
		at := slices.IndexFunc(helpers, func(h nodefacts.Helper) bool { return h.Name == name })
		if name == "" || at < 0 || helpers[at].Path != "" {
			continue
		}
		f := diagnose.Finding{Variant: "absent",
			Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("mounts.helpers[%d].path", at), ""), cited},
			Args: map[string]string{"helper": name, "volume": v.Name, "deb": packages[name][0],
				"rpm": packages[name][1]}}
		said := of(p, &v, name)
		for _, m := range said {
			took = append(took, m.Sign.Ref)
		}
		if len(said) > 0 || p.Silent && p.Stage == pod.StageVolumes {
			p.Prove(said, f)
		}
	}
	return took
}

// of are the signs that may be of this volume and are not the helper's own words, which tell that it was there.
func of(p *diagnose.Pass, v *diagnose.Volume, helper string) []diagnose.Match {
	all := slices.Concat(p.Matches(), p.Hints(), p.MatchesOf("nfs-mount-failed", "iscsi-mount-failed",
		"ceph-mount-failed", "mount-options-invalid", "volume-attach-failed"))
	return slices.DeleteFunc(all, func(m diagnose.Match) bool {
		named := m.Args["volume"]
		other := named != "" && named != v.Name && (v.PV == nil || named != v.PV.Name) &&
			(v.PVC == nil || named != v.PVC.Spec.VolumeName)
		return other || m.Sign.Context || strings.Contains(m.Sign.Message, helper+": ") &&
			!strings.Contains(m.Sign.Message, "not found")
	})
}
