package diagnose

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// ReportProbes reports each container that runs and has still to pass its probe of a field: startupProbe or
// readinessProbe. The variant is what the probe was answered last; "silent" where nobody says it, and "lost" where the
// Pod has been ready before.
func (p *Pass) ReportProbes(field string) {
	if p.Stage != pod.StageReady {
		return
	}
	matches := p.Matches()
	for _, list := range [][]corev1.ContainerStatus{p.Pod.Status.InitContainerStatuses,
		p.Pod.Status.ContainerStatuses} {
		for i := range list {
			s, c := &list[i], pod.Container(p.Pod, list[i].Name)
			if c == nil || s.State.Running == nil || s.Ready {
				continue
			}
			if probe, next := pod.Probed(c, s); probe != nil && next == field {
				p.reportProbe(probeOf{c, probe, field, pod.ContainerPath(p.Pod, c.Name) + "." + field}, matches)
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
	said, last := []cluster.Sign(nil), ""
	for _, m := range matches {
		if m.Sign.Container == o.container.Name {
			said, last = append(said, m.Sign), m.Sign.Message
		}
	}
	answer, args := p.probeArgs(o, last)
	f := Finding{Container: o.container.Name, Args: args, Variant: answer, Blame: p.Blame(args), Evidence: said}
	if args["timing"] != "" {
		f.Evidence = append([]cluster.Sign{p.Cite(o.path, args["probe"]+" "+args["timing"])}, said...)
	}
	switch {
	case !pod.NeverReady(p.Pod):
		f.Variant = "lost"
	case answer != pod.AnswerPort && p.otherProbe(o, &f):
	case said == nil && pod.Late(o.probe):
		f.Variant, f.Args["earliest"] = "late", pod.Earliest(o.probe).String()
		f.Args["probefield"], f.Args["probevalue"] = o.field+".initialDelaySeconds", "10"
		if o.probe.InitialDelaySeconds < o.probe.PeriodSeconds {
			f.Args["probefield"] = o.field + ".periodSeconds"
		}
		f.Evidence = append(f.Evidence, p.Stall())
	case said == nil && answer != pod.AnswerPort:
		f.Variant, f.Certainty = "silent", Likely
		f.Evidence = append(f.Evidence, p.Stall())
	}
	p.Report(f)
}

// otherProbe: the probe cannot pass as it is set, whatever the program does: it asks another host than the Pod, a
// Service that is not there, the Service of this very Pod, which gets nothing before it is ready, or it speaks gRPC to
// a program that may not.
func (p *Pass) otherProbe(o probeOf, f *Finding) bool {
	host, action := "", ""
	switch h := o.probe; {
	case h.HTTPGet != nil && h.HTTPGet.Host != "" && h.HTTPGet.Host != p.Pod.Status.PodIP:
		host, action = h.HTTPGet.Host, ".httpGet"
	case h.TCPSocket != nil && h.TCPSocket.Host != "" && h.TCPSocket.Host != p.Pod.Status.PodIP:
		host, action = h.TCPSocket.Host, ".tcpSocket"
	case h.GRPC != nil && f.Variant == pod.AnswerTimeout:
		f.Variant = "grpc"
		f.Args["grpcport"] = strconv.Itoa(int(h.GRPC.Port))
		return true
	case h.Exec != nil && o.field == "readinessProbe":
		return p.asksService(strings.Join(h.Exec.Command, " "), f)
	}
	if host == "" {
		return false
	}
	f.Variant, f.Certainty = "host", Likely
	f.Args["asked"], f.Args["probehost"] = host, o.field+action
	f.Evidence = append(f.Evidence, p.Cite(o.path+action+".host", host))
	return true
}

// asksService: the command of a probe asks a Service that is not there, or that of the Pod itself.
func (p *Pass) asksService(command string, f *Finding) bool {
	for _, host := range HostsIn(command) {
		r, there := p.ServiceOf(host)
		selector, _, none := p.Unserved(r)
		switch {
		case there == cluster.Absent:
			f.Variant = "no-service"
		case there == cluster.Present && none:
			f.Variant, f.Args["selector"] = "unserved", selector
		case there == cluster.Present && slices.Contains(p.Behind(r), p.Pod):
			f.Variant = "own-service"
		default:
			continue
		}
		f.Certainty = Likely
		f.Args["service"], f.Args["inspace"] = r.Name, r.Namespace
		return true
	}
	return false
}

// Probe returns what a text can say of a probe of a container, livenessProbe or another, and of what it was answered
// last in the words of the kubelet, and the field that it stands in; nothing where the container has none.
func (p *Pass) Probe(container, field, said string) (args map[string]string, cited cluster.Sign, ok bool) {
	c, at := pod.Container(p.Pod, container), pod.ContainerPath(p.Pod, container)
	if c == nil {
		return nil, cluster.Sign{}, false
	}
	probe := map[string]*corev1.Probe{"livenessProbe": c.LivenessProbe, "startupProbe": c.StartupProbe,
		"readinessProbe": c.ReadinessProbe}[field]
	if probe == nil {
		return nil, cluster.Sign{}, false
	}
	o := probeOf{c, probe, field, at + "." + field}
	_, args = p.probeArgs(o, said)
	args["budget"] = pod.Budget(probe).String()
	return args, p.Cite(o.path, args["probe"]+" "+args["timing"]), true
}

// probeArgs are what texts say of a probe: how it is set, what it was answered, and what it takes to correct it.
func (p *Pass) probeArgs(o probeOf, said string) (answer string, args map[string]string) {
	port, missing := pod.ProbePort(o.container, o.probe)
	ports := declared(o.container)
	args = map[string]string{"container": o.container.Name, "probe": pod.ProbeText(o.probe),
		"timing": pod.ProbeTiming(o.probe), "port": port, "name": missing, "declared": strings.Join(ports, ", "),
		"answer": answerText(said)}
	if o.probe.ProbeHandler == (corev1.ProbeHandler{}) { // that there is one is all that is known
		args["timing"] = ""
		if m := askedPort().FindStringSubmatch(said); m != nil {
			args["port"] = m[1]
		}
	}
	switch answer = pod.Answer(said); {
	case missing != "":
		answer = pod.AnswerPort
	case answer == pod.AnswerRefused && len(ports) > 0 && !slices.Contains(ports, port):
		answer = "undeclared"
	}
	correctProbe(args, o, answer, ports)
	maps.DeleteFunc(args, func(_, value string) bool { return value == "" })
	return answer, args
}

// askedPort is how the kubelet says which port of the Pod a probe asks.
var askedPort = match.Lazy(`(?:https?://|dial tcp )[^\s/"]*:(\d{1,5})\b`)

// answerText is what a probe was answered, without the words before it that every answer has.
func answerText(message string) string {
	plain := match.Plain(message)
	for _, before := range []string{" probe failed: ", " probe errored and resulted in unknown state: ",
		" probe errored and resulted in failure state: ", " probe errored: "} {
		if _, rest, ok := strings.Cut(plain, before); ok {
			if at := strings.Index(rest, `exec: "`); at > 0 { // what the runtime says of its own way to it is no answer
				rest = rest[at:]
			}
			if strings.HasPrefix(rest, `Get "`) { // the address is in the probe already
				if _, after, ok := strings.Cut(rest, `": `); ok {
					rest = after
				}
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

// correctProbe sets which field of a probe has to change, and to what, as far as its answer tells; what only a person
// knows is a hole.
func correctProbe(args map[string]string, o probeOf, answer string, ports []string) {
	args["probename"] = o.field
	action := ""
	switch {
	case o.probe.HTTPGet != nil:
		action = "httpGet"
	case o.probe.TCPSocket != nil:
		action = "tcpSocket"
	case o.probe.GRPC != nil:
		action = "grpc"
	}
	correct := func(field, value, hole string) {
		args["probefield"], args["probevalue"], args["probehole"] = o.field+"."+field, value, hole
	}
	switch answer {
	case pod.AnswerRefused, pod.AnswerPort, "undeclared":
		port := ""
		if len(ports) == 1 {
			port = ports[0]
		}
		if asked, _ := pod.ProbePort(o.container, o.probe); action != "" && (port == "" || port != asked) {
			correct(action+".port", port, "PORT")
		}
	case pod.AnswerPath, pod.AnswerLogin:
		correct("httpGet.path", "", "PATH")
	case pod.AnswerScheme:
		scheme := corev1.URISchemeHTTPS
		if o.probe.HTTPGet != nil && o.probe.HTTPGet.Scheme == scheme {
			scheme = corev1.URISchemeHTTP
		}
		correct("httpGet.scheme", string(scheme), "SCHEME")
	case pod.AnswerCommand:
		correct("exec.command", "", "COMMAND")
	case pod.AnswerTimeout:
		slow := o.probe.Exec != nil || strings.Contains(args["answer"], "awaiting headers")
		if slow && o.probe.TimeoutSeconds <= 1 { // what nobody has set; a second is little for a program that starts
			correct("timeoutSeconds", "5", "")
		}
	}
}

// MoreTime returns what to make of a container's startupProbe, as JSON, so that a program which only needs longer to
// come up is not killed before that, and how long it has then; nothing where its probe gets an answer that no waiting
// changes. The probe is the one that kills it, livenessProbe or startupProbe, and said what the kubelet says of that.
func (p *Pass) MoreTime(container, field, said string) (probe, wait string) {
	c := pod.Container(p.Pod, container)
	switch pod.Answer(said) {
	case pod.AnswerRefused, pod.AnswerTimeout, pod.AnswerError:
	default:
		return "", ""
	}
	if c == nil {
		return "", ""
	}
	longer := corev1.Probe{PeriodSeconds: 10, FailureThreshold: 30}
	switch {
	case field == "startupProbe" && c.StartupProbe != nil:
		longer.FailureThreshold = max(longer.FailureThreshold, 3*c.StartupProbe.FailureThreshold)
	case field == "livenessProbe" && c.LivenessProbe != nil && c.StartupProbe == nil:
		longer.ProbeHandler = c.LivenessProbe.ProbeHandler
	default:
		return "", ""
	}
	return JSON(longer), (time.Duration(longer.PeriodSeconds*longer.FailureThreshold) * time.Second).String()
}
