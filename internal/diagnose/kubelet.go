package diagnose

import (
	"strconv"
	"strings"
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
