package cniconfiginvalid

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// extras are words in the names of files that packages bring beside the network of the cluster: they are never the ones
// that should win.
var extras = []string{"podman", "loopback", "crio-bridge", "nerdctl", "containerd-net"}

// byFiles reports what the node's configuration folder shows: a file that wins although its plugin is gone while
// another could, or none that wins because one cannot be read. It reports whether it was the first.
func byFiles(p *diagnose.Pass) (leftover bool) {
	f := p.Facts()
	if f == nil || f.CNI == nil || p.Pod.Spec.HostNetwork {
		return false
	}
	if win := slices.IndexFunc(f.CNI.Files, func(c nodefacts.CNIFile) bool { return c.Wins }); win >= 0 {
		said := p.MatchesOf("cni-plugin-missing", "cni-daemon-down")
		if other := shouldWin(p.Snapshot, f.CNI, win); other >= 0 && len(said) > 0 {
			a, b := f.CNI.Files[win], f.CNI.Files[other]
			p.Prove(said, diagnose.Finding{Variant: "file",
				Args: map[string]string{"file": a.Name, "dir": f.CNI.ConfDir, "types": strings.Join(a.Types, ", "),
					"other": b.Name},
				Evidence: append([]cluster.Sign{p.CiteFact(fmt.Sprintf("cni.files[%d].wins", win), "true"),
					p.CiteFact(fmt.Sprintf("cni.files[%d].name", other), b.Name)}, gone(p, f.CNI)...)})
			return true
		}
		return false
	}
	bad := slices.IndexFunc(f.CNI.Files, func(c nodefacts.CNIFile) bool { return c.Invalid != "" })
	said := p.MatchesOf("cni-not-ready")
	if bad < 0 || len(said) == 0 && !(p.Silent && p.BeforeSandbox()) {
		return false
	}
	file := f.CNI.Files[bad]
	fact := diagnose.Finding{Variant: "unreadable",
		Args:     map[string]string{"file": file.Name, "dir": f.CNI.ConfDir, "reason": file.Invalid},
		Evidence: []cluster.Sign{p.CiteFact(fmt.Sprintf("cni.files[%d].invalid", bad), file.Invalid)}}
	if len(said) == 0 {
		fact.Evidence = append(fact.Evidence, p.Stall())
	}
	p.Prove(said, fact)
	return false
}

// shouldWin is the file that the node should use in place of the one that wins; -1 where that one may well be right. It
// is a leftover where what its plugin needs is gone, another file can be used, and it is older than that or no agent of
// its plugin is in the cluster.
func shouldWin(s *cluster.Snapshot, c *nodefacts.CNI, win int) int {
	old := &c.Files[win]
	if len(old.Types) == 0 || len(missing(c)) == 0 && !c.CalicoNodenameMissing && !c.FlannelSubnetMissing &&
		deadSocket(c) < 0 {
		return -1
	}
	for i := range c.Files {
		b := &c.Files[i]
		if i == win || b.Invalid != "" || len(b.Types) == 0 || b.Types[0] == old.Types[0] ||
			slices.ContainsFunc(extras, func(x string) bool {
				return strings.Contains(b.Name, x)
			}) {
			continue
		}
		if !old.Modified.IsZero() && old.Modified.Before(&b.Modified) || removed(s, old.Types[0]) {
			return i
		}
	}
	return -1
}

// gone are the facts that show that what the winning file needs is not there.
func gone(p *diagnose.Pass, c *nodefacts.CNI) []cluster.Sign {
	if at := missing(c); len(at) > 0 {
		return []cluster.Sign{p.CiteFact(fmt.Sprintf("cni.plugins[%d].path", at[0]), "")}
	}
	if i := deadSocket(c); i >= 0 {
		return []cluster.Sign{p.CiteFact(fmt.Sprintf("cni.sockets[%d].path", i), c.Sockets[i].Path)}
	}
	if c.CalicoNodenameMissing {
		return []cluster.Sign{p.CiteFact("cni.calicoNodenameMissing", "true")}
	}
	return []cluster.Sign{p.CiteFact("cni.flannelSubnetMissing", "true")}
}

// missing are the plugins of the winning file that are not there.
func missing(c *nodefacts.CNI) []int {
	var at []int
	for i, pl := range c.Plugins {
		if pl.Path == "" {
			at = append(at, i)
		}
	}
	return at
}

func deadSocket(c *nodefacts.CNI) int {
	return slices.IndexFunc(c.Sockets, func(s nodefacts.Socket) bool { return s.Missing || s.Refused })
}
