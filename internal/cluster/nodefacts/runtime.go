package nodefacts

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Kubelet is how the kubelet is set up: from its flags and configuration file on the node, or from /configz.
type Kubelet struct {
	// Version of the kubelet that runs.
	Version string `json:"version,omitempty"`
	// Running reports whether its process is there.
	Running *bool `json:"running,omitempty"`
	// ConfigFile is --config.
	ConfigFile string `json:"configFile,omitempty"`
	// RootDir is --root-dir.
	RootDir string `json:"rootDir,omitempty"`
	// RuntimeEndpoint is containerRuntimeEndpoint: unix:///run/containerd/containerd.sock.
	RuntimeEndpoint string `json:"runtimeEndpoint,omitempty"`
	// CgroupDriver is cgroupfs or systemd.
	CgroupDriver string `json:"cgroupDriver,omitempty"`
	// RequestTimeoutMillis is runtimeRequestTimeout: 120000 by default.
	RequestTimeoutMillis *int64 `json:"requestTimeoutMillis,omitempty"`
	// SerializeImagePulls: images are pulled one after another.
	SerializeImagePulls *bool `json:"serializeImagePulls,omitempty"`
	// MaxPods and PodPidsLimit as configured; PodPidsLimit is -1 where there is none.
	MaxPods      *int64 `json:"maxPods,omitempty"`
	PodPidsLimit *int64 `json:"podPidsLimit,omitempty"`
	// ResolvConf is the file that Pods' resolv.conf is made of; ResolvConfMissing tells that it is not there.
	ResolvConf        string `json:"resolvConf,omitempty"`
	ResolvConfMissing *bool  `json:"resolvConfMissing,omitempty"`
	// CertificateExpires is when the kubelet's client certificate does (notAfter of kubelet-client-current.pem).
	CertificateExpires *metav1.Time `json:"certificateExpires,omitempty"`
}

// Runtime is the container runtime that the kubelet uses, as it answers over CRI.
type Runtime struct {
	// Endpoint that was asked: unix:///run/containerd/containerd.sock.
	Endpoint string `json:"endpoint,omitempty"`
	// Sockets are those of container runtimes that are there, whether or not the kubelet uses them.
	Sockets []Socket `json:"sockets,omitempty"`
	// Name and Version as CRI's Version call tells them: containerd, v2.4.2.
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	// VersionMillis and StatusMillis are how long the two calls took. A call without an answer stands in unread
	// (runtime.name, runtime.conditions).
	VersionMillis *int64 `json:"versionMillis,omitempty"`
	StatusMillis  *int64 `json:"statusMillis,omitempty"`
	// Conditions are RuntimeReady and NetworkReady.
	Conditions []RuntimeCondition `json:"conditions,omitempty"`
	// CNILoadStatus is what containerd tells of the last time it read the CNI configuration (lastCNILoadStatus): OK,
	// or an error.
	CNILoadStatus string `json:"cniLoadStatus,omitempty"`
	// Handlers are the names that a RuntimeClass can give: runc, kata.
	Handlers []string `json:"handlers,omitempty"`
	// CgroupDriver is systemd or cgroupfs, where the runtime tells.
	CgroupDriver string `json:"cgroupDriver,omitempty"`
	// Blocked are processes of the runtime, and children of it (shims, runc, CNI plugins, mount helpers), that hold up a
	// call: stopped, in uninterruptible sleep, or a plugin that runs for more than 30 s. At most 20.
	Blocked []Task `json:"blocked,omitempty"`
}

// Socket is a socket that a program listens on.
type Socket struct {
	Path string `json:"path"`
	// Missing: there is no such file.
	Missing bool `json:"missing,omitempty"`
	// Refused: nobody listens.
	Refused bool `json:"refused,omitempty"`
}

// RuntimeCondition is a condition that the container runtime tells over CRI.
type RuntimeCondition struct {
	Type    string `json:"type"`
	Status  bool   `json:"status"`
	Reason  string `json:"reason,omitempty"`
	Message string `json:"message,omitempty"`
}

// Task is a process that does not get on.
type Task struct {
	PID     int    `json:"pid"`
	Command string `json:"command"`
	// State as in /proc/PID/stat: D uninterruptible sleep, T stopped, S, R.
	State string `json:"state"`
	// Wait is the kernel function that it sleeps in (/proc/PID/wchan), where that can be read.
	Wait string `json:"wait,omitempty"`
	// Role: runtime, shim, runc, cni, mount.
	Role string `json:"role"`
	// RunningMillis is for how long the process is there.
	RunningMillis int64 `json:"runningMillis,omitempty"`
	// PodUID that it works for, where its arguments or environment names tell (never the values of other variables).
	PodUID string `json:"podUID,omitempty"`
}

// Programs are the runtimes' programs on the node, running and on disk.
type Programs struct {
	// Running are dockerd, containerd, crio, shims (one for each version), kubelet.
	Running []Program `json:"running,omitempty"`
	// Installed are those found in the folders of root's PATH. A name that stands there more than once is a duplicate: the
	// first is the one that is used.
	Installed []Installed `json:"installed,omitempty"`
	// Packages of container runtimes from the databases of dpkg and rpm.
	Packages []Package `json:"packages,omitempty"`
}

