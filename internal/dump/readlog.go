package dump

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/nodelog"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	maxLine     = 64 << 10 // of a line of a log, in bytes; the rest of a longer one is not looked at
	maxLogLines = 200      // of one component's log that are kept

	// unknownNode is the name of a node that a log does not tell. No node can have it.
	unknownNode = "(unknown)"
)

// A logText is the log of a node's programs, from one file.
type logText struct {
	file string
	time time.Time // when it was written
	node string    // whose it is, as far as it tells
	logs map[string]*nodelog.Log
}

// looksLog reports whether the beginning of a file may be that of a log: by a line of it, or by its name.
func looksLog(head []byte, ext string) bool {
	n := 0
	for line := range bytes.Lines(head) {
		if n++; n > 50 {
			break
		}
		if nodelog.Looks(string(line)) {
			return true
		}
	}
	return ext == ".log"
}

// failedContainer is how the kubelet says which container it could not start, and why: what the Pod's status shows as
// well. Source: pkg/kubelet/container, PodSyncResult.
var failedContainer = match.Lazy(`failed to \\*"?(?:StartContainer|InitContainer)\\*"? for \\*"([^"\\]+)\\*" with ` +
	`(\w+): \\*"(.*?)\\*"(?:$|[,\]])`)

// volumeFailed is how the kubelet says what an Event about the Pod says as well: FailedMount and FailedAttachVolume.
// Source: pkg/volume/util/operationexecutor, and pod_workers.go of what is not mounted in time.
var volumeFailed = match.Lazy(`(?s)\b((?:MountVolume|MapVolume|UnmountVolume|AttachVolume)\.\w+ ` +
	`failed for volume "[^"]*") (?:\(UniqueName: "[^"]*"\) )?(?:pod "[^"]*" \(UID: "[^"]*"\) ?)?(: .*)|` +
	`(unmounted volumes=\[.*)`)

var ownNode = match.Lazy(`\b(?:node|nodeName)="([a-z0-9][a-z0-9.-]*)"|system:node:([a-z0-9][a-z0-9.-]*)|` +
	`on node \\?"([a-z0-9][a-z0-9.-]*)\\?"`)

// log reads the log of a node's programs, whatever its length: what no cause knows is not kept.
func (r *reader) log(in io.Reader) {
	t := &logText{file: r.name, time: r.time, logs: map[string]*nodelog.Log{}}
	lines := bufio.NewReaderSize(in, maxLine)
	component := ownComponent(r.name)
	for {
		text, err := lines.ReadSlice('\n')
		if len(text) > 0 {
			t.add(strings.ToValidUTF8(string(bytes.TrimRight(text, "\r\n")), "\uFFFD"), component, r.knows)
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = lines.ReadSlice('\n')
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			r.gap(cluster.Gap{What: inFile(r.name), Why: message.Because(err), Needs: message.Of("file.give-whole")})
			break
		}
	}
	r.logs = append(r.logs, t)
}

// ownComponent is whose log a file is by its name, where lines do not say: the kubelet's, if nothing speaks against it.
func ownComponent(file string) string {
	for _, name := range []string{"containerd", "crio", "docker"} {
		if strings.Contains(strings.ToLower(file), name) {
			return name
		}
	}
	return "kubelet"
}

func (t *logText) add(line, component string, knows func(string) bool) {
	if of, host, prefixed := nodelog.Component(line); prefixed {
		if of == "" {
			return // of another program
		}
		component = of
		if t.node == "" {
			t.node = host
		}
	} else if t.node == "" && strings.Contains(line, "node") {
		if m := ownNode().FindStringSubmatch(line); m != nil {
			t.node = cmp.Or(m[1], m[2], m[3])
		}
	}
	l := t.logs[component]
	if l == nil {
		known := func(line string) bool {
			return knows(line) || failedContainer().MatchString(line) || volumeFailed().MatchString(line)
		}
		now := t.time
		if now.IsZero() {
			now = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) // the year of a stamp without one is not known then
		}
		l = &nodelog.Log{Component: component, Now: now.Add(24 * time.Hour), Knows: known}
		t.logs[component] = l
	}
	l.Add(line)
}

// addLogs adds what the logs tell, now that all else is there: the node that one is of, and the Pods that it names.
func (r *reader) addLogs() (kept int) {
	for _, t := range r.logs {
		f := t.facts()
		if len(f.Logs) == 0 {
			r.b.Gap(cluster.Gap{What: inFile(t.file), Why: message.Of("log.unknown"), Needs: message.Of("log.more")})
			continue
		}
		names := t.pods()
		f.Name = t.nodeOf(r.b, names)
		if old, ok := r.b.Get(cluster.Ref{Kind: "NodeFacts", Name: f.Name}).(*nodefacts.NodeFacts); ok {
			f.Logs = append(old.Logs, f.Logs...) // of another component
		} else {
			kept++
		}
		r.b.AddFrom("NodeFacts", f, cluster.Origin{File: t.file})
		r.b.TakenAt(f.At.Time)
		addPods(r.b, f, names, t.file)
	}
	return kept
}

