package containercrashing

import (
	"strconv"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// noHost: a name that the container needs has no address. Where it can only be the name of a Service, and all Services
// there are known, that it is missing is known, too.
func (w *words) noHost() {
	w.be("no-host")
	host := w.has("host", dnsName)
	if host == "" {
		return
	}
	w.set("host", host)
	if service, there := w.ServiceOf(host); there == cluster.Absent {
		w.finding.Variant = "no-service"
		w.set("service", service.Name)
		w.set("inspace", service.Namespace)
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
		if selector, label, ok := w.Unserved(service); ok {
			w.be("unserved")
			w.set("selector", selector)
			w.set("label", label)
			w.finding.Blame = service
			w.finding.Hearsay = []string{"service"} // a log may name any, or its address
			w.bornOut(diagnose.Cite(service, "spec.selector", selector))
		}
	}
}
