package diagnose

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/remedy"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The parts of a node that run in Pods of their own.
const (
	roleAgent   = "agent"         // of the network plugin
	roleDriver  = "driver"        // of a CSI or DRA driver
	roleDevices = "device-plugin" // of a device plugin
	roleProxy   = "kube-proxy"
)

// Roles are those that a step may name.
var Roles = []string{roleAgent, roleDriver, roleDevices, roleProxy}

// agents are the agents of network plugins, by the names that their DaemonSets have in what their makers publish, and
// the words by which messages call the plugin.
var agents = []struct{ name, called string }{
	{"calico-node", "calico"}, {"canal", "calico"}, {"cilium", "cilium"}, {"kube-flannel", "flannel"},
	{"flannel", "flannel"}, {"weave-net", "weave"}, {"aws-node", "aws-cni"}, {"azure-cni", "azure"},
	{"antrea-agent", "antrea"}, {"kube-router", "kube-router"}, {"kube-ovn-cni", "kube-ovn"}, {"ovnkube-node", "ovn"},
	{"terway", "terway"}, {"galaxy", "galaxy"}, {"multus", "multus"}, {"kube-multus", "multus"},
	{"spiderpool", "spiderpool"},
	{"istio-cni", "istio"}, {"linkerd-cni", "linkerd"}, {"whereabouts", "whereabouts"}, {"netd", "netd"},
}

// meta are plugins that call others: they are the agent only where a message names them.
var meta = match.Lazy(`^(multus|spiderpool|istio|linkerd|whereabouts)$`)

// rolePods finds the Pod of each part of the Pod's node, as far as one alone can be it.
func (d *podRun) rolePods(f *Finding) map[string]remedy.Part {
	node := f.Args["node"]
	if node == "" || !d.catalogue.Cause(f.Cause).namesParts() {
		return nil
	}
	out := map[string]remedy.Part{}
	var made []*corev1.Pod
	for _, p := range d.index.podsOn(node) {
		if p != d.pass.Pod && ownerOf(p, "DaemonSet") != "" {
			made = append(made, p)
		}
	}
	add := func(role string, fits func(*corev1.Pod) bool) {
		fitting := slices.DeleteFunc(slices.Clone(made), func(p *corev1.Pod) bool { return !fits(p) })
		if len(fitting) == 1 {
			out[role] = remedy.Part{Pod: cluster.RefOf(fitting[0]), Maker: ownerOf(fitting[0], "DaemonSet")}
		}
	}
	said := d.saidBy(f)
	add(roleAgent, func(p *corev1.Pod) bool { return isAgent(p, said, true) })
	if _, found := out[roleAgent]; !found {
		add(roleAgent, func(p *corev1.Pod) bool { return isAgent(p, said, false) })
	}
	if driver := f.Args["driver"]; driver != "" {
		add(roleDriver, func(p *corev1.Pod) bool { return hasHostPath(p, "/plugins/"+driver) })
	}
	vendor, _, _ := strings.Cut(f.Args["resource"], "/")
	add(roleDevices, func(p *corev1.Pod) bool {
		return hasHostPath(p, "/kubelet/device-plugins") && ofVendor(p, vendor)
	})
	add(roleProxy, func(p *corev1.Pod) bool {
		return p.Labels["k8s-app"] == "kube-proxy" || strings.HasPrefix(p.Name, "kube-proxy-")
	})
	return out
}

// saidBy are the words of a finding's evidence, in which a plugin may be named.
func (d *podRun) saidBy(f *Finding) string {
	var b strings.Builder
	for i := range f.Evidence {
		b.WriteString(strings.ToLower(f.Evidence[i].Message))
		b.WriteByte('\n')
	}
	return b.String()
}

// isAgent reports whether a Pod is of the agent of a network plugin: of the one that is named, or of any that gives
// Pods their first network.
func isAgent(p *corev1.Pod, said string, named bool) bool {
	owner := ownerOf(p, "DaemonSet")
	for _, a := range agents {
		if owner != a.name && !strings.HasPrefix(owner, a.name+"-") {
			continue
		}
		if named {
			return strings.Contains(said, a.called)
		}
		return !meta().MatchString(a.called)
	}
	return false
}

// ownerOf is the name of what makes a Pod, where that is of a kind; "" where it is not.
func ownerOf(p *corev1.Pod, kind string) string {
	if c := metav1.GetControllerOf(p); c != nil && c.Kind == kind {
		return c.Name
	}
	return ""
}

// hasHostPath reports whether a Pod has a folder of its node that ends so.
func hasHostPath(p *corev1.Pod, end string) bool {
	return slices.ContainsFunc(p.Spec.Volumes, func(v corev1.Volume) bool {
		return v.HostPath != nil && strings.HasSuffix(strings.TrimRight(v.HostPath.Path, "/"), end)
	})
}

// ofVendor reports whether a device plugin can be the one of a resource: nvidia-device-plugin of nvidia.com. Where no
// vendor is known, any can be.
func ofVendor(p *corev1.Pod, vendor string) bool {
	first, _, _ := strings.Cut(vendor, ".")
	return first == "" || strings.Contains(ownerOf(p, "DaemonSet"), first) ||
		slices.ContainsFunc(p.Spec.Containers, func(c corev1.Container) bool { return strings.Contains(c.Image, first) })
}

// namesParts reports whether a step of a cause is about a part of the node.
func (c *Cause) namesParts() bool {
	names := func(s Step) bool {
		return s.Logs+s.Describe != "" || slices.Contains(Roles, s.Restart)
	}
	in := func(t *Text) bool { return slices.ContainsFunc(t.Confirm, names) || slices.ContainsFunc(t.Fix, names) }
	return in(&c.Text) || slices.ContainsFunc(c.Variants, func(v Variant) bool { return in(&v.Text) })
}
