package containercrashing

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
)

// enough is what programs ask for of the kernel's limits that they name.
var enough = map[string]string{"vm.max_map_count": "262144", "fs.aio-max-nr": "1048576",
	"fs.inotify.max_user_watches": "1048576", "fs.inotify.max_user_instances": "8192"}

// kernelLimit: a limit of the kernel is too low, and all containers of the node have the same kernel.
func (w *words) kernelLimit() {
	name := strings.ReplaceAll(w.args["sysctl"], "/", ".")
	switch {
	case w.args["aio"] != "":
		name = "fs.aio-max-nr"
	case w.args["watches"] != "":
		name = "fs.inotify.max_user_watches"
	case w.args["instances"] != "":
		name = "fs.inotify.max_user_instances"
	}
	if enough[name] == "" || w.Pod.Spec.NodeName == "" {
		return
	}
	w.be("kernel-limit")
	w.set("sysctl", name)
	w.set("above", enough[name])
	w.finding.Blame = cluster.Ref{Kind: "Node", Name: w.Pod.Spec.NodeName}
}

// noThreads: the Pod, its user or the node may have no more processes.
func (w *words) noThreads() { w.be("threads") }

// lineEnds: a script of the image was saved on Windows, and the carriage return is taken for a part of a name.
func (w *words) lineEnds() { w.be("line-ends") }

// notEmpty: a database finds its folder in use. A file system that is a volume's own has lost+found in it.
func (w *words) notEmpty() {
	at := w.has("path", absolute)
	c := w.spec()
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		if m.SubPath == "" && (m.MountPath == at || at == "" && len(c.VolumeMounts) == 1) {
			if v, field := w.volumeAt(m.MountPath); v != nil && v.PersistentVolumeClaim != nil {
				w.be("not-empty")
				w.set("path", m.MountPath)
				w.finding.Attested = append(w.finding.Attested, "path")
				w.bornOut(w.Cite(field+".persistentVolumeClaim.claimName", v.PersistentVolumeClaim.ClaimName))
			}
			return
		}
	}
}
