package containercrashing

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// ofKernel are the folders whose files are the kernel's.
var ofKernel = match.Lazy(`^/(?:proc|sys)/`)

// A mesh sends the connections of a Pod to its proxy, by rules that an init container of its own makes.
type mesh struct{ name, annotation string } // annotation: of the ports that are left alone

// meshes by the names of their init containers.
var meshes = map[string]mesh{
	"istio-init":   {"Istio", "traffic.sidecar.istio.io/excludeOutboundPorts"},
	"linkerd-init": {"Linkerd", "config.linkerd.io/skip-outbound-ports"},
	"kuma-init":    {"Kuma", "traffic.kuma.io/exclude-outbound-ports"},
}

// iptables: rules cannot be made: they are there already, it may not, or the kernel lacks what they need.
func (w *words) iptables() {
	switch {
	case w.args["again"] != "":
		w.be("iptables-again")
	case w.args["root"] != "":
		w.be("iptables-root")
		if m, ok := meshes[w.container]; ok { // not in the template, so nothing of it is changed there
			w.set("meshed", m.name)
			return
		}
		add := []corev1.Capability{"NET_ADMIN"}
		if c := w.spec().SecurityContext; c != nil && c.Capabilities != nil {
			add = append(slices.DeleteFunc(slices.Clone(c.Capabilities.Add),
				func(c corev1.Capability) bool { return c == "NET_ADMIN" }), add...)
		}
		w.set("addcaps", diagnose.JSON(add))
	default:
		w.be("iptables")
	}
}

// noDriver: the libraries of the GPU's driver are not in the container.
func (w *words) noDriver() {
	w.be("no-driver")
	c := w.Pod.Spec.RuntimeClassName
	if c == nil {
		w.set("runtime", "nvidia")
		return
	}
	w.set("runtimeclass", *c)
	w.cite("spec.runtimeClassName", *c)
}

// noAddress: it listens on an address that is none of its own.
func (w *words) noAddress() {
	w.be("no-address")
	w.set("address", w.args["address"])
	if w.Pod.Spec.HostNetwork {
		w.set("lost", w.Pod.Spec.NodeName)
		w.cite("spec.hostNetwork", "true")
	}
}

// beforeProxy: an init container that runs after the one of a mesh and before its proxy has no network.
func (w *words) beforeProxy() bool {
	init := w.Pod.Spec.InitContainers
	i := slices.IndexFunc(init, func(c corev1.Container) bool { return c.Name == w.container })
	for j := range max(i, 0) {
		m, ok := meshes[init[j].Name]
		if !ok || slices.ContainsFunc(init[:i], func(c corev1.Container) bool { return c.RestartPolicy != nil }) {
			continue
		}
		w.be("before-proxy")
		w.set("meshed", m.name)
		w.set("before", init[j].Name)
		w.set("annotation", m.annotation)
		w.finding.Attested = append(w.finding.Attested, "annotation")
		w.cite(fmt.Sprintf("spec.initContainers[%d].name", j), init[j].Name)
		return true
	}
	return false
}

// apiCall is a request to the API server, by an address and not by a name.
var apiCall = match.Lazy(`(?i)https://\[?[0-9a-f.:]+\]?(?::443)?/(?:apis?|version|healthz|livez|readyz|openapi)\b`)

// noAPI: the Service of the API server does not answer. Who asks for it by its address is told by what it asks for.
func (w *words) noAPI(host string) bool {
	at, err := netip.ParseAddr(host)
	service, there := w.ServiceOf(host)
	known := there == cluster.Present && service.Namespace == "default" && service.Name == "kubernetes"
	asks := at.IsPrivate() && w.args["port"] == "443" && apiCall().MatchString(w.finding.Args["words"])
	if err != nil || !known && !asks {
		return false
	}
	w.be("no-api")
	return true
}
