package containercrashing

import (
	"fmt"
	"strconv"

	"github.com/kubestuck/stuck/internal/applog"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// words are what a container said before it ended, on their way into a finding. They come from whoever wrote the
// program: a name in them becomes an argument where an object of the Pod bears it out, or it has the form of a name.
type words struct {
	*diagnose.Pass
	container string
	args      map[string]string
	finding   *diagnose.Finding
}

// readings make a variant of each kind of words.
var readings = map[string]func(*words){
	applog.PortTaken: (*words).portTaken,
}

// certain sets how sure the variant is.
func (w *words) certain(sure bool) {
	w.finding.Certainty = diagnose.Likely
	if sure {
		w.finding.Certainty = diagnose.Proven
	}
}

// portTaken names the port, and the other container of the Pod that declares it: in a Pod all containers listen on the
// same addresses. Proven where both declare it.
func (w *words) portTaken() {
	port, _ := strconv.Atoi(w.args["port"])
	type declared struct {
		container, path string
		port            int
	}
	var all []declared
	for _, list := range []struct {
		path       string
		containers []corev1.Container
	}{{"spec.initContainers", w.Pod.Spec.InitContainers}, {"spec.containers", w.Pod.Spec.Containers}} {
		for i, c := range list.containers {
			for j, p := range c.Ports {
				all = append(all, declared{c.Name, fmt.Sprintf("%s[%d].ports[%d].containerPort", list.path, i, j),
					int(p.ContainerPort)})
			}
		}
	}
	w.finding.Variant = "port"
	w.certain(false)
	for _, mine := range all {
		if mine.container != w.container || port != 0 && mine.port != port {
			continue
		}
		for _, other := range all {
			if other.container == w.container || other.port != mine.port {
				continue
			}
			w.finding.Args["port"], w.finding.Args["other"] = strconv.Itoa(mine.port), other.container
			w.finding.Evidence = append(w.finding.Evidence, w.Cite(mine.path, w.finding.Args["port"]),
				w.Cite(other.path, w.finding.Args["port"]))
			w.certain(true)
			return
		}
	}
	if port > 0 && port < 1<<16 {
		w.finding.Args["port"] = strconv.Itoa(port)
	}
}
