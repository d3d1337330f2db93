package nodefacts

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// What lies on a file system.
const (
	RoleRuntime = "runtime" // images, snapshots and sandboxes of the container runtime
	RoleKubelet = "kubelet" // the kubelet's root: volumes, emptyDirs, checkpoints
	RoleLogs    = "logs"    // container logs
	RoleRun     = "run"     // /run: sockets and state of the runtime, a tmpfs
	RoleTmp     = "tmp"     // /tmp
)

// FileSystem is one file system that starting a Pod writes to. Each is listed once, with all that lies on it.
type FileSystem struct {
	// Roles are what lies on it: runtime, kubelet, logs, run, tmp.
	Roles []string `json:"roles"`
	// Path is the folder that was asked about, the first role's: /var/lib/containerd. A kubelet tells none:
	// there it is the default one.
	Path string `json:"path"`
	// Device and Type as in /proc/self/mountinfo: /dev/vda1 and ext4. Empty where the kubelet was asked.
	Device string `json:"device,omitempty"`
	Type   string `json:"type,omitempty"`
	// ReadOnly: it is mounted read-only, by choice or after an error.
	ReadOnly bool `json:"readOnly,omitempty"`
	// Bytes and BytesFree are its size and what an ordinary user may still write (statfs f_blocks and f_bavail; the
	// kubelet's capacityBytes and availableBytes).
	Bytes     *int64 `json:"bytes,omitempty"`
	BytesFree *int64 `json:"bytesFree,omitempty"`
	// Inodes and InodesFree: absent on file systems that have no fixed number (btrfs).
	Inodes     *int64 `json:"inodes,omitempty"`
	InodesFree *int64 `json:"inodesFree,omitempty"`
	// Quota names the kind of quota that its mount options turn on: prjquota, usrquota.
	Quota string `json:"quota,omitempty"`
	// ThinPool is the pool of device mapper that it or the runtime's snapshots lie on.
	ThinPool *ThinPool `json:"thinPool,omitempty"`
	// Largest are known contributors, the largest first: unused images by the runtime's own count, container logs.
	Largest []Usage `json:"largest,omitempty"`
}

