// Package nfsmountfailed finds Pods whose NFS volume cannot be mounted, and says what the NFS server or the way to it
// lacks.
package nfsmountfailed

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// Find reports what mount says of an NFS volume, with its server and export.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		text := match.Plain(m.Sign.Message)
		server, export := source(p, m.Args, text)
		m.Args["server"], m.Args["export"], m.Args["says"] = server, export, says(text)
		v := variant(strings.ToLower(text))
		if v == "denied" && (efs().MatchString(text) || strings.HasPrefix(export, "fs-")) {
			v = "efs"
			if missing().MatchString(text) {
				v = "efs-path"
			}
		}
		name := named().FindStringSubmatch(text)
		if v == "name" && (name != nil || m.Args["driver"] == efsDriver || efs().MatchString(text)) {
			if v = "efs-name"; name != nil {
				m.Args["server"] = name[1]
			}
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: v, Evidence: []cluster.Sign{m.Sign}})
	}
}

// named is a file system of EFS by its name, which only its own network resolves.
var named = match.Lazy(`(fs-[0-9a-f]+\.efs\.[a-z0-9.-]*[a-z])\b`)

// missing is what EFS says of a path or access point that it does not have.
var missing = match.Lazy(`(?i)no such file or directory|access point .{0,40}not (?:exist|found)`)

const efsDriver = "efs.csi.aws.com"

// efs is what only mounts of Amazon EFS look like: by their own program, or through its TLS tunnel on the node.
var efs = match.Lazy(`-t efs\b|mount\.efs|mounting (?:127\.0\.0\.1|fs-[0-9a-f]+)[.:]`)

// variants tell by the words of mount what is amiss; the first that fits counts.
var variants = []struct{ name, words string }{
	{"statd", "rpc.statd"},
	{"version", "protocol not supported|protocol family|requested nfs version|prog|version"},
	{"name", "failed to resolve|name or service not known|unknown host|can't get address"},
	{"stale", "stale"},
	{"denied", "access denied|permission denied|operation not permitted|no such file or directory|not exist"},
	{"network", "refused|timed out|timeout|no route|unreachable|host is down|reset"},
}

func variant(text string) string {
	if i := strings.LastIndex(text, "output:"); i >= 0 {
		text = text[i:] // the command before it holds words such as nfsvers
	}
	for _, v := range variants {
		for _, w := range strings.Split(v.words, "|") {
			if strings.Contains(text, w) {
				return v.name
			}
		}
	}
	return ""
}

// remote is an NFS source in a mount command: server:/path before the directory that it goes to.
var remote = match.Lazy(`([A-Za-z0-9][\w.-]*|\[[0-9a-fA-F:]+\]):(/[^\s"']*)`)

// source is the server and the path of the volume, as the objects have it or else as the message does.
func source(p *diagnose.Pass, args map[string]string, text string) (server, export string) {
	for _, v := range p.Volumes() {
		if v.Name != args["volume"] && (v.PV == nil || v.PV.Name != args["pv"]) {
			continue
		}
		switch {
		case v.NFS != nil:
			return v.NFS.Server, v.NFS.Path
		case v.PV != nil && v.PV.Spec.NFS != nil:
			return v.PV.Spec.NFS.Server, v.PV.Spec.NFS.Path
		case v.PV != nil && v.PV.Spec.CSI != nil && v.PV.Spec.CSI.Driver == efsDriver:
			return "", v.PV.Spec.CSI.VolumeHandle // fs-..., perhaps with an access point
		case v.PV != nil && v.PV.Spec.CSI != nil && v.PV.Spec.CSI.VolumeAttributes["server"] != "":
			return v.PV.Spec.CSI.VolumeAttributes["server"], v.PV.Spec.CSI.VolumeAttributes["share"]
		}
	}
	if m := remote().FindStringSubmatch(text); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

// says is the end of the message: what mount itself said.
func says(text string) string {
	for _, mark := range []string{"mount.nfs4: ", "mount.nfs: ", "Output: ", "desc = "} {
		if i := strings.Index(text, mark); i >= 0 {
			text = text[i+len(mark):]
			break
		}
	}
	return match.Clip(strings.TrimRight(strings.TrimSpace(text), "."), 200)
}
