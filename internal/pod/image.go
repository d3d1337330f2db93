package pod

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// DockerHub is where images come from whose reference names no registry.
const DockerHub = "docker.io"

// Hub gives the hosts of Docker Hub its one name.
func Hub(host string) string {
	if strings.HasSuffix(host, ".docker.io") || strings.HasSuffix(host, ".docker.com") {
		return DockerHub
	}
	return host
}

// ContainerImage is the image of a container by its name; "" where the Pod has none of that name.
func ContainerImage(p *corev1.Pod, name string) string {
	if c := Container(p, name); c != nil {
		return c.Image
	}
	return ""
}

// RegistryOf is the host of the registry that an image comes from: docker.io where the reference names none.
func RegistryOf(image string) string {
	host, _, ok := strings.Cut(image, "/")
	if !ok || !strings.ContainsAny(host, ".:") && host != "localhost" {
		return DockerHub
	}
	return Hub(host)
}
