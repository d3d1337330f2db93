package containercrashing

import (
	"fmt"
	"strconv"

	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// A port that a container of the Pod declares.
type declared struct {
	container, path string
	port            int
}

func declaredPorts(p *corev1.Pod) []declared {
	var all []declared
	for _, list := range []struct {
		path       string
		containers []corev1.Container
	}{{"spec.initContainers", p.Spec.InitContainers}, {"spec.containers", p.Spec.Containers}} {
		for i, c := range list.containers {
			for j, port := range c.Ports {
				all = append(all, declared{c.Name, fmt.Sprintf("%s[%d].ports[%d].containerPort", list.path, i, j),
					int(port.ContainerPort)})
			}
		}
	}
	return all
}

// sharedPort finds a port that a container and another one of the Pod declare; 0 fits any.
func sharedPort(p *corev1.Pod, container string, port int) (mine, other declared, ok bool) {
	all := declaredPorts(p)
	for _, mine := range all {
		if mine.container != container || port != 0 && mine.port != port {
			continue
		}
		for _, other := range all {
			if other.container != container && other.port == mine.port {
				return mine, other, true
			}
		}
	}
	return mine, other, false
}

// portTaken names the port, and the other container of the Pod that declares it: in a Pod all containers listen on the
// same addresses. Proven where both declare it.
func (w *words) portTaken() {
	w.be("port")
	port, _ := strconv.Atoi(w.args["port"])
	if !samePort(w.Pass, w.container, port, w.finding) && port > 0 && port < 1<<16 {
		w.set("port", strconv.Itoa(port))
		return
	}
	w.finding.Certainty = diagnose.Proven
	if w.finding.Args["other"] == "" {
		w.finding.Certainty = diagnose.Likely
	}
}

// samePort cites the two containers of the Pod that declare the same port, and reports whether there are such.
func samePort(p *diagnose.Pass, container string, port int, f *diagnose.Finding) bool {
	mine, other, ok := sharedPort(p.Pod, container, port)
	if !ok {
		return false
	}
	f.Args["port"], f.Args["other"] = strconv.Itoa(mine.port), other.container
	f.Evidence = append(f.Evidence, p.Cite(mine.path, f.Args["port"]), p.Cite(other.path, f.Args["port"]))
	return true
}

// portRefused: ports below 1024 are for root, and for who has the capability NET_BIND_SERVICE.
func (w *words) portRefused() {
	w.be("port-refused")
	if port, err := strconv.Atoi(w.args["port"]); err == nil && port > 0 && port < 1<<16 {
		w.set("port", w.args["port"])
	}
}
