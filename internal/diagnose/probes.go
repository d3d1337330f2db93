package diagnose

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ReportProbes reports each container that runs and has still to pass its probe of a field: startupProbe or
// readinessProbe. The variant is what the probe was answered last; "silent" where nobody says it, and "lost" where the
// Pod has been ready before.
func (p *Pass) ReportProbes(field string) {
	if p.Stage != pod.StageReady {
		return
	}
	matches := p.Matches()
	for _, list := range []struct {
		at   string
		of   []corev1.ContainerStatus
		spec []corev1.Container
	}{{"spec.initContainers", p.Pod.Status.InitContainerStatuses, p.Pod.Spec.InitContainers},
		{"spec.containers", p.Pod.Status.ContainerStatuses, p.Pod.Spec.Containers}} {
		for i := range list.of {
			s := &list.of[i]
			at := slices.IndexFunc(list.spec, func(c corev1.Container) bool { return c.Name == s.Name })
			if at < 0 || s.State.Running == nil || s.Ready {
				continue
			}
			if probe, next := pod.Probed(&list.spec[at], s); probe != nil && next == field {
				path := fmt.Sprintf("%s[%d].%s", list.at, at, field)
				p.reportProbe(probeOf{&list.spec[at], probe, field, path}, matches)
			}
		}
	}
}

// probeOf is a probe of a container.
type probeOf struct {
	container   *corev1.Container
	probe       *corev1.Probe
	field, path string
}

func (p *Pass) reportProbe(o probeOf, matches []Match) {
	args := map[string]string{"container": o.container.Name, "probe": pod.ProbeText(o.probe),
		"timing": pod.ProbeTiming(o.probe)}
	f := Finding{Container: o.container.Name, Args: args,
		Evidence: []cluster.Sign{p.Cite(o.path, args["probe"]+" "+args["timing"])}}
	answer, said := pod.AnswerOther, false
	for _, m := range matches {
		if m.Sign.Container == o.container.Name {
			f.Evidence, said = append(f.Evidence, m.Sign), true
			answer, args["answer"] = pod.Answer(m.Sign.Message), answerText(m.Sign.Message)
		}
	}
	port, missing := pod.ProbePort(o.container, o.probe)
	ports := declared(o.container)
	maps.Copy(args, map[string]string{"port": port, "name": missing, "declared": strings.Join(ports, ", ")})
	maps.DeleteFunc(args, func(_, value string) bool { return value == "" })
	switch {
	case missing != "":
		answer = pod.AnswerPort
	case answer == pod.AnswerRefused && len(ports) > 0 && !slices.Contains(ports, port):
		answer = "undeclared"
	}
	f.Variant = answer
	switch {
	case !pod.NeverReady(p.Pod):
		f.Variant = "lost"
	case !said && missing == "":
		f.Variant, f.Certainty = "silent", Likely
		f.Evidence = append(f.Evidence, p.Stall())
	}
	p.remedyArgs(args, o, answer, ports)
	f.Blame = p.Blame(args)
	p.Report(f)
}

// answerText is what a probe was answered, without the words before it that every answer has.
func answerText(message string) string {
	plain := match.Plain(message)
	for _, before := range []string{" probe failed: ", " probe errored and resulted in unknown state: ",
		" probe errored and resulted in failure state: ", " probe errored: "} {
		if _, rest, ok := strings.Cut(plain, before); ok {
			if at := strings.Index(rest, `exec: "`); at > 0 { // what the runtime says of its own way to it is no answer
				rest = rest[at:]
			}
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// declared are the TCP ports that a container declares.
func declared(c *corev1.Container) []string {
	var out []string
	for _, d := range c.Ports {
		if d.Protocol == "" || d.Protocol == corev1.ProtocolTCP {
			out = append(out, strconv.Itoa(int(d.ContainerPort)))
		}
	}
	return out
}

// remedyArgs fills what the commands need: whose template a patch changes, and the patch. A Pod of its own has to be
// made anew, since its probes cannot be changed; of what other controllers made only they know.
func (p *Pass) remedyArgs(args map[string]string, o probeOf, answer string, ports []string) {
	w := p.Workload()
	name := strings.ToLower(w.Kind) + "/" + w.Name
	if p.earlierRevision(w) {
		args["undo"] = name
	}
	patch := p.probePatch(o, answer, ports)
	switch {
	case patch == "":
	case w.Kind == "Deployment", w.Kind == "StatefulSet", w.Kind == "DaemonSet":
		args["target"], args["patch"] = name, patch
	case w.Kind == "Pod":
		args["bare"] = name
	default:
		args["owner"] = name
	}
}

// probePatch is the change of a template that lets a probe fit. What only a person knows stands in capitals in it.
func (p *Pass) probePatch(o probeOf, answer string, ports []string) string {
	port := `"PORT"`
	if len(ports) == 1 {
		port = ports[0]
	}
	action, inner := "", ""
	switch {
	case o.probe.HTTPGet != nil:
		action = "httpGet"
	case o.probe.TCPSocket != nil:
		action = "tcpSocket"
	case o.probe.GRPC != nil:
		action = "grpc"
	case o.probe.Exec != nil:
		action = "exec"
	}
	switch answer {
	case pod.AnswerRefused, pod.AnswerPort, "undeclared":
		inner = fmt.Sprintf(`"%s":{"port":%s}`, action, port)
	case pod.AnswerPath, pod.AnswerLogin:
		inner = `"httpGet":{"path":"/PATH"}`
	case pod.AnswerScheme:
		scheme := corev1.URISchemeHTTPS
		if o.probe.HTTPGet != nil && o.probe.HTTPGet.Scheme == scheme {
			scheme = corev1.URISchemeHTTP
		}
		inner = fmt.Sprintf(`"httpGet":{"scheme":"%s"}`, scheme)
	case pod.AnswerCommand:
		inner = `"exec":{"command":["COMMAND"]}`
	default:
		return ""
	}
	list := "containers"
	if pod.Sidecar(p.Pod, o.container.Name) {
		list = "initContainers"
	}
	name, err := json.Marshal(o.container.Name)
	if err != nil {
		return ""
	}
	return fmt.Sprintf(`{"spec":{"template":{"spec":{"%s":[{"name":%s,"%s":{%s}}]}}}}`, list, name, o.field, inner)
}

// earlierRevision reports whether a Deployment is known to have a revision before the one that it has, to go back to.
func (p *Pass) earlierRevision(w cluster.Ref) bool {
	if w.Kind != "Deployment" {
		return false
	}
	n := 0
	for _, r := range cluster.Objects[appsv1.ReplicaSet](p.Snapshot) {
		if c := metav1.GetControllerOf(r); c != nil && r.Namespace == w.Namespace && c.Kind == w.Kind && c.Name == w.Name {
			n++
		}
	}
	return n > 1
}
