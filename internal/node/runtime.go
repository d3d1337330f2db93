package node

// runtimeProbes read what runs on it: kubelet, container runtime, CNI.
var runtimeProbes = []probe{}
