// Package nodefacts holds the form of what one node knows about itself.
//
// Every fact is a value, or stands in Unread with the reason why it could not be read. What is neither was not asked
// for: the kubelet, for one, serves only a small part of what the agent reads on the node.
// Sizes are bytes, durations milliseconds, and times those of the node's own clock, unless a field says otherwise.
// Lists are bounded by their makers, so that an object stays under 100 KiB; counts beside them tell of all.
//
// +kubebuilder:object:generate=true
// +groupName=stuck.dev
// +versionName=v1alpha1
package nodefacts

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// NodeFacts is what one node knows about itself at one instant. Its name is the node's.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:path=nodefacts,singular=nodefacts,scope=Cluster
// +kubebuilder:printcolumn:name="Source",type=string,JSONPath=`.source`
// +kubebuilder:printcolumn:name="Runtime",type=string,JSONPath=`.runtime.name`
// +kubebuilder:printcolumn:name="Read",type=date,JSONPath=`.at`
type NodeFacts struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	// At is when the facts were read.
	At metav1.Time `json:"at"`
	// Source is who read them: agent (on the node) or kubelet (what the kubelet serves through the API server).
	// +kubebuilder:validation:Enum=agent;kubelet
	Source string `json:"source"`
	// Unread are the facts that could not be read, and why.
	Unread []Unread `json:"unread,omitempty"`

	System      *System      `json:"system,omitempty"`
	FileSystems []FileSystem `json:"fileSystems,omitempty"`
	Memory      *Memory      `json:"memory,omitempty"`
	Pressure    *Pressure    `json:"pressure,omitempty"`
	Limits      *Limits      `json:"limits,omitempty"`
	Kernel      *Kernel      `json:"kernel,omitempty"`
	Kubelet     *Kubelet     `json:"kubelet,omitempty"`
	Runtime     *Runtime     `json:"runtime,omitempty"`
	Programs    *Programs    `json:"programs,omitempty"`
	Sandboxes   *Sandboxes   `json:"sandboxes,omitempty"`
	Images      *Images      `json:"images,omitempty"`
	CNI         *CNI         `json:"cni,omitempty"`
	Mounts      *Mounts      `json:"mounts,omitempty"`
	Clock       *Clock       `json:"clock,omitempty"`
	// Logs are lines of the kubelet and the container runtime, of the last 15 minutes,
	// that a cause of the catalogue knows.
	Logs []LogLine `json:"logs,omitempty"`
}

// Who reads facts.
const (
	FromAgent   = "agent"
	FromKubelet = "kubelet"
	FromLog     = "log" // a text that somebody has given: it is of whatever time it is of; never in the API
)

// Unread is a fact that could not be read.
type Unread struct {
	// Path is the field that is missing for it, without an index: memory.zones, fileSystems, clock.
	Path string `json:"path"`
	// Why is the error: what was tried, on what, and what came of it.
	Why string `json:"why"`
	// Code says the same as Why for programs, with Args; it is empty where the words are the system's own.
	Code string `json:"code,omitempty"`
	// Args are the arguments of Code.
	Args map[string]string `json:"args,omitempty"`
}

// WhyUnread tells why a field, or all that it stands in, could not be read; "" where it could, or was not asked for.
func (f *NodeFacts) WhyUnread(path string) string {
	for _, u := range f.Unread {
		if u.Path == path || strings.HasPrefix(path, u.Path+".") {
			return u.Why
		}
	}
	return ""
}

// LogLine is what a program of the node wrote, once for all lines that differ in nothing but times, counters and ids.
type LogLine struct {
	// Component that wrote it: kubelet, containerd, crio, docker, cri-dockerd.
	Component string `json:"component"`
	// PodUID is the Pod that it is about; empty where the line names none.
	PodUID string `json:"podUID,omitempty"`
	// Message is the last such line without the time and the program's name, at most 1,024 bytes of it.
	Message string      `json:"message"`
	Count   int         `json:"count"`
	First   metav1.Time `json:"first"`
	Last    metav1.Time `json:"last"`
}

// System is what the node is.
type System struct {
	// OS is PRETTY_NAME of /etc/os-release: "CentOS Linux 7 (Core)".
	OS string `json:"os,omitempty"`
	// Kernel is /proc/sys/kernel/osrelease: 3.10.0-1160.el7.x86_64.
	Kernel string `json:"kernel,omitempty"`
	// BootID is /proc/sys/kernel/random/boot_id: it changes with each boot.
	BootID string `json:"bootID,omitempty"`
	// Booted is when it started: btime of /proc/stat.
	Booted metav1.Time `json:"booted,omitzero"`
	// CgroupVersion is 1 or 2, by what is mounted at /sys/fs/cgroup.
	CgroupVersion int `json:"cgroupVersion,omitempty"`
}

// Clock is how the node's clock compares with that of others.
type Clock struct {
	// OffsetMillis is how much the node's clock is ahead of the API server's, by the Date header of an answer (so to 1 s,
	// plus half the round trip).
	OffsetMillis *int64 `json:"offsetMillis,omitempty"`
	// Steps are jumps of the wall clock against the monotonic clock that were seen while the agent ran, or that the log
	// tells of; the newest last.
	Steps []ClockStep `json:"steps,omitempty"`
	// Synchronized reports whether the kernel counts the clock as synchronised (adjtimex without STA_UNSYNC).
	Synchronized *bool `json:"synchronized,omitempty"`
}

// ClockStep is one jump of the wall clock.
type ClockStep struct {
	At metav1.Time `json:"at"` // after the jump
	// Millis is how far it jumped: negative where it went back.
	Millis int64 `json:"millis"`
}
