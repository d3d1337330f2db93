package node

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// A cniConf is a CNI configuration: a list of plugins (.conflist), or one of them alone (.conf, .json).
type cniConf struct {
	Name    string      `json:"name"`
	Plugins []cniPlugin `json:"plugins"`
}

// cniPlugin are the fields of a plugin's configuration that are looked at.
type cniPlugin struct {
	Name string  `json:"name"`
	Type string  `json:"type"`
	IPAM cniIPAM `json:"ipam"`
	// Calico's.
	NodenameFile         string `json:"nodename_file"`
	NodenameFileOptional bool   `json:"nodename_file_optional"`
	// Flannel's.
	SubnetFile string `json:"subnetFile"`
	Delegate   struct {
		Type string `json:"type"`
	} `json:"delegate"`
	// Kube-OVN's.
	ServerSocket string `json:"server_socket"`
}

// cniIPAM is the part of a plugin's configuration that tells where addresses come from. host-local's range stands in
// it, or in lists.
type cniIPAM struct {
	Type    string `json:"type"`
	DataDir string `json:"dataDir"`
	hostLocalRange
	Ranges [][]hostLocalRange `json:"ranges"`
}

type hostLocalRange struct {
	Subnet  string `json:"subnet"`
	From    string `json:"rangeStart"`
	To      string `json:"rangeEnd"`
	Gateway string `json:"gateway"`
}

const maxPlugins = 50

// networkName is what CNI lets a network be called.
var networkName = match.Lazy(`^[a-zA-Z0-9][a-zA-Z0-9_.\-]*$`)

// parseCNI reads a file of the configuration folder as the runtimes do.
func parseCNI(file string, data []byte) (cniConf, error) {
	var c cniConf
	if path.Ext(file) == ".conflist" {
		var list struct {
			Name    *string           `json:"name"`
			Plugins []json.RawMessage `json:"plugins"`
		}
		if err := json.Unmarshal(data, &list); err != nil {
			return c, jsonError(err)
		}
		if list.Name == nil {
			return c, errors.New("it has no name")
		}
		c.Name = *list.Name
		for i, raw := range list.Plugins {
			var p cniPlugin
			if err := json.Unmarshal(raw, &p); err != nil {
				return c, fmt.Errorf("plugin %d: %w", i, jsonError(err))
			}
			c.Plugins = append(c.Plugins, p)
		}
	} else {
		var p cniPlugin
		if err := json.Unmarshal(data, &p); err != nil {
			return c, jsonError(err)
		}
		c = cniConf{Name: p.Name, Plugins: []cniPlugin{p}}
	}
	if len(c.Plugins) == 0 {
		return c, errors.New("it has no plugins")
	}
	if len(c.Plugins) > maxPlugins {
		return c, fmt.Errorf("it has %d plugins", len(c.Plugins))
	}
	for i, p := range c.Plugins {
		if p.Type == "" {
			return c, fmt.Errorf("plugin %d has no type", i)
		}
	}
	switch {
	case c.Name == "":
		return c, errors.New("it has no name")
	case !networkName().MatchString(c.Name):
		return c, fmt.Errorf("its name %q is none that CNI takes", clip(c.Name))
	}
	return c, nil
}

// jsonError says where JSON is wrong: "it is no JSON: unexpected end of JSON input".
func jsonError(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("it is no JSON: %w (byte %d)", err, syntax.Offset)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("%s is a JSON %s", cmp.Or(kind.Field, "it"), kind.Value)
	}
	return err
}

// UnmarshalJSON reads of any IPAM plugin which it is, and of host-local the rest: what stands in those of others is
// their own.
func (i *cniIPAM) UnmarshalJSON(data []byte) error {
	var of struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &of); err != nil {
		return err
	}
	*i = cniIPAM{Type: of.Type}
	if of.Type != "host-local" {
		return nil
	}
	type plain cniIPAM // without this method
	return json.Unmarshal(data, (*plain)(i))
}

// types returns the types of the plugins, and those of the IPAM plugins that they name, each once.
func (c *cniConf) types() (types, ipam []string) {
	for _, p := range c.Plugins {
		if p.Type != "" {
			types = append(types, clip(p.Type))
		}
		if t := clip(p.IPAM.Type); t != "" && !slices.Contains(ipam, t) {
			ipam = append(ipam, t)
		}
	}
	return types, ipam
}

// programs returns the names of the programs that a plugin's configuration needs: itself, its IPAM plugin, and what it
// hands its work to.
func (p *cniPlugin) programs() []string {
	out := []string{clip(p.Type)}
	if p.Type == "flannel" {
		out = append(out, clip(cmp.Or(p.Delegate.Type, "bridge")), "host-local")
	}
	if p.IPAM.Type != "" {
		out = append(out, clip(p.IPAM.Type))
	}
	return out
}

// agentSocket is the socket of the agent that a plugin hands its work to; "" where it has none.
func (p *cniPlugin) agentSocket() string {
	switch p.Type {
	case "cilium-cni":
		return "/var/run/cilium/cilium.sock"
	case "kube-ovn":
		if strings.HasPrefix(p.ServerSocket, "/") {
			return clip(p.ServerSocket)
		}
		return "/run/openvswitch/kube-ovn-daemon.sock"
	case "antrea":
		return "/var/run/antrea/cni.sock"
	case "ovn-k8s-cni-overlay":
		return "/var/run/ovn-kubernetes/cni/ovn-cni-server.sock"
	case "multus-shim":
		return "/run/multus/multus.sock"
	}
	return ""
}
