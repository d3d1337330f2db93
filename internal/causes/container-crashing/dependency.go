package containercrashing

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
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
	case w.memberOf(host):
	case host != "" && there == cluster.Absent:
		w.finding.Variant = "no-service"
		w.set("service", service.Name)
		w.set("inspace", service.Namespace)
		if service.Namespace == w.Pod.Namespace && host == service.Name {
			w.misspeltService(service)
		}
		w.namedInFile()
	case there == cluster.Present:
		w.unresolved(service)
	case service.Name != "":
		w.elsewhere(service)
	}
}

// memberOf: the host is a Pod of a StatefulSet, which has a name of its own by a headless Service alone: that one is
// not there, or it has an address.
func (w *words) memberOf(host string) bool {
	member, rest, _ := strings.Cut(host, ".")
	service, there := w.ServiceOf(rest)
	if there == cluster.Unknown {
		return false
	}
	p, _ := cluster.Get[corev1.Pod](w.Snapshot, service.Namespace, member)
	if p == nil || p.Spec.Subdomain != service.Name {
		return false
	}
	s, _ := cluster.Get[corev1.Service](w.Snapshot, service.Namespace, service.Name)
	switch {
	case s == nil:
		w.be("no-headless")
		w.set("selector", ownLabels(p.Labels))
	case s.Spec.ClusterIP != "" && s.Spec.ClusterIP != corev1.ClusterIPNone:
		w.be("not-headless")
		w.bornOut(diagnose.Cite(service, "spec.clusterIP", s.Spec.ClusterIP))
	default:
		return false
	}
	w.set("service", service.Name)
	w.set("inspace", service.Namespace)
	w.finding.Blame = service
	w.finding.Attested = append(w.finding.Attested, "service", "inspace", "selector")
	w.bornOut(diagnose.Cite(cluster.RefOf(p), "spec.subdomain", service.Name))
	return true
}

// ownLabels are those of a Pod's labels that its template has.
func ownLabels(all map[string]string) string {
	own := labels.Set{}
	for k, v := range all {
		if !strings.HasPrefix(k, "apps.kubernetes.io/") && !strings.HasPrefix(k, "statefulset.kubernetes.io/") &&
			k != "controller-revision-hash" {
			own[k] = v
		}
	}
	return own.String()
}

// elsewhere: a Service of this name is in the Pod's own namespace, and the program asks for it in another, or outside
// of the cluster.
func (w *words) elsewhere(r cluster.Ref) {
	own := cluster.Ref{Kind: "Service", Namespace: w.Pod.Namespace, Name: r.Name}
	s, _ := cluster.Get[corev1.Service](w.Snapshot, own.Namespace, own.Name)
	if s == nil || r.Namespace == own.Namespace {
		return
	}
	w.be("elsewhere")
	w.set("meant", own.Name)
	w.set("other", "service/"+own.Name)
	w.finding.Attested = append(w.finding.Attested, "meant", "other")
	w.bornOut(diagnose.Cite(own, "metadata.namespace", own.Namespace))
	w.oneVariable(hostName)
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
	if near := cmp.Or(match.Near(r.Name, have), longer(r.Name, have)); near != "" {
		w.set("meant", near)
		w.finding.Attested = append(w.finding.Attested, "meant")
		w.oneVariable(hostName)
	}
}

// longer is the one name that has this one as its beginning or its end: backend-api for backend.
func longer(name string, have []string) string {
	found := ""
	for _, o := range have {
		if strings.HasPrefix(o, name+"-") || strings.HasSuffix(o, "-"+name) {
			if found != "" {
				return ""
			}
			found = o
		}
	}
	return found
}

// aliased: the Pod's own hosts file gives the host an address.
func (w *words) aliased(host string) bool {
	for i, a := range w.Pod.Spec.HostAliases {
		if !slices.Contains(a.Hostnames, host) {
			continue
		}
		at := fmt.Sprintf("spec.hostAliases[%d]", i)
		w.be("host-alias")
		w.set("host", host)
		w.set("address", a.IP)
		w.cite(at+".ip", a.IP)
		w.edit(at+".ip", a.IP, diagnose.Edit{Op: "remove", Path: diagnose.PointerTo(at)})
		return true
	}
	return false
}

// refused: nobody answers where the container connects to.
func (w *words) refused() {
	w.be("no-answer")
	host := w.has("host", dnsName)
	if host == "" {
		return
	}
	if w.aliased(host) {
		return
	}
	w.set("host", host)
	if port, err := strconv.Atoi(w.args["port"]); err == nil && port > 0 && port < 1<<16 {
		w.set("port", w.args["port"])
	}
	if w.beforeProxy() || w.noAPI(host) {
		return
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
