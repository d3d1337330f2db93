// Package hostportconflict finds Pods whose host port is taken, and the Pod that has it.
package hostportconflict

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// A claim is one host port that a Pod asks for, and where it does.
type claim struct {
	path     string
	at       [2]int // the container and the port
	port     int32
	protocol corev1.Protocol
	ip       string
}

// Find reports each message, with the port and the Pod on the same node that has it where that is seen.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if strings.Contains(m.Sign.Message, "nodes are available: ") {
			unscheduled(p, m)
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["port"] == "" {
			f.Args["port"] = m.Args["taken"]
		}
		for _, mine := range claims(p.Pod) {
			if port := f.Args["port"]; port != "" && port != strconv.Itoa(int(mine.port)) {
				continue
			}
			if o, theirs := holder(p.Neighbours(), mine); o != nil && p.Pod.Spec.NodeName != "" {
				value := strconv.Itoa(int(mine.port))
				f.Args["port"], f.Args["holder"] = value, o.Namespace+"/"+o.Name
				f.Evidence = append(f.Evidence, p.Cite(mine.path, value),
					diagnose.Cite(cluster.RefOf(o), theirs.path, value))
				break
			}
		}
		p.Report(f)
	}
}

// claims are the host ports that a Pod asks for. With hostNetwork every port of a container is one.
func claims(o *corev1.Pod) []claim {
	var out []claim
	for i := range o.Spec.Containers {
		for j, c := range o.Spec.Containers[i].Ports {
			field, port := "hostPort", c.HostPort
			if port == 0 && o.Spec.HostNetwork {
				field, port = "containerPort", c.ContainerPort
			}
			if port == 0 {
				continue
			}
			path := fmt.Sprintf("spec.containers[%d].ports[%d].%s", i, j, field)
			out = append(out, claim{path, [2]int{i, j}, port, c.Protocol, c.HostIP})
		}
	}
	return out
}

// holder finds the Pod that has the port which another one asks for.
func holder(pods []*corev1.Pod, mine claim) (*corev1.Pod, claim) {
	for _, o := range pods {
		if o.Status.Phase == corev1.PodSucceeded || o.Status.Phase == corev1.PodFailed {
			continue
		}
		for _, c := range claims(o) {
			if c.port == mine.port && protocol(c) == protocol(mine) &&
				(c.ip == mine.ip || wild(c.ip) || wild(mine.ip)) {
				return o, c
			}
		}
	}
	return nil, claim{}
}

func protocol(c claim) corev1.Protocol {
	if c.protocol == "" {
		return corev1.ProtocolTCP
	}
	return c.protocol
}

// wild reports whether a host IP stands for all addresses of the node.
func wild(ip string) bool { return ip == "" || ip == "0.0.0.0" || ip == "::" }
