package agent

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/nodelog"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A node keeps no list of its Pods on disk. Those that do not get on leave traces all the same: a sandbox that is not
// ready, lines in the logs, a folder of the kubelet in which no container has been.

// How log lines name a Pod: the kubelet in klog's pairs, containerd with the sandbox that it is about.
var (
	klogPod    = match.Lazy(`\bpod=\\*"([^"/\\\s]+)/([^"/\\\s]+?)\\*"`)
	sandboxPod = match.Lazy(`\bPodSandboxMetadata\{Name:([^,{}\s]+),Uid:[^,{}\s]*,Namespace:([^,{}\s]+),`)
)

// trace is what is known of a Pod.
type trace struct {
	namespace, name string
	since           metav1.Time // the earliest that is known of it
	containers      []string
	waiting         bool
}

func (t *trace) seen(at metav1.Time) {
	if !at.IsZero() && (t.since.IsZero() || at.Before(&t.since)) {
		t.since = at
	}
}

// podsOf makes Pods of what a node knows of those that do not get on. One without a folder is gone, where folders are
// known. A Pod whose name nobody tells has its UID for one.
func podsOf(f *nodefacts.NodeFacts, folders map[string]folder) []*corev1.Pod {
	traces := map[string]*trace{}
	of := func(uid string) *trace {
		if traces[uid] == nil {
			traces[uid] = new(trace)
		}
		return traces[uid]
	}
	if f.Sandboxes != nil {
		sandboxes(f.Sandboxes, of)
	}
	for _, l := range f.Logs {
		if l.PodUID == "" {
			continue
		}
		t := of(l.PodUID)
		t.seen(l.First)
		t.waiting = t.waiting || f.At.Sub(l.Last.Time) < nodelog.RetryInterval
		if namespace, name := named(l.Message); t.name == "" {
			t.namespace, t.name = namespace, name
		}
	}
	for uid, d := range folders {
		if d.empty {
			t := of(uid)
			t.seen(metav1.NewTime(d.made))
			t.waiting = true
		}
	}
	var pods []*corev1.Pod
	for _, uid := range slices.Sorted(maps.Keys(traces)) {
		if _, there := folders[uid]; folders != nil && !there {
			continue
		}
		if t := traces[uid]; t.waiting {
			pods = append(pods, nodelog.WaitingPod(f.Name, t.namespace, cmp.Or(t.name, uid), uid, t.since, t.containers))
		}
	}
	return pods
}

// sandboxes takes up what sandboxes and containers tell of Pods that the kubelet has. A sandbox that is not ready is
// that of a Pod that waits where there never was a container in it: else the Pod may as well be done.
func sandboxes(s *nodefacts.Sandboxes, of func(uid string) *trace) {
	had := map[string]bool{}
	for _, c := range s.OddContainers {
		if c.Orphan || c.PodUID == "" {
			continue
		}
		had[c.PodUID] = true
		if t := of(c.PodUID); !slices.Contains(t.containers, c.Name) {
			t.containers = append(t.containers, c.Name)
		}
	}
	for _, b := range s.Odd {
		if b.Orphan || b.PodUID == "" {
			continue
		}
		t := of(b.PodUID)
		t.namespace, t.name = b.Namespace, b.Pod
		if !b.Future {
			t.seen(b.Created)
		}
		t.waiting = t.waiting || !b.Ready && !had[b.PodUID]
	}
}

// named finds the Pod that a line of a log names.
func named(message string) (namespace, name string) {
	if m := klogPod().FindStringSubmatch(message); m != nil {
		return m[1], m[2]
	}
	if m := sandboxPod().FindStringSubmatch(message); m != nil {
		return m[2], m[1]
	}
	return "", ""
}

// A folder is that of a Pod below the kubelet's root.
type folder struct {
	made  time.Time
	empty bool // there never was a container in it
}

// A folderReader reads the folders of the kubelet's Pods, one reading at a time: a disk that hangs cannot be ended, but
// those that wait for it need not pile up.
type folderReader struct {
	root    string // what stands for "/"
	reading atomic.Bool
}

// read returns the folders by UID. nil is that they are not known: a disk may not answer within the time that a probe
// has.
func (r *folderReader) read(ctx context.Context, f *nodefacts.NodeFacts) map[string]folder {
	if !r.reading.CompareAndSwap(false, true) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	kubelet := "/var/lib/kubelet"
	if f.Kubelet != nil && f.Kubelet.RootDir != "" {
		kubelet = f.Kubelet.RootDir
	}
	found := make(chan map[string]folder, 1)
	go func() {
		found <- foldersIn(filepath.Join(r.root, kubelet, "pods"))
		r.reading.Store(false)
	}()
	select {
	case m := <-found:
		return m
	case <-ctx.Done():
		return nil
	}
}

// waitingUIDs are the UIDs of the Pods that do not get on.
func waitingUIDs(f *nodefacts.NodeFacts, folders map[string]folder) map[string]bool {
	uids := map[string]bool{}
	for _, p := range podsOf(f, folders) {
		uids[string(p.UID)] = true
	}
	return uids
}

// maxPods is how many folders are looked at: ten times as many Pods as a kubelet takes by default.
const maxPods = 1100

func foldersIn(dir string) map[string]folder {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	names, err := d.Readdirnames(maxPods)
	if err != nil && !errors.Is(err, io.EOF) || len(names) == maxPods {
		return nil
	}
	out := map[string]folder{}
	for _, uid := range names {
		if fi, err := os.Lstat(filepath.Join(dir, uid)); err == nil && fi.IsDir() {
			_, err := os.Lstat(filepath.Join(dir, uid, "etc-hosts")) // it is written for the first container
			held, err2 := os.ReadDir(filepath.Join(dir, uid, "containers"))
			out[uid] = folder{fi.ModTime(), errors.Is(err, fs.ErrNotExist) && len(held) == 0 &&
				(err2 == nil || errors.Is(err2, fs.ErrNotExist))}
		}
	}
	return out
}
