package node

// hostProbes read what the kernel tells of the machine.
var hostProbes = []probe{}
