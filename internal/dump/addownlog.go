package dump

import (
	"fmt"
	"path"
	"slices"

	"github.com/kubestuck/stuck/internal/applog"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/message"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// addOwnLogs adds what containers wrote, now that all else is there: to the Pods that are known, else to Pods of which
// nothing but their log tells, where that shows that the container gave up. It returns how many.
func (r *reader) addOwnLogs() (kept int) {
	silent := map[string]bool{} // files
	for i, l := range r.owns {
		said, ends := applog.Ends(l.lines)
		p := r.podOfLog(l)
		switch {
		case !l.asked && (p == nil || !crashes(p)):
			continue
		case p == nil && !ends:
			if !silent[l.file] {
				silent[l.file] = true
				kept++
				r.b.Gap(cluster.Gap{What: inFile(l.file), Why: message.Of("log.calm"), Needs: message.Of("log.calm.more")})
			}
			continue
		case p == nil:
			p = r.podByLog(l, i)
		}
		name := containerOfLog(p, l, r.b.Outlined(cluster.RefOf(p)))
		key := cluster.Ref{Kind: "ContainerLog", Namespace: p.Namespace, Name: containerlog.Name(p.Name, name)}
		if r.b.Get(key) != nil && !ends { // of its other run, which says more
			continue
		}
		kept++
		r.addOwnLog(p, name, l, said.Line, ends)
	}
	return kept
}

// addOwnLog adds the lines around the one that says most, or the last ones.
func (r *reader) addOwnLog(p *corev1.Pod, container string, l *ownLog, said int, ends bool) {
	lines, numbers := l.lines, l.numbers
	if ends && said < len(lines)-containerlog.MaxLines {
		to := said + containerlog.MaxLines/2
		lines, numbers = lines[:to], numbers[:to]
	}
	o := &containerlog.ContainerLog{Pod: p.Name, Container: container, Lines: slices.Clone(lines)}
	o.Namespace, o.Name = p.Namespace, containerlog.Name(p.Name, container)
	if l.of.pod == "" && container == "" {
		o.Name = path.Base(l.file)
	}
	o.Trim()
	if len(o.Lines) == 0 {
		return
	}
	numbers = numbers[len(numbers)-len(o.Lines):]
	outline := cluster.Outline(nil).Mapping(1).Key("lines", 0).Sequence(len(numbers))
	at := numbers[0]
	for _, n := range numbers {
		outline, at = outline.Item(n-at).Scalar(), n
	}
	r.b.AddFrom("ContainerLog", o, cluster.Origin{File: l.file, Line: numbers[0], Outline: outline})
	if r.tell != nil {
		r.tell(Given{File: l.file, Objects: map[string]int{"ContainerLog": 1}})
	}
}

// podOfLog is the Pod that a log is of: the one of its name, or where it has none, the only one that has a container
// which does not stay up. Nil where there is none.
func (r *reader) podOfLog(l *ownLog) *corev1.Pod {
	ref := cluster.Ref{Kind: "Pod", Namespace: l.of.namespace, Name: l.of.pod}
	if p, ok := r.b.Get(ref).(*corev1.Pod); ok {
		return p
	}
	var only *corev1.Pod
	for _, o := range r.b.OfKind("Pod") {
		p, ok := o.(*corev1.Pod)
		anywhere := ok && p.Namespace == metav1.NamespaceDefault && r.b.Outlined(cluster.RefOf(p)) // a table says no more
		switch {
		case !ok || l.of.namespace != "" && p.Namespace != l.of.namespace && !anywhere:
		case l.of.pod == p.Name || l.of.pod == "" && crashes(p):
			if only != nil {
				return nil
			}
			only = p
		}
	}
	return only
}

// crashes reports whether a container of a Pod does not stay up.
func crashes(p *corev1.Pod) bool {
	return slices.ContainsFunc(slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses),
		func(s corev1.ContainerStatus) bool { return crashed(&s) })
}

func crashed(s *corev1.ContainerStatus) bool {
	w := s.State.Waiting
	return !s.Ready && (s.State.Terminated != nil && s.State.Terminated.ExitCode != 0 ||
		s.LastTerminationState.Terminated != nil || w != nil && w.Reason == "CrashLoopBackOff")
}

// containerOfLog is the container of a Pod that a log is of. A table does not tell how its only one is called.
func containerOfLog(p *corev1.Pod, l *ownLog, outlined bool) string {
	if len(p.Spec.Containers) == 1 && len(p.Status.ContainerStatuses) == 1 && len(p.Spec.InitContainers) == 0 {
		c, s := &p.Spec.Containers[0], &p.Status.ContainerStatuses[0]
		if outlined && l.of.container != "" && (c.Name == "" || cluster.IsUnnamed(c.Name)) {
			c.Name, s.Name = l.of.container, l.of.container
		}
		if l.of.container == "" {
			return c.Name
		}
	}
	if l.of.container == "" {
		for _, s := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
			if crashed(&s) {
				return s.Name
			}
		}
	}
	return l.of.container
}

// podByLog adds a Pod of which nothing but a log tells: that it has run, and is not known to be ready.
func (r *reader) podByLog(l *ownLog, n int) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: l.of.namespace, Name: l.of.pod},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: l.of.container}}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning,
			Conditions:        []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionFalse}},
			ContainerStatuses: []corev1.ContainerStatus{{Name: l.of.container}}}}
	p.Status.ContainerStatuses[0].State.Running = &corev1.ContainerStateRunning{}
	named := p.Name != ""
	switch {
	case !named:
		p.Namespace, p.Name = "", fmt.Sprintf("log-%d", n)
	case p.Namespace == "":
		p.Namespace = metav1.NamespaceDefault
	}
	ref := r.b.Add("Pod", p)
	r.b.Retold(ref, true)
	if !named {
		r.b.MadeUp(ref)
	}
	return p
}