// Program is a program that runs.
type Program struct {
	Name string `json:"name"` // containerd
	PID  int    `json:"pid"`
	Path string `json:"path"` // of its executable, as /proc/PID/exe tells it
	// Deleted: the file it was started from is not there any more, or was replaced:
	// the program is older than what is installed.
	Deleted bool `json:"deleted,omitempty"`
	// Version that its package has or had when it was started, where known.
	Version string      `json:"version,omitempty"`
	Started metav1.Time `json:"started,omitzero"`
	// Count of processes of the same executable.
	Count int `json:"count,omitempty"`
}

// Installed is a program on disk.
type Installed struct {
	Name string `json:"name"` // runc
	Path string `json:"path"` // with links resolved
	// Version as the program itself tells it (Go build information, or --version); empty where it does not.
	Version string `json:"version,omitempty"`
	// Package that it belongs to; empty for one that none installed.
	Package  string      `json:"package,omitempty"`
	Modified metav1.Time `json:"modified,omitzero"`
}

// Package is an installed package that has to do with container runtimes.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// Origin is who made it: rpm's Vendor, or dpkg's Origin or Maintainer.
	Origin string `json:"origin,omitempty"`
	// Manager is dpkg or rpm.
	Manager string `json:"manager"`
	// Time of installation: rpm's INSTALLTIME, or that of the package's file list under dpkg.
	Time metav1.Time `json:"time,omitzero"`
}

// Sandboxes are the sandboxes and containers that the runtime knows.
type Sandboxes struct {
	// Count and Ready of sandboxes; Containers and Running of containers.
	Count      int `json:"count"`
	Ready      int `json:"ready"`
	Containers int `json:"containers"`
	Running    int `json:"running"`
	// Odd are the sandboxes that are not the one ready sandbox of a Pod that the kubelet has: not ready, more than one,
	// orphans, or of the future. At most 100.
	Odd []Sandbox `json:"odd,omitempty"`
	// OddContainers are containers that do not run and whose Pod has no ready sandbox, that were made and never started,
	// or that no Pod has. At most 100.
	OddContainers []Container `json:"oddContainers,omitempty"`
	// Twice are names that more than one sandbox or container holds, or one that no Pod has. At most 20.
	Twice []HeldName `json:"twice,omitempty"`
}

// Sandbox is a Pod's sandbox.
type Sandbox struct {
	ID        string      `json:"id"`
	Namespace string      `json:"namespace"`
	Pod       string      `json:"pod"`
	PodUID    string      `json:"podUID"`
	Attempt   int         `json:"attempt"`
	Ready     bool        `json:"ready"`
	Created   metav1.Time `json:"created,omitzero"`
	// Orphan: the kubelet has no Pod of this UID, or has not made this sandbox for it (its label is not on it).
	Orphan bool `json:"orphan,omitempty"`
	// Future: created later than now, or later than a sandbox of the same Pod with a higher attempt: the clock went back.
	Future bool `json:"future,omitempty"`
}

// Container is a container that the runtime has.
type Container struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	PodUID  string      `json:"podUID"`
	Attempt int         `json:"attempt"`
	State   string      `json:"state"` // created, running, exited, unknown
	Created metav1.Time `json:"created,omitzero"`
	Orphan  bool        `json:"orphan,omitempty"`
}

// HeldName is a name that the runtime keeps for somebody: NAME_NAMESPACE_UID_ATTEMPT of a sandbox,
// CONTAINER_POD_NAMESPACE_UID_ATTEMPT of a container.
type HeldName struct {
	Name string `json:"name"`
	// IDs that hold it.
	IDs    []string `json:"ids"`
	PodUID string   `json:"podUID,omitempty"`
}

// Images are those that the runtime has.
type Images struct {
	Count int   `json:"count"`
	Bytes int64 `json:"bytes"`
	// UnusedBytes is the size of images that no container uses, without pinned ones.
	// Layers that images share count once for each.
	UnusedBytes int64 `json:"unusedBytes"`
	// Pause is the image that sandboxes are made of.
	Pause *PauseImage `json:"pause,omitempty"`
	// Pulls under way, where the runtime tells.
	Pulls []Pull `json:"pulls,omitempty"`
}

// PauseImage is the image that sandboxes are made of.
type PauseImage struct {
	// Reference that the runtime is set to use (its configuration, or the status that it tells).
	Reference string `json:"reference"`
	Present   bool   `json:"present"`
	// Pinned: no image garbage collection removes it.
	Pinned bool `json:"pinned,omitempty"`
}

// Pull is an image pull under way.
type Pull struct {
	// Image, where it is known; Digest and the counts are of one blob that is being fetched.
	Image   string      `json:"image,omitempty"`
	Digest  string      `json:"digest,omitempty"`
	Bytes   int64       `json:"bytes,omitempty"`
	Total   int64       `json:"total,omitempty"`
	Started metav1.Time `json:"started,omitzero"`
	Updated metav1.Time `json:"updated,omitzero"` // when the last byte came
}
