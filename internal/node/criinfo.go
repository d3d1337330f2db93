package node

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
)

// statusInfo is what is looked at of the details that a verbose Status has. They are each runtime's own, and differ by
// version.
type statusInfo struct {
	cniLoadStatus string   // containerd
	sandboxImage  string   // containerd before 2.0, CRI-O, cri-dockerd
	root          string   // containerd's --root
	confDir       string   // of CNI
	binDirs       []string // of CNI
	handlers      []string
	cgroupDriver  string
}

// parseStatusInfo reads the details: JSON by name. "config" is containerd's whole configuration of CRI, or CRI-O's
// {"sandboxImage":...}.
func parseStatusInfo(info map[string]string) (statusInfo, error) {
	s := statusInfo{cniLoadStatus: info["lastCNILoadStatus"]}
	text, ok := info["config"]
	if !ok {
		return s, nil
	}
	var c struct {
		SandboxImage string `json:"sandboxImage"`
		Root         string `json:"containerdRootDir"`
		CNI          struct {
			ConfDir string   `json:"confDir"`
			BinDir  string   `json:"binDir"`  // before 2.1
			BinDirs []string `json:"binDirs"` // since
		} `json:"cni"`
		Containerd struct {
			Default  string `json:"defaultRuntimeName"`
			Runtimes map[string]struct {
				Type    string `json:"runtimeType"`
				Options struct {
					SystemdCgroup bool
				} `json:"options"`
			} `json:"runtimes"`
		} `json:"containerd"`
		SystemdCgroup bool `json:"systemdCgroup"` // of runc.v1, until 1.6
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		// what stands in it may be a password
		return s, errors.New("the configuration in the runtime's Status is no JSON that is known")
	}
	s.sandboxImage, s.root, s.confDir, s.binDirs = clip(c.SandboxImage), c.Root, c.CNI.ConfDir, c.CNI.BinDirs
	if len(s.binDirs) == 0 && c.CNI.BinDir != "" {
		s.binDirs = []string{c.CNI.BinDir}
	}
	s.handlers = slices.Sorted(maps.Keys(c.Containerd.Runtimes))
	s.handlers = s.handlers[:min(len(s.handlers), 50)]
	if r, ok := c.Containerd.Runtimes[c.Containerd.Default]; ok && (r.Type == "io.containerd.runc.v2" ||
		r.Type == "io.containerd.runc.v1") {
		s.cgroupDriver = "cgroupfs"
		if r.Options.SystemdCgroup || c.SystemdCgroup {
			s.cgroupDriver = "systemd"
		}
	}
	return s, nil
}
