package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/applog"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// logKey names a container whose log may be known.
type logKey struct{ namespace, pod, container string }

// logOf is what is known of the log of a container; nil where it was not read.
func (x *index) logOf(namespace, pod, container string) *containerlog.ContainerLog {
	if x.logs == nil {
		x.logs = map[logKey]*containerlog.ContainerLog{}
		for _, l := range cluster.Objects[containerlog.ContainerLog](x.snapshot) {
			x.logs[logKey{l.Namespace, l.Pod, l.Container}] = l
		}
	}
	return x.logs[logKey{namespace, pod, container}]
}

// toldByLog reports whether nothing but the log of a container tells of a Pod: that it has run at all.
func (x *index) toldByLog(p *corev1.Pod) bool {
	ref := cluster.RefOf(p)
	return x.snapshot.Outlined(ref) && !x.snapshot.OfEvents(ref) && p.CreationTimestamp.IsZero() && pod.Unready(p) &&
		len(p.Spec.Containers) > 0 && x.logOf(p.Namespace, p.Name, p.Spec.Containers[0].Name) != nil
}

// LastWords is what a container of the Pod said before it ended: the line of its log that says most, or of the message
// that it left where no log was read. The signs are that line of the log. Not ok where nothing is known of it.
//
// It is the word of whoever wrote the program. What it names outside of the Pod is likely at the most.
func (p *Pass) LastWords(container string) (said applog.Statement, signs []cluster.Sign, ok bool) {
	l := p.podRun.index.logOf(p.Pod.Namespace, p.Pod.Name, container)
	if l == nil || len(l.Lines) == 1 && containerlog.Gone(l.Lines[0]) {
		said, ok = applog.Last(strings.Split(pod.LeftMessage(p.Pod, container), "\n"))
		return said, nil, ok
	}
	if said, ok = applog.Last(l.Lines); !ok {
		return said, nil, false
	}
	return said, []cluster.Sign{{Ref: cluster.Ref{Kind: "ContainerLog", Namespace: l.Namespace, Name: l.Name},
		Path: fmt.Sprintf("lines[%d]", said.Line), Container: container, Kind: cluster.SignLog,
		Message: said.Text}}, true
}

// Heard are the containers of which a log is known and nothing shows how they ended: a log alone tells of the Pod, or
// it was given beside a table.
func (p *Pass) Heard() []string {
	if !p.Snapshot.Outlined(p.Ref) {
		return nil
	}
	var out []string
	for _, s := range slices.Concat(p.Pod.Status.InitContainerStatuses, p.Pod.Status.ContainerStatuses) {
		l := p.podRun.index.logOf(p.Pod.Namespace, p.Pod.Name, s.Name)
		if !s.Ready && l != nil && pod.LastEnd(p.Pod, s.Name) == nil {
			out = append(out, s.Name)
		}
	}
	return out
}

// NoLog says that the log of a container that crashes is not in what was read: a gap, once for a Run, and for the texts
// the container's name as {unread}. Where it was asked for in vain, that is a gap already.
func (p *Pass) NoLog(container string, args map[string]string) {
	if p.podRun.index.logOf(p.Pod.Namespace, p.Pod.Name, container) != nil {
		return
	}
	if !p.nameless(container) {
		args["unread"] = container
	}
	r := p.podRun.run
	for _, g := range r.report.Gaps {
		if g.What.Code == "gap.log" || g.What.Code == "gap.logs.unread" {
			return
		}
	}
	r.report.Gaps = append(r.report.Gaps, cluster.Gap{
		What: message.Of("gap.logs.unread", "pod", p.Pod.Namespace+"/"+p.Pod.Name, "container", container),
		Why:  message.Of("gap.logs.absent"), Needs: message.Of("gap.logs.capture")})
}

// previous is the flag of kubectl logs with which it shows the run of a container that says why it does not stay up; ""
// for none, and for causes that no log tells of.
func (p *Pass) previous(container string) string {
	s := pod.StatusOf(p.Pod, container)
	if s == nil || p.cause.Stage.Step() < pod.StageStart.Step() {
		return ""
	}
	if previous, ok := pod.LogOf(s); previous && ok {
		return "--previous"
	}
	return ""
}
