package nodediskfull

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var everywhere = []string{nodefacts.RoleRuntime, nodefacts.RoleKubelet, nodefacts.RoleLogs, nodefacts.RoleRun,
	nodefacts.RoleTmp}

// roles are those of the file systems that a message can mean.
func roles(variant, low string) []string {
	path := target(low)
	switch {
	case strings.HasPrefix(path, "/run/"), strings.HasPrefix(path, "/var/run/"):
		return []string{nodefacts.RoleRun}
	case strings.HasPrefix(path, "/tmp/"):
		return []string{nodefacts.RoleTmp}
	case strings.HasPrefix(path, "/var/log/"):
		return []string{nodefacts.RoleLogs}
	case variant == "kubelet" && strings.Contains(path, "/kubelet"):
		return []string{nodefacts.RoleKubelet}
	case variant == "kubelet":
		return []string{nodefacts.RoleKubelet, nodefacts.RoleLogs}
	case variant == "runtime" && runtime().MatchString(path):
		return []string{nodefacts.RoleRuntime}
	case variant == "runtime":
		return []string{nodefacts.RoleRuntime, nodefacts.RoleRun}
	}
	return everywhere
}

// full is what the node itself tells of a file system with one of the roles that has no room: with the field that shows
// it, what it holds, and what takes the room. ok is false where none is known to be full.
func full(p *diagnose.Pass, roles []string) (f diagnose.Finding, ok bool) {
	facts := p.Facts()
	if facts == nil {
		return f, false
	}
	for i := range facts.FileSystems {
		fs := &facts.FileSystems[i]
		if !slices.ContainsFunc(roles, fs.Has) {
			continue
		}
		at := fmt.Sprintf("fileSystems[%d].", i)
		f.Args = map[string]string{"path": fs.Path, "device": fs.Device}
		largest(f.Args, fs.Largest)
		cite := func(field string, n int64) {
			f.Evidence = []cluster.Sign{p.CiteFact(at+field, strconv.FormatInt(n, 10))}
		}
		switch t := fs.ThinPool; {
		case fs.Bytes != nil && fs.BytesFree != nil && little(*fs.BytesFree, *fs.Bytes, 500<<20):
			f.Variant, f.Args["free"], f.Args["size"] = "full", diagnose.Amount(*fs.BytesFree),
				diagnose.Amount(*fs.Bytes)
			cite("bytesFree", *fs.BytesFree)
		case fs.Inodes != nil && fs.InodesFree != nil && little(*fs.InodesFree, *fs.Inodes, 2000):
			f.Variant, f.Args["free"], f.Args["size"] = "inodes", strconv.FormatInt(*fs.InodesFree, 10),
				strconv.FormatInt(*fs.Inodes, 10)
			cite("inodesFree", *fs.InodesFree)
		case t != nil && little(t.DataTotal-t.DataUsed, t.DataTotal, t.DataTotal):
			f.Variant, f.Args["pool"] = "pool", t.Name
			cite("thinPool.dataUsed", t.DataUsed)
		case t != nil && little(t.MetadataTotal-t.MetadataUsed, t.MetadataTotal, t.MetadataTotal):
			f.Variant, f.Args["metadata"] = "pool", t.Name
			cite("thinPool.metadataUsed", t.MetadataUsed)
		default:
			continue
		}
		return f, true
	}
	return f, false
}

// little reports whether less than 1 % is left, and less than an amount that a start of a Pod could do with.
func little(free, size, enough int64) bool { return size > 0 && free < size/100+1 && free < enough }

// largest tells what is known to take the room.
func largest(args map[string]string, list []nodefacts.Usage) {
	for _, u := range list {
		name, size := "largest", "takes"
		switch {
		case u.Bytes <= 0:
			continue
		case u.What == "unused-images":
			args["unused"] = diagnose.Amount(u.Bytes)
			continue
		case strings.HasPrefix(u.What, "/var/log/") && strings.HasSuffix(u.What, ".log"):
			name, size = "log", "logsize"
		}
		if args[name] == "" {
			args[name], args[size] = u.What, diagnose.Amount(u.Bytes)
		}
	}
}

// passing is the writing of what is taken away again when it fails: room that is there afterwards proves nothing.
var passing = match.Lazy(`pull|extract|unpack|failed to copy|ingest|layer|blob|tar file`)

// roomy reports whether all file systems that a message can mean are known to have had room when it was said.
func roomy(p *diagnose.Pass, low string, roles []string) bool {
	facts := p.Later()
	// a kubelet does not tell of which folders it speaks
	if facts == nil || facts.Source == nodefacts.FromKubelet || passing().MatchString(low) {
		return false
	}
	known := map[string]bool{}
	for i := range facts.FileSystems {
		fs := &facts.FileSystems[i]
		if slices.ContainsFunc(roles, fs.Has) && !hasRoom(fs) {
			return false
		}
		for _, role := range fs.Roles {
			known[role] = true
		}
	}
	return !slices.ContainsFunc(roles, func(role string) bool { return !known[role] })
}

// hasRoom needs all numbers: where inodes are not counted (btrfs), what is free tells little, and a quota or a thin
// pool can be full before the file system is.
func hasRoom(fs *nodefacts.FileSystem) bool {
	if fs.Bytes == nil || fs.BytesFree == nil || fs.Inodes == nil || fs.InodesFree == nil || fs.Quota != "" ||
		fs.ThinPool != nil || fs.ReadOnly {
		return false
	}
	return *fs.BytesFree >= 100<<20 && *fs.BytesFree >= *fs.Bytes/20 && *fs.InodesFree >= *fs.Inodes/100
}
