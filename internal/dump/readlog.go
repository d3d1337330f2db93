package dump

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/nodelog"
	"github.com/kubestuck/stuck/internal/pasted"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	maxLogLines = 200 // of one component's log that are kept
)

// A logText is the log of a node's programs, from one file.
type logText struct {
	file  string
	time  time.Time // when it was written
	asked bool      // it was given by its name
	node  string    // whose it is, as far as it tells
	host  string    // on which it was written, which may have another name as a node
	logs  map[string]*nodelog.Log

	component string // whose log it is where lines do not say
	last      string // whose entry it is that goes on
	knows     func(line string) bool
	end       *tail // of it, where a container may have written it
}

// looksLog reports whether the beginning of a file may be that of a log of a node: by its first lines, and where nobody
// asked for this file, by its name or words that only a node's programs write. The logs of Pods are none.
func looksLog(head []byte, name, ext string, asked bool) bool {
	low := strings.ToLower(name)
	if !asked && ofPods(path.Dir(low)) {
		return false
	}
	known := asked || nodeLogName().MatchString(low) || hasWord(head, nodeLogWords)
	n := 0
	for line := range bytes.Lines(head) {
		if n++; n > 50 {
			break
		}
		text := lineText(line)
		if component, _, prefixed := nodelog.Component(text); known && nodelog.Looks(text) || prefixed && component != "" {
			return true
		}
	}
	return ext == ".log" && known && !pasted.Looks(head) || bytes.HasPrefix(head, []byte(export))
}

var nodeLogName = match.Lazy(`kubelet|containerd|cri-?o\b|docker|journal|messages|syslog`)

// nodeLogWords are words that only a node's programs write.
var nodeLogWords = []string{"kubelet.go:", "kuberuntime_", "pod_workers.go:", "reconciler_common.go:", "RunPodSandbox"}

func hasWord(head []byte, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(head, []byte(w)) })
}

// ownNode is how lines of a kubelet name its node: in a field, as its user, in its flags, in the path of its Lease, at
// the end of the names of static Pods.
var ownNode = match.Lazy(`\b(?:node|nodeName)=\\*"([a-z0-9][a-z0-9.-]*)\\*"|system:node:([a-z0-9][a-z0-9.-]*)|` +
	`"node(?:Name)?":(?:\{"name":)?"([a-z0-9][a-z0-9.-]*)"|on node \\*"([a-z0-9][a-z0-9.-]*)\\*"|` +
	`between node '([a-z0-9][a-z0-9.-]*)' and this object|` +
	`--hostname-override=\\*"?([a-z0-9][a-z0-9.-]*)|` +
	`kube-node-lease/leases/([a-z0-9][a-z0-9.-]*)|` +
	`pods?=\[?"kube-system/(?:kube-apiserver|kube-scheduler|kube-controller-manager|etcd)-([a-z0-9][a-z0-9.-]*)"`)

// ownComponent is whose log a file is by its name, where lines do not say: the kubelet's, if nothing speaks against it.
func ownComponent(file string) string {
	for _, at := range []string{path.Base(file), file} { // a folder may be called anything
		for _, name := range []string{"kubelet", "containerd", "crio", "docker"} {
			if strings.Contains(strings.ToLower(at), name) {
				return name
			}
		}
	}
	return "kubelet"
}

// identify looks for the name of the node in a line.
func (t *logText) identify(line string) {
	if _, host, prefixed := nodelog.Component(line); prefixed && t.host == "" {
		t.host = host
	}
	if m := ownNode().FindStringSubmatch(line); m != nil {
		t.node = cmp.Or(m[1:]...)
	}
}

// add takes a line.
func (t *logText) add(line string) {
	component := t.component
	if of, _, prefixed := nodelog.Component(line); prefixed {
		if of == "" {
			return // of another program
		}
		component, t.last = of, of
	} else if t.last != "" && !nodelog.Begins(line) {
		component = t.last
	}
	l := t.logs[component]
	if l == nil {
		now := t.time
		if now.IsZero() {
			now = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) // the year of a stamp without one is not known then
		}
		l = &nodelog.Log{Component: component, Now: now.Add(24 * time.Hour), Names: true,
			Knows: func(line string) bool { return t.knows(line) || tells(line) }}
		t.logs[component] = l
	}
	l.Add(line)
}

// addLogs adds what the logs tell, now that all else is there: the node that one is of, and the Pods that it names.
func (r *reader) addLogs() (kept int) {
	all := map[string]string{} // what one log names, another tells the UID of
	for _, t := range r.logs {
		maps.Copy(all, t.pods())
	}
	of := owners(r.runtime, all)
	for _, t := range r.logs {
		f := t.facts()
		if r.ownAfterAll(t, len(f.Logs)) {
			continue
		}
		quiet := len(f.Logs) == 0 && !t.asked && r.b.Known("Pod") // as most of the nodes in a bundle are
		if r.tell != nil {
			r.tell(Given{File: t.file, Lines: len(f.Logs), Left: quiet})
		}
		if quiet {
			r.b.Ignore(1)
			continue
		}
		if len(f.Logs) == 0 {
			r.b.Gap(cluster.Gap{What: inFile(t.file), Why: message.Of("log.unknown"), Needs: message.Of("log.more")})
			continue
		}
		own(f, of)
		names := t.pods()
		for i := range f.Logs {
			if name := all[f.Logs[i].PodUID]; name != "" {
				names[f.Logs[i].PodUID] = name
			}
		}
		f.Name = t.nodeOf(r.b, names)
		if old, ok := r.b.Get(cluster.Ref{Kind: "NodeFacts", Name: f.Name}).(*nodefacts.NodeFacts); ok {
			f.Logs = append(old.Logs, f.Logs...) // of another component
		} else {
			kept++
		}
		r.b.AddFrom("NodeFacts", f, cluster.Origin{File: t.file})
		r.b.TakenAt(f.At.Time)
		addPods(r.b, f, names, t.file, r.knows)
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
	return cmp.Or(t.node, t.host, cluster.UnnamedNode)
}

// addPods adds the Pods that lines tell of and nothing else does, as far as lines can: that they wait, and what their
// containers wait for. Since when is not known. Lines of no Pod get one that is made up.
func addPods(b *cluster.Builder, f *nodefacts.NodeFacts, names map[string]string, file string,
	knows func(string) bool) {
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
		case there && strings.HasPrefix(l.PodUID, nodelog.MadeUID):
			l.PodUID = string(p.UID)
		case !there && made[l.PodUID] == nil && (l.Last.IsZero() || f.At.Sub(l.Last.Time) < nodelog.RetryInterval):
			made[l.PodUID] = nodelog.WaitingPod(f.Name, namespace, name, l.PodUID, metav1.Time{}, nil)
		}
		if p := made[l.PodUID]; p != nil {
			waits(p, l)
			if e := eventOf(p, l, i, knows); e != nil {
				b.AddFrom("Event", e, cluster.Origin{File: file})
			}
		}
	}
	for _, p := range made {
		b.Retold(b.Add("Pod", p), true)
	}
}
