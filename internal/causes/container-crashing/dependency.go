package containercrashing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// noHost: a name that the container needs has no address. Where it can only be the name of a Service, and all Services
// there are known, that it is missing is known, too.
func (w *words) noHost() {
	w.be("no-host")
	host := w.has("host", dnsName)
	if host != "" {
		w.set("host", host)
	}
	service, there := w.ServiceOf(host)
	switch {
	case w.otherDNS(there == cluster.Present):
	case host != "" && there == cluster.Absent:
		w.finding.Variant = "no-service"
		w.set("service", service.Name)
		w.set("inspace", service.Namespace)
		if service.Namespace == w.Pod.Namespace && host == service.Name {
			w.misspeltService(service)
		}
	}
}

// otherDNS: the Pod does not ask the cluster's DNS: never, or not for what is a Service.
func (w *words) otherDNS(service bool) bool {
	s := &w.Pod.Spec
	switch {
	case s.DNSPolicy == corev1.DNSNone && s.DNSConfig != nil:
		w.set("servers", strings.Join(s.DNSConfig.Nameservers, ", "))
		w.bornOut(w.Cite("spec.dnsConfig.nameservers", w.finding.Args["servers"]))
	case service && s.DNSPolicy == corev1.DNSDefault, service && s.HostNetwork && s.DNSPolicy == corev1.DNSClusterFirst:

	default:
		return false
	}
	w.be("dns-policy")
	w.set("mode", string(s.DNSPolicy))
	w.set("dnspolicy", string(corev1.DNSClusterFirst))
	if s.HostNetwork {
		w.set("dnspolicy", string(corev1.DNSClusterFirstWithHostNet))
	}
	w.bornOut(w.Cite("spec.dnsPolicy", string(s.DNSPolicy)))
	return true
}

// misspeltService: there is a Service of nearly that name.
func (w *words) misspeltService(r cluster.Ref) {
	var have []string
	for _, s := range cluster.Objects[corev1.Service](w.Snapshot) {
		if s.Namespace == r.Namespace {
			have = append(have, s.Name)
		}
	}
	if near := match.Near(r.Name, have); near != "" {
		w.set("meant", near)
		w.finding.Attested = append(w.finding.Attested, "meant")
		w.oneVariable(hostName)
	}
}

// refused: nobody answers where the container connects to.
func (w *words) refused() {
	w.be("no-answer")
	host := w.has("host", dnsName)
	if host == "" {
		return
	}
	w.set("host", host)
	if port, err := strconv.Atoi(w.args["port"]); err == nil && port > 0 && port < 1<<16 {
		w.set("port", w.args["port"])
	}
	switch service, there := w.ServiceOf(host); there {
	case cluster.Absent:
		w.noHost()
	case cluster.Present:
		w.set("service", service.Name)
		w.set("inspace", service.Namespace)
		switch selector, label, ok := w.Unserved(service); {
		case ok:
			w.be("unserved")
			w.set("selector", selector)
			w.set("label", label)
			w.set("other", w.Asleep(service))
			w.finding.Attested = append(w.finding.Attested, "other")
			w.finding.Blame = service
			if !w.spells(service.Name) {
				w.finding.Hearsay = []string{"service"} // a log may name any, or its address
			}
			w.bornOut(diagnose.Cite(service, "spec.selector", selector))
		default:
			w.noPort(service)
		}
	}
}

// noPort: the Service has other ports than the one that the container connects to.
func (w *words) noPort(r cluster.Ref) {
	s, _ := cluster.Get[corev1.Service](w.Snapshot, r.Namespace, r.Name)
	if s == nil || w.finding.Args["port"] == "" || len(s.Spec.Ports) == 0 {
		return
	}
	var ports []string
	for _, p := range s.Spec.Ports {
		ports = append(ports, fmt.Sprint(p.Port))
	}
	if slices.Contains(ports, w.finding.Args["port"]) {
		return
	}
	w.be("no-port")
	w.set("have", strings.Join(ports, ", "))
	w.bornOut(diagnose.Cite(r, "spec.ports[0].port", ports[0]))
	if len(ports) == 1 && w.oneVariable(portName) {
		w.set("right", ports[0])
	}
}
