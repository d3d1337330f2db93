package nodelog

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	ahead   = time.Minute // how far ahead of now a line may be: clocks differ
	maxKept = 2000        // lines that are kept until they are asked for
	maxPods = 10000       // Pods whose UIDs are remembered
)

// A Log collects the lines of one component's log.
type Log struct {
	Component string                 // kubelet, containerd, crio, docker, cri-dockerd
	Since     time.Time              // what is older does not count
	Now       time.Time              // the year, and the zone, of time stamps that have none
	Knows     func(line string) bool // whether a cause knows what a line says
	Names     bool                   // lines of a Pod whose UID is not told get one, which [Log.Pods] names

	entry   entry  // the one that is coming in
	program string // that wrote it, where journald or syslog tells
	indent  int    // journald moves further lines of an entry to the right by as much as its prefix is wide
	open    bool
	kept    []line
	pods    map[string]string // UIDs by NAMESPACE/NAME: most lines about a Pod give only one of them
}

// line is one that counts, or several equal ones.
type line struct {
	statement
	count       int
	first, last time.Time
}

// Move makes another time now, and forgets what is older than since.
func (l *Log) Move(since, now time.Time) {
	l.Since, l.Now = since, now
	l.kept = slices.DeleteFunc(l.kept, func(n line) bool { return n.last.Before(since) })
	if len(l.pods) >= maxPods { // else a log that is followed for weeks learns of no new ones
		clear(l.pods)
	}
}

// Add takes one line as it stands in the log: klog, logfmt (containerd, CRI-O, docker), either in JSON, with or without
// journald's or syslog's prefix. A line that begins no entry continues the last.
func (l *Log) Add(text string) {
	text = unwrapped(cut(text))
	p, outer := parsePrefix(text, l.Now)
	indent := 0
	if outer {
		indent, text = len(text)-len(p.rest), p.rest
	}
	e, ok := parseEntry(text, l.Now)
	switch {
	case ok:
		if outer && (e.form == klog || e.at.IsZero()) { // klog tells no zone
			e.at = p.at
		}
	case l.open && (!outer || p.program == l.program && p.at.Sub(l.entry.at) < time.Second) && !l.entry.info:
		if len(l.entry.text)+len(text) < maxEntry {
			l.entry.grow(outdent(text, l.indent))
		}
		return
	default:
		e = entry{at: l.entry.at, text: text}
		if outer {
			e.at = p.at
		}
	}
	l.close()
	l.entry, l.program, l.indent, l.open = e, p.program, indent, true
}

func outdent(text string, indent int) string {
	for indent > 0 && strings.HasPrefix(text, " ") {
		indent, text = indent-1, text[1:]
	}
	return text
}

// Cut says that lines were left out: what comes next continues nothing.
func (l *Log) Cut() { l.close() }

// close takes the entry that is whole now.
func (l *Log) close() {
	if !l.open {
		return
	}
	l.open = false
	e := &l.entry
	if e.at.Before(l.Since) || e.at.After(l.Now.Add(ahead)) {
		return
	}
	s := e.parse()
	// to look for it is dear, and most lines are boring
	if s.podUID == "" && (!s.routine || s.pod != "" && l.pods[s.pod] == "") {
		s.podUID = podUIDIn(e.text)
	}
	if s.pod == "" && s.podUID != "" && !s.routine {
		s.pod = sandboxOf(e.text, s.podUID)
	}
	if s.pod != "" && s.podUID != "" && len(l.pods) < maxPods {
		l.remember(s.pod, s.podUID)
	}
	s.message = bound(s.message, maxMessage)
	if s.message == "" || s.routine || l.Knows == nil || !l.Knows(s.message) {
		return
	}
	l.kept = append(l.kept, line{s, 1, e.at, e.at})
	if len(l.kept) >= maxKept {
		if l.merge(); len(l.kept) > maxKept/2 {
			l.kept = slices.Delete(l.kept, 0, len(l.kept)-maxKept/2)
		}
	}
}

func (l *Log) remember(pod, uid string) {
	if l.pods == nil {
		l.pods = map[string]string{}
	}
	l.pods[pod] = uid
}