// Has reports whether something of this role lies on the file system.
func (f *FileSystem) Has(role string) bool {
	for _, r := range f.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// ThinPool is how full a thin pool is, in blocks of data and of metadata.
type ThinPool struct {
	Name          string `json:"name"`
	DataUsed      int64  `json:"dataUsed"`
	DataTotal     int64  `json:"dataTotal"`
	MetadataUsed  int64  `json:"metadataUsed"`
	MetadataTotal int64  `json:"metadataTotal"`
}

// Usage is what something takes on a file system.
type Usage struct {
	// What: unused-images, or the path of a file or folder.
	What  string `json:"what"`
	Bytes int64  `json:"bytes"`
}

// Memory is the node's memory as the kernel counts it.
type Memory struct {
	// Bytes, BytesFree and BytesAvailable are MemTotal, MemFree and MemAvailable of /proc/meminfo.
	// Where the kubelet was asked they are by its own count: what is free is what nothing uses, caches included, and what
	// is available is without the working set.
	Bytes          int64  `json:"bytes"`
	BytesFree      int64  `json:"bytesFree"`
	BytesAvailable *int64 `json:"bytesAvailable,omitempty"`
	// Zones are the lines of /proc/buddyinfo.
	Zones []MemoryZone `json:"zones,omitempty"`
	// Compaction counts, since boot, how the kernel fared in making memory contiguous (compact_* of /proc/vmstat).
	Compaction *Compaction `json:"compaction,omitempty"`
}

// MemoryZone is one line of /proc/buddyinfo.
type MemoryZone struct {
	Node int    `json:"node"` // NUMA node
	Zone string `json:"zone"` // DMA, DMA32, Normal
	// Free are the numbers of free blocks of 2^i pages.
	Free []int64 `json:"free"`
}

// Compaction counts since boot.
type Compaction struct {
	Stalls    int64 `json:"stalls"`
	Successes int64 `json:"successes"`
	Failures  int64 `json:"failures"`
}

// Pressure is for how much of the last minute some, or all, tasks waited for a resource: avg60 of /proc/pressure,
// in percent.
type Pressure struct {
	CPU    *Stall `json:"cpu,omitempty"`
	Memory *Stall `json:"memory,omitempty"`
	IO     *Stall `json:"io,omitempty"`
}

// Stall is one file of /proc/pressure.
type Stall struct {
	// Some and Full are percent times 100, so 1250 is 12.5 %.
	Some int64 `json:"some"`
	Full int64 `json:"full"`
}

// Limits are what the kernel grants a node once, and how much of it is used.
type Limits struct {
	// InotifyInstances and InotifyWatches: of root, who all of the node's own programs and most containers run as;
	// against fs.inotify.max_user_*.
	InotifyInstances *Used `json:"inotifyInstances,omitempty"`
	InotifyWatches   *Used `json:"inotifyWatches,omitempty"`
	// Files are open file handles against fs.file-max (/proc/sys/fs/file-nr).
	Files *Used `json:"files,omitempty"`
	// Threads are all tasks of the node against kernel.pid_max and kernel.threads-max, whichever is lower.
	Threads *Used `json:"threads,omitempty"`
	// PodPIDs are the tasks in the kubelet's cgroup of all Pods (kubepods) against its pids.max.
	PodPIDs *Used `json:"podPIDs,omitempty"`
	// RuntimePIDs are the tasks in the container runtime's own cgroup against its pids.max (systemd's TasksMax).
	RuntimePIDs *Used `json:"runtimePIDs,omitempty"`
	// FullCgroups are cgroups below kubepods that have no task left by their pids.max, at most 20.
	FullCgroups []FullCgroup `json:"fullCgroups,omitempty"`
	// Cgroups of the memory controller (/proc/cgroups), dying ones included. A v1 kernel takes 65,535 at most; Max is 0
	// where there is no such limit.
	Cgroups *Used `json:"cgroups,omitempty"`
	// MemoryCgroups are the folders that there are of them: where Cgroups is far more, the rest has leaked.
	MemoryCgroups *int64 `json:"memoryCgroups,omitempty"`
	// Mounts are those of the kubelet's mount namespace against fs.mount-max.
	Mounts *Used `json:"mounts,omitempty"`
	// UserNamespaces and NetNamespaces hold what user.max_user_namespaces and user.max_net_namespaces grant; Used is 0
	// where it cannot be counted.
	UserNamespaces *Used `json:"userNamespaces,omitempty"`
	NetNamespaces  *Used `json:"netNamespaces,omitempty"`
}

// Used is how much of a limit is used.
type Used struct {
	Used int64 `json:"used"`
	Max  int64 `json:"max"` // 0 where there is none
}

// FullCgroup is a cgroup in which no task can be made.
type FullCgroup struct {
	Path   string `json:"path"` // below the controller's mount point: /kubepods/pod.../
	PodUID string `json:"podUID,omitempty"`
	Used   int64  `json:"used"`
	Max    int64  `json:"max"`
}

// Kernel is what the kernel log (/dev/kmsg, or kern.log where that cannot be read) tells of the last 24 hours. Each
// list has at most the 20 newest, oldest first.
type Kernel struct {
	// Since is the time of the oldest message that is still there: what was before it is not known.
	Since metav1.Time `json:"since,omitzero"`
	// AllocationFailures: "runc:[1:CHILD]: page allocation failure: order:4, mode:0xc0d0".
	AllocationFailures []AllocationFailure `json:"allocationFailures,omitempty"`
	// OOMKills: "Memory cgroup out of memory: Killed process 4711 (runc:[2:INIT]) ...".
	OOMKills []OOMKill `json:"oomKills,omitempty"`
	// HungTasks: "INFO: task containerd:811 blocked for more than 120 seconds."
	HungTasks []KernelLine `json:"hungTasks,omitempty"`
	// IOErrors: "blk_update_request: I/O error, dev sda", "EXT4-fs error", "Remounting filesystem read-only", "nfs:
	// server ... not responding".
	IOErrors []KernelLine `json:"ioErrors,omitempty"`
	// Others are further lines that a cause knows: "unregister_netdevice: waiting for", "cgroup: fork rejected by pids
	// controller", "SLUB: Unable to allocate memory".
	Others []KernelLine `json:"others,omitempty"`
}

// KernelLine is one message of the kernel.
type KernelLine struct {
	At      metav1.Time `json:"at"`
	Message string      `json:"message"` // at most 512 bytes
	Count   int         `json:"count,omitempty"`
}

// AllocationFailure is a request of the kernel for contiguous pages that failed.
type AllocationFailure struct {
	KernelLine `json:",inline"`
	// Order: 2^order pages side by side were wanted. 0 is a node without memory, not a fragmented one.
	Order   int    `json:"order"`
	Command string `json:"command"`
}

// OOMKill is a process that the kernel killed for want of memory.
type OOMKill struct {
	KernelLine `json:",inline"`
	Command    string `json:"command,omitempty"`
	// Cgroup whose limit was hit ("oom_memcg" or "Memory cgroup stats for"); empty where the node itself had none left.
	Cgroup string `json:"cgroup,omitempty"`
	PodUID string `json:"podUID,omitempty"`
}
