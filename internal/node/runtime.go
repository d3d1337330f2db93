package node

import "time"

// runtimeProbes read what runs on it: kubelet, container runtime, CNI.
var runtimeProbes = []probe{
	{"kubelet", 3 * time.Second, readKubelet},
	{"runtime", 6 * time.Second, readRuntime},
	{"runtime.blocked", 6 * time.Second, readBlocked},
	{"programs", 5 * time.Second, readPrograms},
	{"sandboxes", 10 * time.Second, readSandboxes},
	{"images", 10 * time.Second, readImages},
	{"cni", 10 * time.Second, readCNI},
	{"logs", 10 * time.Second, readLogs},
}
