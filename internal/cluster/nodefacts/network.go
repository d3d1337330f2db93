package nodefacts

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// CNI is how the node connects Pods to the network.
type CNI struct {
	// ConfDir and BinDirs as the runtime is set up: /etc/cni/net.d, /opt/cni/bin.
	ConfDir string   `json:"confDir,omitempty"`
	BinDirs []string `json:"binDirs,omitempty"`
	// Files are those of the folder that the runtime considers (.conf, .conflist, .json), in the order in which it does.
	// The first one wins; where that is not valid, containerd uses none at all, and CRI-O and dockershim the next.
	Files []CNIFile `json:"files,omitempty"`
	// Plugins are those that the winning file needs: those that it names, what flannel hands its work to, and loopback
	// where the runtime calls it itself.
	Plugins []CNIPlugin `json:"plugins,omitempty"`
	// Ranges are the address ranges of host-local IPAM, with who holds what.
	Ranges []IPRange `json:"ranges,omitempty"`
	// CalicoNodename is the content of /var/lib/calico/nodename;
	// CalicoNodenameMissing that a configuration wants it and it is not there.
	CalicoNodename        string `json:"calicoNodename,omitempty"`
	CalicoNodenameMissing bool   `json:"calicoNodenameMissing,omitempty"`
	// FlannelSubnet is FLANNEL_SUBNET of /run/flannel/subnet.env;
	// FlannelSubnetMissing that a configuration wants it and it is not there.
	FlannelSubnet        string `json:"flannelSubnet,omitempty"`
	FlannelSubnetMissing bool   `json:"flannelSubnetMissing,omitempty"`
	// Sockets of the plugins' agents, those that the winning file's plugins need.
	Sockets []Socket `json:"sockets,omitempty"`
}

// CNIFile is one file of the configuration folder.
type CNIFile struct {
	Name string `json:"name"` // 10-calico.conflist
	// Wins: the runtime uses this one.
	Wins bool `json:"wins,omitempty"`
	// Invalid is why it cannot be used; empty where it can.
	Invalid string `json:"invalid,omitempty"`
	Network string `json:"network,omitempty"` // its name
	// Types of the plugins in it, in their order, and of the IPAM plugins that they name.
	Types    []string    `json:"types,omitempty"`
	IPAM     []string    `json:"ipam,omitempty"`
	Modified metav1.Time `json:"modified,omitzero"`
}

// CNIPlugin is a program that the winning file names.
type CNIPlugin struct {
	Type string `json:"type"` // bridge
	// Path where it is; empty where it is in none of the folders.
	Path string `json:"path,omitempty"`
	// NotExecutable: the file is there and cannot be run (mode, or it is empty).
	NotExecutable bool `json:"notExecutable,omitempty"`
}

// IPRange is one range of host-local IPAM.
type IPRange struct {
	Network string `json:"network"`        // name of the CNI network
	Subnet  string `json:"subnet"`         // 10.244.1.0/24
	From    string `json:"from,omitempty"` // rangeStart, rangeEnd
	To      string `json:"to,omitempty"`
	// Size is how many addresses it can give; Taken how many are given;
	// Live how many of those to a sandbox or container that the runtime has.
	Size  int64 `json:"size"`
	Taken int64 `json:"taken"`
	Live  int64 `json:"live"`
	// Leaked are addresses that were given, more than 30 s ago, to a container that the runtime does not have, at most 50.
	Leaked []Leak `json:"leaked,omitempty"`
}

// Leak is an address that nobody gave back.
type Leak struct {
	IP          string `json:"ip"`
	ContainerID string `json:"containerID"`
}

// Mounts are the node's mounts that have to do with Pods' volumes.
type Mounts struct {
	// Count of mounts below the kubelet's Pods directories.
	Count int `json:"count"`
	// Deleted are those whose source was removed or replaced ("//deleted" in mountinfo), at most 50.
	Deleted []Mount `json:"deleted,omitempty"`
	// Stale are network mounts that did not answer in time, or answered with ESTALE, at most 50.
	Stale []Mount `json:"stale,omitempty"`
	// Multipath are devices that a multipath map holds, which cannot be mounted themselves.
	Multipath []HeldDevice `json:"multipath,omitempty"`
	// Helpers are the programs that mounting some volume types needs.
	Helpers []Helper `json:"helpers,omitempty"`
}

// Mount is a mount that is not well.
type Mount struct {
	Target string `json:"target"`
	Source string `json:"source,omitempty"`
	Type   string `json:"type,omitempty"`
	PodUID string `json:"podUID,omitempty"`
	Volume string `json:"volume,omitempty"`
	// Container of a subPath mount (volume-subpaths/VOLUME/CONTAINER/INDEX).
	Container string `json:"container,omitempty"`
	// Why it is listed: deleted, timeout, ESTALE, EIO...
	Why string `json:"why"`
}

// HeldDevice is a block device that something else holds.
type HeldDevice struct {
	Device string `json:"device"` // /dev/sdb
	Holder string `json:"holder"` // dm-3 mpatha
}

// Helper is a program that mounting a volume type needs.
type Helper struct {
	// mount.nfs, mount.nfs4, mount.cifs, mount.ceph, mount.glusterfs, iscsiadm, multipath, mkfs.ext4, mkfs.xfs
	Name string `json:"name"`
	// Path where it is; empty where it is in none of the folders of root's PATH.
	Path string `json:"path,omitempty"`
}
