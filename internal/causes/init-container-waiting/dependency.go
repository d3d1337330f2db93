package initcontainerwaiting

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/applog"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// waitsFor names what an init container waits for: a Service that its last words or its command name and that is known
// not to be there, else the host that they name.
func waitsFor(p *diagnose.Pass, container string, f *diagnose.Finding) {
	said, signs, ok := p.LastWords(container)
	if ok {
		f.Args["words"] = applog.Words(said.Text)
		f.Evidence = append(f.Evidence, signs...)
	}
	path, command := commandOf(p, container)
	if fromWithin(p, container, path, command, f) || failedJob(p, path, command, f) {
		return
	}
	if laterPeer(p, path, command, f) {
		return
	}
	host := ""
	if said.Kind == applog.NoHost || said.Kind == applog.Refused {
		host = said.Args["host"]
	}
	if host != "" && missing(p, host, cmp.Or(said.Args["port"], portOf(host, command)), f) {
		return
	}
	for _, named := range diagnose.HostsIn(command) {
		if missing(p, named, portOf(named, command), f) {
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

// missing makes a finding one of a Service that is not there, has no Pods or none that is ready, or has another port,
// and reports whether a host is the name of such.
func missing(p *diagnose.Pass, host, port string, f *diagnose.Finding) bool {
	service, there := p.ServiceOf(host)
	switch there {
	case cluster.Absent:
		f.Variant = "no-service"
	case cluster.Present:
		selector, label, ok := p.Unserved(service)
		if !ok {
			return otherPort(p, service, host, port, f) || unready(p, service, f)
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

// portOf is the port that a command names behind a host; "" for none.
func portOf(host, command string) string {
	for rest := command; ; {
		_, after, ok := strings.Cut(rest, host)
		if !ok {
			return ""
		}
		rest = after
		digits := strings.TrimLeft(after, `:/ "'`)
		end := strings.IndexFunc(digits, func(c rune) bool { return c < '0' || c > '9' })
		if end < 0 {
			end = len(digits)
		}
		if n, err := strconv.Atoi(digits[:end]); err == nil && n > 1 && n < 1<<16 && len(digits) < len(after) {
			return digits[:end]
		}
	}
}

// otherPort: the Service has other ports than the one that is waited for.
func otherPort(p *diagnose.Pass, r cluster.Ref, host, port string, f *diagnose.Finding) bool {
	s, _ := cluster.Get[corev1.Service](p.Snapshot, r.Namespace, r.Name)
	if s == nil || port == "" || len(s.Spec.Ports) == 0 {
		return false
	}
	var have []string
	for _, o := range s.Spec.Ports {
		have = append(have, fmt.Sprint(o.Port))
	}
	if slices.Contains(have, port) {
		return false
	}
	f.Variant = "no-port"
	f.Args["service"], f.Args["inspace"] = r.Name, r.Namespace
	f.Args["port"], f.Args["have"] = port, strings.Join(have, ", ")
	f.Evidence = append(f.Evidence, diagnose.Cite(r, "spec.ports[0].port", have[0]))
	at, command := commandOf(p, f.Container)
	if c := pod.Container(p.Pod, f.Container); c != nil && len(have) == 1 && strings.Contains(command, host) {
		list := c.Args
		if len(list) == 0 {
			list = c.Command
		}
		for i, word := range list {
			if strings.Count(word, port) != 1 {
				continue
			}
			place := fmt.Sprintf("%s[%d]", at, i)
			f.Args["right"] = have[0]
			f.Args["patch"] = p.Patch(diagnose.Edit{Op: "replace", Path: diagnose.PointerTo(place),
				Value: strings.Replace(word, port, have[0], 1)})
		}
	}
	return true
}

// unready: the Pods behind the Service are there, and none of them is ready: what keeps them is to be mended.
func unready(p *diagnose.Pass, r cluster.Ref, f *diagnose.Finding) bool {
	behind := p.Behind(r)
	if len(behind) == 0 || slices.ContainsFunc(behind, func(o *corev1.Pod) bool { return !pod.Unready(o) }) {
		return false
	}
	f.Variant = "unready"
	f.Args["service"], f.Args["inspace"], f.Args["blockerpod"] = r.Name, r.Namespace, behind[0].Name
	f.Attested = append(f.Attested, "blockerpod", "inspace")
	f.Evidence = append(f.Evidence,
		diagnose.Cite(cluster.RefOf(behind[0]), "status.phase", string(behind[0].Status.Phase)))
	return true
}

// Ways in which a command waits for its own Pod, for a file and for a Job.
var (
	itself = match.Lazy(`\b(?:localhost|127\.0\.0\.1)["']?[:/ ]\s*["']?(\d{2,5})\b`)
	exists = match.Lazy(`(?:\[\s+!?\s*-[efsdr]|\btest\s+!?\s*-[efsdr]|\bls|\bstat|\bcat)\s+["']?(/[A-Za-z0-9._/-]+)`)
	aJob   = match.Lazy(`(?i)\bjobs?(?:\.batch)?[/ ]([a-z0-9][a-z0-9.-]*)`)
)

// fromWithin: it waits for what only containers can bring that start after it: a port of its own Pod, or a file in a
// volume that is empty before.
func fromWithin(p *diagnose.Pass, container, path, command string, f *diagnose.Finding) bool {
	if m := itself().FindStringSubmatch(command); m != nil {
		for _, c := range later(p.Pod, container) {
			if slices.ContainsFunc(c.Ports, func(o corev1.ContainerPort) bool { return fmt.Sprint(o.ContainerPort) == m[1] }) {
				f.Args["awaited"] = c.Name
				startFirst(p, container, c.Name, f)
			}
		}
		f.Variant = "own-pod"
		f.Args["port"] = m[1]
		f.Evidence = append(f.Evidence, p.Cite(path, command))
		return true
	}
	m := exists().FindStringSubmatch(command)
	if m == nil || !strings.Contains(command, "until") && !strings.Contains(command, "while") {
		return false
	}
	for i := range p.Pod.Spec.Volumes {
		v := &p.Pod.Spec.Volumes[i]
		if v.EmptyDir == nil || !mounts(pod.Container(p.Pod, container), v.Name, m[1]) {
			continue
		}
		all := later(p.Pod, container)
		at := slices.IndexFunc(all, func(c *corev1.Container) bool { return mounts(c, v.Name, "") })
		if at < 0 {
			continue
		}
		f.Variant = "own-file"
		f.Args["path"], f.Args["volume"], f.Args["awaited"] = m[1], v.Name, all[at].Name
		startFirst(p, container, all[at].Name, f)
		f.Evidence = append(f.Evidence, p.Cite(path, command))
		return true
	}
	return false
}

// mounts reports whether a container mounts a volume, and there a path is in it.
func mounts(c *corev1.Container, volume, path string) bool {
	return c != nil && slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool {
		return m.Name == volume && (path == "" || strings.HasPrefix(path, strings.TrimRight(m.MountPath, "/")+"/"))
	})
}

// later are the containers of a Pod that start after one of its init containers has ended.
func later(o *corev1.Pod, container string) []*corev1.Container {
	var out []*corev1.Container
	seen := false
	for i := range o.Spec.InitContainers {
		if c := &o.Spec.InitContainers[i]; c.Name == container {
			seen = true
		} else if seen {
			out = append(out, c)
		}
	}
	for i := range o.Spec.Containers {
		out = append(out, &o.Spec.Containers[i])
	}
	return out
}

// startFirst sets the patch that starts a sidecar before the init container that waits for it.
func startFirst(p *diagnose.Pass, container, sidecar string, f *diagnose.Finding) {
	if !pod.Sidecar(p.Pod, sidecar) {
		return
	}
	f.Args["holder"] = sidecar
	f.Attested = append(f.Attested, "holder")
	at, before := pod.ContainerPath(p.Pod, sidecar), pod.ContainerPath(p.Pod, container)
	f.Args["patch"] = p.Patch(diagnose.Edit{Op: "test", Path: diagnose.PointerTo(at + ".name"), Value: sidecar},
		diagnose.Edit{Op: "move", From: diagnose.PointerTo(at), Path: diagnose.PointerTo(before)})
}

// failedJob: it waits for a Job that has failed.
func failedJob(p *diagnose.Pass, path, command string, f *diagnose.Finding) bool {
	m := aJob().FindStringSubmatch(command)
	if m == nil {
		return false
	}
	job, _ := cluster.Get[batchv1.Job](p.Snapshot, p.Pod.Namespace, m[1])
	if job == nil {
		return false
	}
	for i, c := range job.Status.Conditions {
		if c.Type == batchv1.JobFailed && c.Status == corev1.ConditionTrue {
			r := cluster.Ref{Kind: "Job", Namespace: job.Namespace, Name: job.Name}
			f.Variant, f.Blame = "failed-job", r
			f.Args["other"], f.Args["reason"] = "job/"+job.Name, c.Reason
			f.Attested = append(f.Attested, "other")
			f.Evidence = append(f.Evidence, p.Cite(path, command),
				diagnose.Cite(r, fmt.Sprintf("status.conditions[%d].reason", i), c.Reason))
			return true
		}
	}
	return false
}
