package cluster

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// FullImage is the whole of an image's reference, as a runtime lists it: docker.io/library/nginx:latest for nginx.
func FullImage(image string) string {
	host, rest, ok := strings.Cut(image, "/")
	switch {
	case !ok:
		host, rest = "docker.io", "library/"+image
	case !strings.ContainsAny(host, ".:") && host != "localhost":
		host, rest = "docker.io", image
	case host == "docker.io" && !strings.Contains(rest, "/"):
		rest = "library/" + rest
	}
	if !strings.ContainsAny(rest, ":@") {
		rest += ":latest"
	}
	return host + "/" + rest
}

// TagsOf are the names of an image that are no digests: what people write.
func TagsOf(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.Contains(n, "@") })
}

// trimImages leaves of a node's images their names. Kubelets list 50 of them, with sizes and digests.
func trimImages(n *corev1.Node) {
	for i, image := range n.Status.Images {
		n.Status.Images[i] = corev1.ContainerImage{Names: TagsOf(image.Names)}
	}
}

// keepImages leaves of each node's images the names that containers of its Pods ask for: whether those are there is
// all that a diagnosis asks. Objects may be shared with another snapshot, so that what changes is a copy.
func (s *Snapshot) keepImages() {
	var asked map[string]map[string]bool // by node
	for r, o := range s.objects["Node"] {
		n, ok := o.(*corev1.Node)
		if !ok || len(n.Status.Images) == 0 {
			continue
		}
		if asked == nil {
			asked = s.imagesAsked()
		}
		kept := *n
		kept.Status.Images = nil
		for _, image := range n.Status.Images {
			for _, name := range image.Names {
				if asked[n.Name][FullImage(name)] {
					kept.Status.Images = append(kept.Status.Images, corev1.ContainerImage{Names: []string{name}})
				}
			}
		}
		s.objects["Node"][r] = &kept
	}
}

// imagesAsked are the images of the Pods of each node.
func (s *Snapshot) imagesAsked() map[string]map[string]bool {
	asked := map[string]map[string]bool{}
	for _, o := range s.objects["Pod"] {
		p, ok := o.(*corev1.Pod)
		if !ok || p.Spec.NodeName == "" {
			continue
		}
		of := asked[p.Spec.NodeName]
		if of == nil {
			of = map[string]bool{}
			asked[p.Spec.NodeName] = of
		}
		for _, list := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
			for i := range list {
				of[FullImage(list[i].Image)] = true
			}
		}
	}
	return asked
}
