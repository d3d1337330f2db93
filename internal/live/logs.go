package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/redact"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	maxLogs    = 8               // containers whose log is read in one collection
	logTimeout = 5 * time.Second // for one: the API server asks the kubelet, which may be gone
	logBytes   = 64 << 10        // that one answer may have: a line that is longer than this is of no use
	lastLines  = containerlog.MaxLines
)

// A logWanted is a container whose last words tell why it does not stay up.
type logWanted struct {
	pod       *corev1.Pod
	container string
	previous  bool
}

// logs reads the end of the logs of the containers that crash, and of init containers that do not end: of one Pod of a
// workload, since its others most often say the same.
func (r *reader) logs(ctx context.Context, at time.Time) {
	if !r.options.ReadLogs {
		return
	}
	wanted := r.logsWanted(at)
	for i, w := range wanted[:min(len(wanted), maxLogs)] {
		if err := r.log(ctx, w); err != nil {
			r.logGap(w, err)
			if apierrors.IsForbidden(err) && i == 0 && r.scope.Namespace != "" {
				break // nor the others of this namespace
			}
		}
	}
	r.services(ctx, wanted)
	if left := len(wanted) - maxLogs; left > 0 {
		r.b.Gap(cluster.Gap{What: message.Of("gap.logs.more", "n", left), Why: message.Of("gap.logs.many"),
			Needs: message.Of("gap.logs.ask")})
	}
}

// services reads which Services there are where a log may name one, or the command of a probe ask one, in few
// namespaces.
func (r *reader) services(ctx context.Context, wanted []logWanted) {
	var ask []*corev1.Pod
	for _, w := range wanted {
		ask = append(ask, w.pod)
	}
	for _, p := range r.stuck {
		if pod.Unready(p) && slices.ContainsFunc(p.Spec.Containers, func(c corev1.Container) bool {
			return c.ReadinessProbe != nil && c.ReadinessProbe.Exec != nil
		}) {
			ask = append(ask, p)
		}
	}
	var read []string
	for _, p := range ask {
		if !slices.Contains(read, p.Namespace) && len(read) < maxRevised {
			read = append(read, p.Namespace)
			r.listAll(ctx, cluster.KindOf("Service"), p.Namespace)
		}
	}
}

// logsWanted are the containers whose log is of use, each of a workload once: that of its newest Pod, of which most is
// told, and of the newest Pods first.
func (r *reader) logsWanted(at time.Time) []logWanted {
	var out []logWanted
	seen := map[string]bool{}
	newest := slices.SortedStableFunc(slices.Values(r.stuck), func(a, b *corev1.Pod) int {
		return b.CreationTimestamp.Compare(a.CreationTimestamp.Time)
	})
	for _, p := range newest {
		of := p.Namespace + "/" + p.Name
		if c := metav1.GetControllerOf(p); c != nil {
			of = p.Namespace + "/" + c.Kind + "/" + c.Name
		}
		for _, list := range [][]corev1.ContainerStatus{p.Status.InitContainerStatuses, p.Status.ContainerStatuses} {
			for i := range list {
				s := &list[i]
				previous, ok := pod.LogOf(s)
				if key := of + "/" + s.Name; ok && !seen[key] && speaks(p, s, at) {
					seen[key] = true
					out = append(out, logWanted{p, s.Name, previous})
				}
			}
		}
	}
	return out
}

// speaks reports whether a container's log is likely to say why the Pod does not start: it ends and starts again, or
// all others wait for it.
func speaks(p *corev1.Pod, s *corev1.ContainerStatus, at time.Time) bool {
	isInit := slices.ContainsFunc(p.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == s.Name })
	switch {
	case s.State.Running != nil:
		waitedFor := !pod.Sidecar(p, s.Name) || s.Started == nil || !*s.Started
		return isInit && p.Status.Phase == corev1.PodPending && waitedFor || pod.Restarting(p, s, at)
	case s.State.Terminated != nil && s.State.Terminated.ExitCode == 0 && isInit:
		return false
	case s.State.Terminated != nil && p.Status.Phase == corev1.PodFailed: // it is not started again, and may say why
		return s.State.Terminated.ExitCode != 0
	}
	return pod.ContainerWaiting(p, s)
}

// log reads the end of one log. What a run before the current one left goes with the next restart: then the current one
// is the one that was meant.
func (r *reader) log(ctx context.Context, w logWanted) error {
	text, err := r.logText(ctx, w)
	if w.previous && (apierrors.IsBadRequest(err) || err == nil && containerlog.Gone(text)) {
		w.previous = false
		text, err = r.logText(ctx, w)
	}
	if err == nil && containerlog.Gone(text) {
		err = &message.Error{What: message.Of("gap.log.gone")}
	}
	if err != nil {
		return err
	}
	l := &containerlog.ContainerLog{Pod: w.pod.Name, Container: w.container, Previous: w.previous,
		Lines: redact.Lines(text)}
	l.Namespace, l.Name = w.pod.Namespace, containerlog.Name(w.pod.Name, w.container)
	r.b.Add("ContainerLog", l)
	return nil
}

func (r *reader) logText(ctx context.Context, w logWanted) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, logTimeout)
	defer cancel()
	place, err := placeOf(cluster.KindOf("Pod"), w.pod.Namespace, w.pod.Name)
	if err != nil {
		return "", err
	}
	req, err := r.at(append(place, "log")...)
	if err != nil {
		return "", err
	}
	req = req.Param("container", w.container).Param("tailLines", fmt.Sprint(lastLines)).
		Param("limitBytes", fmt.Sprint(logBytes))
	if w.previous {
		req = req.Param("previous", "true")
	}
	body, err := req.Stream(ctx)
	var raw []byte
	if err == nil {
		defer body.Close()
		raw, err = readAll(body, logBytes) // a server that sends more does not keep to what was asked
	}
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "", &message.Error{What: message.Of("gap.log.late"), Err: err}
	}
	return string(raw), err
}

// logGap records that a log could not be read.
func (r *reader) logGap(w logWanted, err error) {
	g := cluster.Gap{What: message.Of("gap.log", "pod", w.pod.Namespace+"/"+w.pod.Name, "container", w.container),
		Why: message.Because(err)}
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) {
		g.Needs = in("gap.right", cluster.KindOf("Pod"), w.pod.Namespace, "verb", "get", "resource", "pods/log")
	}
	r.b.Gap(g)
}
