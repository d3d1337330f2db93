package node

import "time"

// runtimeProbes read what runs on it: kubelet, container runtime, CNI.
var runtimeProbes = []probe{
	{"kubelet", 3 * time.Second, readKubelet},
	{"runtime", 6 * time.Second, readRuntime},
	{"runtime.blocked", 4 * time.Second, readBlocked},
	{"programs", 5 * time.Second, readPrograms},
	{"sandboxes", 8 * time.Second, readSandboxes},
	{"images", 8 * time.Second, readImages},
	{"cni", 8 * time.Second, readCNI},
	{"logs", 8 * time.Second, readLogs},
}
