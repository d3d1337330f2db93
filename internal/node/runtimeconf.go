package node

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// runtimeConf is how the container runtime is set up: as it tells itself, else as its configuration files say, else its
// defaults.
type runtimeConf struct {
	pause   string // reference of the image that sandboxes are made of; "" where nothing tells
	root    string // containerd's folder
	confDir string // of CNI
	binDirs []string
	skips   bool // of CNI configurations the next is taken where one is not valid
	// loopback: the runtime runs the CNI plugin of that name for each Pod, whatever the configuration says.
	loopback bool
	err      error // of the configuration files
}

// containerdConfig are the fields of containerd's config.toml that are looked at, by its versions 1, 2 and 3.
type containerdConfig struct {
	Root    string   `toml:"root"`
	Imports []string `toml:"imports"`
	Plugins struct {
		V1     containerdCRI `toml:"cri"`
		V2     containerdCRI `toml:"io.containerd.grpc.v1.cri"`
		V3     containerdCRI `toml:"io.containerd.cri.v1.runtime"`
		Images struct {
			Pinned map[string]string `toml:"pinned_images"`
		} `toml:"io.containerd.cri.v1.images"`
	} `toml:"plugins"`
}

type containerdCRI struct {
	SandboxImage string `toml:"sandbox_image"`
	CNI          struct {
		ConfDir          string   `toml:"conf_dir"`
		BinDir           string   `toml:"bin_dir"`
		BinDirs          []string `toml:"bin_dirs"`
		InternalLoopback bool     `toml:"use_internal_loopback"`
	} `toml:"cni"`
}

// crioConfig are the fields of CRI-O's crio.conf that are looked at.
type crioConfig struct {
	CRIO struct {
		Image struct {
			Pause string `toml:"pause_image"`
		} `toml:"image"`
		Network struct {
			ConfDir string   `toml:"network_dir"`
			BinDirs []string `toml:"plugin_dirs"`
			BinDir  string   `toml:"plugin_dir"` // until 1.17
		} `toml:"network"`
	} `toml:"crio"`
}

// conf reads how the runtime is set up.
func (r *containerRuntime) conf(info statusInfo) *runtimeConf {
	c := &runtimeConf{}
	args := r.args
	switch {
	case strings.Contains(r.endpoint, "crio"):
		c.skips = true
		c.err = c.crio(r.own, orFlag(args, "config", "/etc/crio/crio.conf"), orFlag(args, "config-dir",
			"/etc/crio/crio.conf.d"))
	case strings.Contains(r.endpoint, "docker"):
		c.skips, c.loopback = true, true
		c.pause = orFlag(args, "pod-infra-container-image", "")
		c.confDir = orFlag(args, "cni-conf-dir", "")
		if dirs := orFlag(args, "cni-bin-dir", ""); dirs != "" {
			c.binDirs = strings.Split(dirs, ",")
		}
	default:
		c.loopback = true
		file := orFlag(args, "config", orFlag(args, "c", "/etc/containerd/config.toml"))
		c.err = c.containerd(r.own, file, 0)
		c.root = orFlag(args, "root", c.root)
	}
	c.pause, c.root, c.confDir = cmp.Or(info.sandboxImage, c.pause), cmp.Or(info.root, c.root, "/var/lib/containerd"),
		cmp.Or(info.confDir, c.confDir, "/etc/cni/net.d")
	if len(info.binDirs) > 0 {
		c.binDirs = info.binDirs
	}
	if len(c.binDirs) == 0 {
		c.binDirs = []string{"/opt/cni/bin"}
	}
	c.confDir = path.Clean(c.confDir)
	for i, d := range c.binDirs {
		c.binDirs[i] = path.Clean(d)
	}
	return c
}

// containerd reads a config.toml, then those that it imports, which outdo it.
func (c *runtimeConf) containerd(t tree, file string, depth int) error {
	data, err := t.read(file, maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the defaults hold
	}
	if err != nil {
		return err
	}
	var conf containerdConfig
	if err := toml.Unmarshal(data, &conf); err != nil {
		return fmt.Errorf("%s is no valid configuration of containerd", file)
	}
	c.root = cmp.Or(conf.Root, c.root)
	for _, p := range []containerdCRI{conf.Plugins.V1, conf.Plugins.V2, conf.Plugins.V3} {
		c.pause, c.confDir = cmp.Or(p.SandboxImage, c.pause), cmp.Or(p.CNI.ConfDir, c.confDir)
		c.setBinDirs(p.CNI.BinDirs, p.CNI.BinDir)
		c.loopback = c.loopback && !p.CNI.InternalLoopback
	}
	c.pause = cmp.Or(conf.Plugins.Images.Pinned["sandbox"], c.pause)
	if depth == 5 {
		return nil
	}
	for _, pattern := range conf.Imports {
		if !path.IsAbs(pattern) {
			pattern = path.Join(path.Dir(file), pattern)
		}
		names, err := t.names(path.Dir(pattern), 1000)
		if errors.Is(err, fs.ErrPermission) {
			return err // what is in there may say something else
		}
		for _, n := range names {
			imported := path.Join(path.Dir(pattern), n)
			if ok, _ := filepath.Match(pattern, imported); ok && imported != file {
				if err := c.containerd(t, imported, depth+1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// crio reads a crio.conf, then those of its folder, which outdo it, in their order.
func (c *runtimeConf) crio(t tree, file, dir string) error {
	files := []string{file}
	names, err := t.names(dir, 1000)
	if errors.Is(err, fs.ErrPermission) {
		return err
	}
	for _, n := range names {
		files = append(files, path.Join(dir, n))
	}
	for _, f := range files {
		data, err := t.read(f, maxConfig)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		var conf crioConfig
		if err := toml.Unmarshal(data, &conf); err != nil {
			return fmt.Errorf("%s is no valid configuration of CRI-O", f)
		}
		c.pause, c.confDir = cmp.Or(conf.CRIO.Image.Pause, c.pause), cmp.Or(conf.CRIO.Network.ConfDir, c.confDir)
		c.setBinDirs(conf.CRIO.Network.BinDirs, conf.CRIO.Network.BinDir)
	}
	return nil
}

func (c *runtimeConf) setBinDirs(dirs []string, dir string) {
	switch {
	case len(dirs) > 0:
		c.binDirs = dirs
	case dir != "":
		c.binDirs = []string{dir}
	}
}