// merge makes one of equal lines, and puts the newest last.
func (l *Log) merge() {
	type key struct{ podUID, message string }
	at := map[key]int{}
	var out []line
	for _, n := range l.kept {
		if n.podUID == "" {
			n.podUID = l.pods[n.pod]
		}
		if n.podUID == "" && n.pod != "" && l.Names {
			n.podUID = MadeUID + n.pod
			l.remember(n.pod, n.podUID)
		}
		k := key{n.podUID, blank(n.message)}
		i, there := at[k]
		if !there {
			at[k] = len(out)
			out = append(out, n)
			continue
		}
		o := &out[i]
		o.count += n.count
		if n.first.Before(o.first) {
			o.first = n.first
		}
		if !n.last.Before(o.last) {
			o.last, o.message = n.last, n.message
		}
	}
	slices.SortStableFunc(out, func(a, b line) int {
		return cmp.Or(a.last.Compare(b.last), strings.Compare(a.message, b.message))
	})
	l.kept = out
}

// Facts returns the lines that count, those that differ in nothing but times, counters and ids once, the newest last,
// at most so many.
func (l *Log) Facts(limit int) []nodefacts.LogLine {
	l.close()
	l.merge()
	newest := l.kept[max(0, len(l.kept)-max(0, limit)):]
	var out []nodefacts.LogLine
	for _, n := range newest {
		out = append(out, nodefacts.LogLine{Component: l.Component, PodUID: n.podUID, Message: n.message,
			Count: n.count,
			First: metav1.NewTime(n.first.UTC().Truncate(time.Second)),
			Last:  metav1.NewTime(n.last.UTC().Truncate(time.Second))})
	}
	return out
}

// MadeUID begins what stands for the UID of a Pod that only its name tells of.
const MadeUID = "pod:"

// Pods are the Pods of whose UIDs the log tells the names: NAMESPACE/NAME by UID.
func (l *Log) Pods() map[string]string {
	out := make(map[string]string, len(l.pods))
	for name, uid := range l.pods {
		out[uid] = name
	}
	return out
}

// RetryInterval is how long nobody speaks of a Pod that waits: the kubelet tries again within 5 min. A Pod that nobody
// spoke of for longer has started, or is gone.
const RetryInterval = 6 * time.Minute

// Looks reports whether a line is one of a log of a node: of journald or syslog, klog, logfmt or either in JSON.
func Looks(line string) bool {
	line = unwrapped(cut(line))
	if p, ok := parsePrefix(line, time.Unix(0, 0)); ok {
		_, known := components[p.program]
		return known
	}
	if strings.HasPrefix(line, "{") {
		e, ok := parseEntry(line, time.Unix(0, 0))
		return ok && !e.at.IsZero()
	}
	return klogged().MatchString(line) || isLogfmt(line) && strings.Contains(line, "level=")
}

// components are the programs whose logs count, by the name that journald or syslog has of them.
var components = map[string]string{"kubelet": "kubelet", "containerd": "containerd", "crio": "crio",
	"dockerd": "docker", "docker": "docker", "cri-dockerd": "cri-dockerd",
	"k3s": "kubelet", "rke2": "kubelet", "kubelite": "kubelet", "microk8s.daemon-kubelite": "kubelet",
	"daemon-kubelite": "kubelet", "microk8s.daemon-kubelet": "kubelet", "microk8s.daemon-containerd": "containerd",
	"k0s": "kubelet", "edgecore": "kubelet", "hyperkube": "kubelet", "kubelet.daemon": "kubelet",
	"kubelet-wrapper": "kubelet", "origin-node": "kubelet", "atomic-openshift-node": "kubelet",
	"dockerd-current": "docker"}

// Component is what a line of a log of several programs is of, by its prefix; "" where that is none that counts. It
// says as well whether there is a prefix, and the host in it.
func Component(line string) (component, host string, hasPrefix bool) {
	p, ok := parsePrefix(unwrapped(cut(line)), time.Unix(0, 0))
	return components[p.program], p.host, ok
}

// Begins reports whether a line begins an entry of a log, and does not continue one.
func Begins(line string) bool {
	line = unwrapped(cut(line))
	now := time.Unix(0, 0)
	if p, ok := parsePrefix(line, now); ok {
		line = p.rest
	}
	_, ok := parseEntry(line, now)
	return ok
}

// WaitingPod is a Pod that waits on a node since a time, with the containers that are known of it: of what a node or a
// log tells of it alone.
func WaitingPod(node, namespace, name, uid string, since metav1.Time, containers []string) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID(uid),
		CreationTimestamp: since},
		Spec: corev1.PodSpec{NodeName: node}, Status: corev1.PodStatus{Phase: corev1.PodPending}}
	if !since.IsZero() {
		p.Status.StartTime = &since
	}
	waiting := corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}
	if len(containers) == 0 {
		p.Status.ContainerStatuses = []corev1.ContainerStatus{{State: waiting}} // it has one at least, of whatever name
	}
	for _, c := range containers {
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: c})
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: c, State: waiting})
	}
	return p
}
