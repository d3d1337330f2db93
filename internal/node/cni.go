package node

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const maxCNIFiles = 50

// A cniReader puts together what the node tells of its Pod network.
type cniReader struct {
	tree   tree // plugins run where the runtime runs
	conf   *runtimeConf
	facts  *nodefacts.CNI
	unread partial
}

func readCNI(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	s := sharedOf(ctx, h)
	conf := s.conf()
	c := &cniReader{tree: s.runtime().own, conf: conf, facts: &nodefacts.CNI{ConfDir: conf.confDir,
		BinDirs: conf.binDirs}}
	if conf.err != nil {
		c.unread.miss("cni.confDir", conf.err)
	}
	win, err := c.files()
	if err != nil {
		c.unread.miss("cni.files", err)
	}
	if win != nil {
		c.plugins(win)
		c.agents(win)
		c.ranges(win, h.now(), s.lists)
	}
	set := func(f *nodefacts.NodeFacts) { f.CNI = c.facts }
	return set, c.unread.orNil()
}

// files reads the configuration folder, and returns what the runtime uses of it; nil where that is nothing.
// containerd gives up where the first file is not valid; CRI-O and dockershim take the next.
func (c *cniReader) files() (*cniConf, error) {
	names, err := c.tree.names(c.conf.confDir, 1000)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // which says that there are none
	}
	var win *cniConf
	blocked := false
	for _, name := range names {
		file := path.Join(c.conf.confDir, name)
		info, err := c.tree.stat(file)
		if ext := path.Ext(name); ext != ".conf" && ext != ".conflist" && ext != ".json" || err == nil && info.IsDir() {
			continue
		}
		f := nodefacts.CNIFile{Name: clip(name)}
		if err == nil {
			f.Modified = metav1.NewTime(info.ModTime().UTC())
		}
		var conf cniConf
		data, err := c.tree.read(file, maxConfig)
		if errors.Is(err, fs.ErrPermission) { // it may be the one that wins, and it may be fine
			c.facts.Files = nil
			return nil, err
		}
		if err == nil {
			conf, err = parseCNI(name, data)
		}
		f.Network = clip(conf.Name)
		f.Types, f.IPAM = conf.types()
		switch {
		case err != nil:
			f.Invalid = clip(err.Error())
			blocked = blocked || !c.conf.skips
		case win == nil && !blocked:
			f.Wins = true
			win = &conf
		}
		if len(c.facts.Files) < maxCNIFiles {
			c.facts.Files = append(c.facts.Files, f)
		}
	}
	return win, err
}

// plugins looks for the programs that a configuration names.
func (c *cniReader) plugins(win *cniConf) {
	var all []string
	for _, p := range win.Plugins {
		all = append(all, p.programs()...)
	}
	if c.conf.loopback {
		all = append(all, "loopback")
	}
	seen := map[string]bool{}
	for _, t := range all {
		if seen[t] {
			continue
		}
		seen[t] = true
		p := nodefacts.CNIPlugin{Type: t}
		var hidden error
		for _, dir := range c.conf.binDirs {
			file := path.Join(dir, t)
			info, err := c.tree.stat(file)
			if errors.Is(err, fs.ErrPermission) {
				hidden = err
			}
			if err != nil || info.IsDir() || strings.Contains(t, "/") {
				continue
			}
			p.Path, p.NotExecutable = file, info.Mode()&0o111 == 0 || info.Size() == 0
			break
		}
		if p.Path == "" && hidden != nil {
			c.unread.miss("cni.plugins", hidden)
			continue
		}
		c.facts.Plugins = append(c.facts.Plugins, p)
	}
}

// agents looks for what the plugins need of their agents.
func (c *cniReader) agents(win *cniConf) {
	for _, p := range win.Plugins {
		if socket := p.agentSocket(); socket != "" {
			s, err := c.tree.socket(socket)
			if err != nil {
				c.unread.miss("cni.sockets", err)
			} else {
				c.facts.Sockets = append(c.facts.Sockets, s)
			}
		}
		switch p.Type {
		case "calico":
			data, err := c.tree.read(cmp.Or(p.NodenameFile, "/var/lib/calico/nodename"), maxText)
			c.facts.CalicoNodename = strings.TrimSpace(string(data))
			c.facts.CalicoNodenameMissing = errors.Is(err, fs.ErrNotExist) && !p.NodenameFileOptional
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				c.unread.miss("cni.calicoNodename", err)
			}
		case "flannel":
			env, err := c.flannel(&p)
			c.facts.FlannelSubnet = clip(env["FLANNEL_SUBNET"])
			c.facts.FlannelSubnetMissing = errors.Is(err, fs.ErrNotExist)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				c.unread.miss("cni.flannelSubnet", err)
			}
		}
	}
}

// flannel reads what flanneld tells the plugin: lines NAME=value.
func (c *cniReader) flannel(p *cniPlugin) (map[string]string, error) {
	data, err := c.tree.read(cmp.Or(p.SubnetFile, "/run/flannel/subnet.env"), maxValue)
	if err != nil {
		return nil, err
	}
	env := map[string]string{}
	for line := range bytes.Lines(data) {
		if name, value, ok := bytes.Cut(bytes.TrimSpace(line), []byte("=")); ok {
			env[string(name)] = string(value)
		}
	}
	return env, nil
}

// ranges tells who holds the addresses of host-local's ranges.
func (c *cniReader) ranges(win *cniConf, now time.Time, lists func() (*criLists, error)) {
	for _, p := range win.Plugins {
		ipam := p.IPAM
		if p.Type == "flannel" { // it hands host-local what flanneld told
			env, err := c.flannel(&p)
			if err != nil {
				continue
			}
			ipam = cniIPAM{Type: "host-local"}
			for _, name := range []string{"FLANNEL_SUBNET", "FLANNEL_IPV6_SUBNET"} {
				if env[name] != "" {
					ipam.Ranges = append(ipam.Ranges, []hostLocalRange{{Subnet: env[name]}})
				}
			}
		}
		if ipam.Type != "host-local" {
			continue
		}
		ranges, err := ipam.hostLocal(win.Name)
		if err != nil {
			c.unread.miss("cni.ranges", err)
		}
		given, err := allocations(c.tree, path.Join(cmp.Or(ipam.DataDir, "/var/lib/cni/networks"), win.Name))
		if err != nil {
			c.unread.miss("cni.ranges", err)
			continue
		}
		l, err := lists()
		if err != nil {
			c.unread.miss("cni.ranges.live", err)
			c.unread.miss("cni.ranges.leaked", err)
		}
		for _, r := range ranges {
			c.facts.Ranges = append(c.facts.Ranges, r.count(given, l, now))
		}
	}
}
