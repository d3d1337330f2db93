package dump

import (
	"path"
	"slices"
	"strings"
)

// nodeLogs are words in the names of files, and of folders, that hold logs of a node's programs in bundles: of kind
// export logs, sosreport, must-gather, the collectors of clouds.
var nodeLogs = []string{"kubelet", "containerd", "crio", "cri-o", "docker", "journal", "messages", "syslog"}

// nodeLog reports whether a file of a folder or an archive is by its name a log of a node's programs. A container
// writes into its own log what it likes, lines of a kubelet too.
func nodeLog(name string) bool {
	name = strings.ToLower(name)
	dir, file := path.Split(name)
	if ofPods(dir) {
		return false
	}
	words := append(strings.Split(dir, "/"), file)
	return slices.ContainsFunc(words[max(len(words)-4, 0):], func(w string) bool {
		return slices.ContainsFunc(nodeLogs, func(n string) bool { return strings.Contains(w, n) })
	})
}

// containerLog reports whether a file of a folder or an archive is by its name a log, and not of a node's program. What
// stands in it is no object, whatever it looks like. Whoever wants such a file to be read names it.
func containerLog(name string) bool {
	name = strings.ToLower(name)
	dir, file := path.Split(name)
	switch ext := strings.TrimLeft(path.Ext(file), ".0123456789"); {
	case nodeLog(name):
		return false
	case ext == "log", strings.Contains(file, ".log."), file == "logs.txt", file == "logs":
		return true
	case ext == "yaml", ext == "yml", ext == "json":
		return false
	}
	return ofPods(dir) && slices.ContainsFunc(strings.Split(dir, "/"), func(w string) bool {
		return strings.HasSuffix(w, "logs") || strings.HasSuffix(w, "log")
	})
}

// ofPods reports whether a folder is one for what belongs to Pods, in which each has a folder or a file.
func ofPods(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(w string) bool {
		if strings.ContainsAny(w, "-_") {
			w = strings.ReplaceAll(strings.ReplaceAll(w, "-", ""), "_", "")
		}
		switch w {
		case "pod", "pods", "containers", "namespaces", "podlogs", "containerlogs", "podslogs":
			return true
		}
		return false
	})
}
