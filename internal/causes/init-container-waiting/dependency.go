package initcontainerwaiting

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/applog"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// asked are the ways in which a command names who it waits for.
var asked = []func() *regexp.Regexp{
	match.Lazy(`://(?:[^/@\s]*@)?([a-z][a-z0-9.-]*)`),
	match.Lazy(`\b(?:nslookup|dig|getent hosts|ping|nc|ncat|telnet|host|wait-for-it(?:\.sh)?|wait-for)` +
		`(?:\s+-[\w-]+(?:\s+\d+)?)*\s+["']?([a-z][a-z0-9.-]*)`),
	match.Lazy(`(?:\s-h|--host)[=\s]\s*["']?([a-z][a-z0-9.-]*)`),
	match.Lazy(`/dev/tcp/([a-z][a-z0-9.-]*)/`),
	match.Lazy(`\b([a-z][a-z0-9-]+(?:\.[a-z0-9-]+)*):\d{2,5}\b`),
	match.Lazy(`\b([a-z][a-z0-9-]+\.[a-z0-9-]+\.svc\b[a-z0-9.-]*)`),
}

// waitsFor names what an init container waits for: a Service that its last words or its command name and that is known
// not to be there, else the host that they name.
func waitsFor(p *diagnose.Pass, container string, f *diagnose.Finding) {
	said, signs, ok := p.LastWords(container)
	if ok {
		f.Args["words"] = strings.Join(strings.Fields(said.Text), " ")
		f.Evidence = append(f.Evidence, signs...)
	}
	host := ""
	if said.Kind == applog.NoHost || said.Kind == applog.Refused {
		host = said.Args["host"]
	}
	if host != "" && missing(p, host, f) {
		return
	}
	path, command := commandOf(p, container)
	for _, named := range hostsIn(command) {
		if missing(p, named, f) {
			f.Evidence = append(f.Evidence, p.Cite(path, command))
			return
		}
		if host == "" {
			host = named
			f.Evidence = append(f.Evidence, p.Cite(path, command))
		}
	}
	if host != "" {
		f.Variant, f.Args["host"] = "host", host
	}
}

// hostsIn are the hosts that a command asks for.
func hostsIn(command string) []string {
	var out []string
	for _, re := range asked {
		for _, m := range re().FindAllStringSubmatch(command, -1) {
			out = append(out, strings.TrimRight(m[1], "."))
		}
	}
	return out
}

// missing makes a finding one of a Service that is not there, or has no Pods, and reports whether a host is the name of
// such.
func missing(p *diagnose.Pass, host string, f *diagnose.Finding) bool {
	service, there := p.ServiceOf(host)
	switch there {
	case cluster.Absent:
		f.Variant = "no-service"
	case cluster.Present:
		selector, label, ok := p.Unserved(service)
		if !ok {
			return false
		}
		f.Variant, f.Blame = "unserved", service
		f.Args["selector"], f.Args["label"], f.Args["other"] = selector, label, p.Asleep(service)
		f.Attested = append(f.Attested, "other")
		f.Evidence = append(f.Evidence, diagnose.Cite(service, "spec.selector", selector))
	default:
		return false
	}
	f.Args["service"], f.Args["inspace"] = service.Name, service.Namespace
	return true
}

// commandOf is what an init container runs, in one line, and the field that says it.
func commandOf(p *diagnose.Pass, container string) (path, command string) {
	c := pod.Container(p.Pod, container)
	if c == nil {
		return "", ""
	}
	field := "command"
	if len(c.Args) > 0 {
		field = "args"
	}
	path = pod.ContainerPath(p.Pod, container) + "." + field
	return path, strings.Join(append(append([]string{}, c.Command...), c.Args...), " ")
}
