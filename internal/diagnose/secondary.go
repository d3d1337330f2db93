package diagnose

import (
	"encoding/json"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// networks is the annotation by which a Pod asks for networks beside that of its node.
const networks = "k8s.v1.cni.cncf.io/networks"

var (
	// Multus, of the network that it could not add: [shop/web-0/UID:macvlan-bond0]: error adding container to network.
	attaching   = match.Lazy(`\[[a-z0-9.-]+/[a-z0-9.-]+(?:/[0-9a-f-]+)?:([^\]\s]+)\]: error adding container to network`)
	networkName = match.Lazy(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)
	counted     = match.Lazy(`^-\d+$`)
)

// Requested reports whether the Pod asks for a network of this name beside that of its node, and returns the
// NetworkAttachmentDefinition that it means.
func (p *Pass) Requested(name string) (cluster.Ref, bool) {
	name = name[strings.LastIndexByte(name, '/')+1:]
	for _, r := range requested(p.Pod) {
		// Multus counts those that have the same name
		if rest, ok := strings.CutPrefix(name, r.Name); ok && (rest == "" || counted().MatchString(rest)) {
			return r, true
		}
	}
	return cluster.Ref{}, false
}

// requested are the definitions that the annotation of a Pod names, in either of its two forms.
func requested(o *corev1.Pod) []cluster.Ref {
	text := strings.TrimSpace(o.Annotations[networks])
	type network struct{ Name, Namespace string }
	var asked []network
	if strings.HasPrefix(text, "[") {
		if json.Unmarshal([]byte(text), &asked) != nil {
			return nil
		}
	} else {
		for _, item := range strings.Split(text, ",") {
			item, _, _ = strings.Cut(strings.TrimSpace(item), "@") // the name of the interface
			namespace, name, ok := strings.Cut(item, "/")
			if !ok {
				namespace, name = "", item
			}
			asked = append(asked, network{name, namespace})
		}
	}
	var out []cluster.Ref
	for _, a := range asked {
		if a.Namespace == "" {
			a.Namespace = o.Namespace
		}
		if networkName().MatchString(a.Name) && networkName().MatchString(a.Namespace) {
			out = append(out, cluster.Ref{Kind: "NetworkAttachmentDefinition", Namespace: a.Namespace, Name: a.Name})
		}
	}
	return out
}

// secondaryArgs names the definition of the network that could not be added, where it is not that of the node: nothing
// of the node's own network is wrong then.
func (p *Pass) secondaryArgs(args map[string]string, message string) {
	if p.cause.Stage != pod.StageNetwork || !strings.Contains(message, "error adding container to network") {
		return
	}
	if m := attaching().FindStringSubmatch(message); m != nil {
		if r, ok := p.Requested(m[1]); ok {
			args["secondary"], args["secondaryns"] = r.Name, r.Namespace
		}
	}
}
