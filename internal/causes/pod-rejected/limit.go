package podrejected

import (
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// What the kubelet says where a Pod used more than it may itself, however much the node has left: of an emptyDir, of a
// container, and of all containers together (pkg/kubelet/eviction, 1.31 to 1.37).
var (
	volumeLimit    = match.Lazy(`EmptyDir volume "([^"]+)" exceeds the limit "([^"]+)"`)
	containerLimit = match.Lazy(`Container (\S+) exceeded its local ephemeral storage limit "([^"]+)"`)
	podLimit       = match.Lazy(`exceeds the total limit of containers (\S+?)[. ]*$`)
)

// limited writes which limit of its own a Pod went over, and reports whether it was one.
func limited(pod *corev1.Pod, args map[string]string, message string) bool {
	if m := volumeLimit().FindStringSubmatch(message); m != nil {
		args["volume"], args["limit"] = m[1], m[2]
		return true
	}
	if m := containerLimit().FindStringSubmatch(message); m != nil {
		args["container"], args["limit"] = m[1], m[2]
		return true
	}
	m := podLimit().FindStringSubmatch(message)
	if m == nil {
		return false
	}
	args["limit"] = m[1]
	if len(pod.Spec.Containers) == 1 {
		args["container"] = pod.Spec.Containers[0].Name
	}
	return true
}
