package diagnose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
)

// KubeletMinor is the minor version of the kubelet of the Pod's node: 35 for v1.35.2; not ok where it is not known.
func (p *Pass) KubeletMinor() (minor int, ok bool) {
	node, _ := p.Node()
	if node == nil {
		return 0, false
	}
	rest, ok := strings.CutPrefix(strings.TrimPrefix(node.Status.NodeInfo.KubeletVersion, "v"), "1.")
	if !ok {
		return 0, false
	}
	digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if digits >= 0 {
		rest = rest[:digits]
	}
	minor, err := strconv.Atoi(rest)
	return minor, err == nil
}

// OnNode cites where the Pod's node lists an image, so that it has it; not ok where it does not, or the node is not
// known. That it does not list one proves nothing: kubelets list 50 at the most.
func (p *Pass) OnNode(image string) (cluster.Sign, bool) {
	node, _ := p.Node()
	if node == nil || image == "" {
		return cluster.Sign{}, false
	}
	for _, of := range node.Status.Images { // whose places in the list of the node are not kept
		at := slices.IndexFunc(of.Names, func(n string) bool { return cluster.FullImage(n) == cluster.FullImage(image) })
		if at >= 0 {
			return Cite(cluster.Ref{Kind: "Node", Name: node.Name}, "status.images", of.Names[at]), true
		}
	}
	return cluster.Sign{}, false
}
