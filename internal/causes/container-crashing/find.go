// Package containercrashing finds containers that start and end again.
package containercrashing

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find makes one finding for each container that ended, with what its probes and its back-off say, and its own last
// words.
func Find(p *diagnose.Pass) {
	matches := p.Matches()
	if neverStarted(matches) {
		p.RuleOut() // the back-off is that of a container which could not be started: config-invalid and others
	}
	for _, m := range matches {
		if m.Sign.Kind != cluster.SignTerminated || !ran(m.Sign.Reason) {
			continue
		}
		f := diagnose.Finding{Args: explained(m.Args), Evidence: []cluster.Sign{m.Sign}}
		for _, o := range matches {
			if o.Sign.Kind == cluster.SignEvent && o.Sign.Container == m.Sign.Container {
				f.Evidence = append(f.Evidence, o.Sign)
			}
		}
		f.Variant = variant(p.Pod, m)
		byProbe(p, &m, &f)
		if f.Variant == "failed" {
			jobFailed(p, &f)
		}
		if f.Variant == "oom" {
			overLimit(p, m.Sign.Container, &f)
		}
		f.Blame = p.Blame(f.Args)
		if !listen(p, m.Sign.Container, &f) && !slices.Contains(fromOutside, f.Variant) {
			p.NoLog(m.Sign.Container, f.Args)
			if samePort(p, m.Sign.Container, 0, &f) {
				f.Variant, f.Certainty = "port", diagnose.Likely
			}
		}
		if f.Variant == "" {
			shadowed(p, m.Sign.Container, &f)
		}
		if f.Variant == "" {
			f.ShareWith(alike(p, &m))
		}
		p.Report(f)
	}
	for _, container := range p.Heard() {
		hear(p, container, matches)
	}
}

// byProbe makes a finding one of a probe where that is what the kubelet killed the container for. One that the kernel
// killed for its memory stays so: it may well have failed its probe before.
func byProbe(p *diagnose.Pass, m *diagnose.Match, f *diagnose.Finding) {
	end := pod.LastEnd(p.Pod, m.Sign.Container)
	if end == nil || f.Variant == "oom" || f.Variant == "failed" {
		return
	}
	field, said := pod.KilledBy(p.Pod, m.Sign.Container, end, p.Events)
	if field == "" {
		return
	}
	answer := ""
	for _, e := range said {
		if pod.ProbeField(e) != "" {
			answer = e.Message
		}
		if s := pod.EventSign(e); !slices.ContainsFunc(f.Evidence, func(o cluster.Sign) bool { return o.Ref == s.Ref }) {
			f.Evidence = append(f.Evidence, s)
		}
	}
	args, cited, ok := p.Probe(m.Sign.Container, field, answer)
	if !ok {
		return
	}
	maps.Copy(f.Args, args)
	f.Args["kind"] = strings.TrimSuffix(field, "Probe")
	f.Args["startprobe"], f.Args["wait"] = p.MoreTime(m.Sign.Container, field, answer)
	if c := pod.Container(p.Pod, m.Sign.Container); f.Args["wait"] != "" {
		if q := c.Resources.Limits.Cpu(); !q.IsZero() && q.MilliValue() < 100 {
			f.Args["slow"] = q.String()
			f.Evidence = append(f.Evidence, p.Cite(pod.ContainerPath(p.Pod, c.Name)+".resources.limits.cpu", q.String()))
		}
	}
	f.Args["ran"] = strconv.Itoa(int(end.FinishedAt.Sub(end.StartedAt.Time).Seconds())) + "s"
	f.Variant, f.Evidence = "probe", append(f.Evidence, cited)
}

func variant(p *corev1.Pod, m diagnose.Match) string {
	code := m.Args["exitcode"]
	switch {
	case m.Sign.Reason == "OOMKilled":
		return "oom"
	case p.Status.Phase == corev1.PodFailed:
		return "failed"
	case code == "137" || code == "143":
		return "killed"
	case pod.Sidecar(p, m.Sign.Container):
		return "sidecar"
	case slices.ContainsFunc(p.Spec.InitContainers,
		func(c corev1.Container) bool { return c.Name == m.Sign.Container }):
		return "init"
	case code == "0":
		return "ended"
	}
	return ""
}