// facts are the lines that count as a node would tell them.
func (t *logText) facts() *nodefacts.NodeFacts {
	f := &nodefacts.NodeFacts{Source: nodefacts.FromLog}
	for _, component := range slices.Sorted(maps.Keys(t.logs)) {
		for _, l := range t.logs[component].Facts(maxLogLines) {
			if l.Last.After(f.At.Time) {
				f.At = l.Last
			}
			f.Logs = append(f.Logs, l)
		}
	}
	if f.At.Time.Year() < 2 {
		f.At = metav1.NewTime(t.time)
	}
	return f
}

func (t *logText) pods() map[string]string {
	out := map[string]string{}
	for _, l := range t.logs {
		maps.Copy(out, l.Pods())
	}
	return out
}

// nodeOf is the node whose log it is: as it says, or as the Pods say that it names.
func (t *logText) nodeOf(b *cluster.Builder, names map[string]string) string {
	for _, name := range slices.Sorted(maps.Values(names)) {
		namespace, name, _ := strings.Cut(name, "/")
		if p, ok := b.Get(cluster.Ref{Kind: "Pod", Namespace: namespace, Name: name}).(*corev1.Pod); ok &&
			p.Spec.NodeName != "" {
			return p.Spec.NodeName
		}
	}
	return cmp.Or(t.node, unknownNode)
}

// addPods adds the Pods that lines tell of and nothing else does, as far as lines can: that they wait, and what their
// containers wait for. Since when is not known. Lines of no Pod get one that is made up.
func addPods(b *cluster.Builder, f *nodefacts.NodeFacts, names map[string]string, file string) {
	made := map[string]*corev1.Pod{} // by UID
	for i := range f.Logs {
		l := &f.Logs[i]
		if l.PodUID == "" {
			l.PodUID = fmt.Sprintf("line-%s-%d", f.Name, i)
			p := nodelog.WaitingPod(f.Name, "", l.PodUID, l.PodUID, metav1.Time{}, nil)
			b.Add("Pod", p)
			b.MadeUp(cluster.RefOf(p))
			continue
		}
		namespace, name, ok := strings.Cut(names[l.PodUID], "/")
		if !ok {
			namespace, name = "", l.PodUID
		}
		p, there := b.Get(cluster.Ref{Kind: "Pod", Namespace: namespace, Name: name}).(*corev1.Pod)
		switch {
		case there && p.UID == "": // a description does not tell it
			p.UID = types.UID(l.PodUID)
		case !there && made[l.PodUID] == nil && (l.Last.IsZero() || f.At.Sub(l.Last.Time) < nodelog.RetryInterval):
			made[l.PodUID] = nodelog.WaitingPod(f.Name, namespace, name, l.PodUID, metav1.Time{}, nil)
		}
		if p := made[l.PodUID]; p != nil {
			waits(p, l)
			if e := eventOf(p, l, i); e != nil {
				b.AddFrom("Event", e, cluster.Origin{File: file})
			}
		}
	}
	for _, p := range made {
		b.Retold(b.Add("Pod", p), true)
	}
}

// eventOf is the Event that the kubelet recorded with a line about a volume; nil where it is none.
func eventOf(p *corev1.Pod, l *nodefacts.LogLine, n int) *corev1.Event {
	m := volumeFailed().FindStringSubmatch(l.Message)
	if m == nil {
		return nil
	}
	e := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: fmt.Sprintf("%s.log.%d", p.Name, n)},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: p.Namespace, Name: p.Name, UID: p.UID},
		Type:           corev1.EventTypeWarning, Reason: "FailedMount", Message: m[1] + " " + m[2],
		Source: corev1.EventSource{Component: l.Component}, Count: int32(min(l.Count, 1<<30)),
		FirstTimestamp: l.First, LastTimestamp: l.Last}
	if m[1] == "" {
		e.Message = "Unable to attach or mount volumes: " + m[3]
	}
	if strings.HasPrefix(m[1], "AttachVolume") {
		e.Reason = "FailedAttachVolume"
	}
	return e
}

// waits notes what a line says of a container of a Pod that only lines tell of.
func waits(p *corev1.Pod, l *nodefacts.LogLine) {
	m := failedContainer().FindStringSubmatch(l.Message)
	if m == nil {
		return
	}
	state := corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: m[2],
		Message: strings.ReplaceAll(m[3], `\`, "")}}
	for i := range p.Status.ContainerStatuses {
		if s := &p.Status.ContainerStatuses[i]; s.Name == m[1] {
			s.State = state
			return
		}
	}
	if len(p.Spec.Containers) == 0 {
		p.Status.ContainerStatuses = nil // of one of whatever name
	}
	p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: m[1]})
	p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: m[1], State: state})
}
