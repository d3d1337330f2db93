// Package configinvalid finds containers that cannot be created as their spec asks, for a reason that has no cause of
// its own.
package configinvalid

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// Find tells apart a working directory, and a kubelet that knows no Services yet: that is the node's fault.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["failure"] != "":
			f.Certainty, f.Args["detail"] = diagnose.Likely, match.Decisive(m.Sign.Message, 150)
			delete(m.Args, "failure")
		case m.Args["utf8"] != "":
			f.Variant = "utf8"
			delete(m.Args, "utf8")
		case m.Args["services"] != "":
			f.Variant = "services"
			if node := p.Pod.Spec.NodeName; node != "" {
				f.Blame = cluster.Ref{Kind: "Node", Name: node}
			}
		case m.Args["long"] != "":
			f.Variant = "name"
		case m.Args["mode"] != "":
			modes(p, &f)
		case m.Args["path"] != "":
			f.Variant = "workdir"
		default:
			f.Variant = "spec"
		}
		p.Report(f)
	}
}

// modes says what a volume is, a raw device or a file system, and how the containers that want the other get it as it
// is.
func modes(p *diagnose.Pass, f *diagnose.Finding) {
	volume := f.Args["volume"]
	f.Variant = strings.ToLower(f.Args["mode"])
	var edits []diagnose.Edit
	for i, c := range p.Pod.Spec.Containers {
		at := []string{"spec", "containers", strconv.Itoa(i)}
		swap := func(from, to string, entry int, value map[string]string, has bool) {
			edits = append(edits, diagnose.Edit{Op: "test", Path: diagnose.Pointer(append(at, "name")...), Value: c.Name},
				diagnose.Edit{Op: "test", Path: diagnose.Pointer(append(at, from, strconv.Itoa(entry), "name")...), Value: volume},
				diagnose.Edit{Op: "remove", Path: diagnose.Pointer(append(at, from, strconv.Itoa(entry))...)})
			add := diagnose.Edit{Op: "add", Path: diagnose.Pointer(append(at, to, "-")...), Value: value}
			if !has {
				add = diagnose.Edit{Op: "add", Path: diagnose.Pointer(append(at, to)...), Value: []map[string]string{value}}
			}
			edits = append(edits, add)
		}
		for j, m := range c.VolumeMounts {
			if f.Variant == "block" && m.Name == volume {
				f.Args["path"] = "/dev/" + volume
				swap("volumeMounts", "volumeDevices", j, map[string]string{"name": volume, "devicePath": f.Args["path"]},
					len(c.VolumeDevices) > 0)
			}
		}
		for j, d := range c.VolumeDevices {
			if f.Variant == "filesystem" && d.Name == volume {
				f.Args["path"] = "/mnt/" + volume
				swap("volumeDevices", "volumeMounts", j, map[string]string{"name": volume, "mountPath": f.Args["path"]},
					len(c.VolumeMounts) > 0)
			}
		}
	}
	f.Args["patch"] = p.Patch(edits...)
}
