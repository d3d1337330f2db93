// Command gen puts the recordings of several faults together into the one incident of the demo.
// Each keeps what it truly said; only names and times are moved, so that they fit together.
package main

import (
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/dump"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const recordings = "../causes/testdata/captures"

// now is when the incident is looked at.
var now = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// A part is one recording and the names that it gets.
type part struct {
	recording string
	names     [][2]string // old, new; whole words
}

var parts = []part{
	{"cni-exhausted", [][2]string{{"cni-exhausted", "checkout"}, {"lab-1", "worker-3"},
		{"p0", "cart-0"}, {"p1", "cart-1"}, {"p2", "cart-2"}, {"p3", "cart-3"}, {"p4", "cart-4"}, {"p5", "cart-5"}}},
	{"vol-multiattach", [][2]string{{"vol-multiattach", "billing"}, {"lab-1", "worker-1"}, {"lab-2", "worker-2"},
		{"new", "ledger-new"}, {"old", "ledger-old"}, {"pv-ma", "pvc-ledger-data"}}},
	{"cfg-secret-volume-missing", [][2]string{{"cfg-secret-volume-missing", "shop"}, {"lab-1", "worker-1"}, {"app", "api"},
		{"app-tls", "api-tls"}}},
	{"mem-1024m", [][2]string{{"mem-1024m", "shop"}, {"lab-1", "worker-1"}, {"app", "search"}}},
	{"img-private-token-wrongsecret", [][2]string{{"img-private-token-wrongsecret", "payments"}, {"lab-1", "worker-1"},
		{"app", "gateway"}}},
	{"start-crashloop", [][2]string{{"start-crashloop", "payments"}, {"lab-1", "worker-1"}, {"app", "worker"}}},
	{"ctl-ok", [][2]string{{"ctl-ok", "shop"}, {"lab-1", "worker-1"}, {"app", "frontend"}}},
}

// holder is a Pod that was bound to a made-up node when it was recorded, so no kubelet ever started it.
const holder = "ledger-old"

// start lets a Pod run, as a kubelet would have.
func start(p *corev1.Pod) {
	p.Status = corev1.PodStatus{Phase: corev1.PodRunning, StartTime: &p.CreationTimestamp,
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue,
			LastTransitionTime: p.CreationTimestamp}}}
	for _, c := range p.Spec.Containers {
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses,
			corev1.ContainerStatus{Name: c.Name, Image: c.Image, Ready: true,
				State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: p.CreationTimestamp}}})
	}
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	b := cluster.NewBuilder(now)
	for _, p := range parts {
		if err := add(b, p); err != nil {
			return fmt.Errorf("%s: %w", p.recording, err)
		}
	}
	b.Add("ContainerLog", &containerlog.ContainerLog{ // which no recording of then has: its command says it
		ObjectMeta: metav1.ObjectMeta{Namespace: "payments", Name: containerlog.Name("worker", "worker")},
		Pod:        "worker", Container: "worker", Lines: []string{"boom"}})
	for _, kind := range []string{"Pod", "Event", "Node", "PersistentVolumeClaim", "PersistentVolume", "VolumeAttachment",
		"Secret", "ConfigMap", "ServiceAccount", "CSIDriver"} {
		b.Complete(kind, "")
	}
	if err := os.RemoveAll("dump"); err != nil {
		return err
	}
	if err := os.Mkdir("dump", 0o755); err != nil {
		return err
	}
	return dump.Write(func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join("dump", name)) },
		b.Snapshot())
}

var stamp = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)

// add reads a recording under its new names and moved to now, and adds what the demo needs of it.
func add(b *cluster.Builder, p part) error {
	dir := filepath.Join(recordings, p.recording)
	plain, err := dump.Read(os.DirFS(dir), time.Time{})
	if err != nil {
		return err
	}
	moved := fstest.MapFS{}
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		moved[name] = &fstest.MapFile{Data: []byte(move(string(data), p, now.Sub(plain.At)))}
		return nil
	})
	if err != nil {
		return err
	}
	s, err := dump.Read(moved, time.Time{})
	if err != nil {
		return err
	}
	for _, pod := range cluster.Objects[corev1.Pod](s) {
		if pod.Name == holder {
			start(pod)
		}
		b.Add("Pod", pod)
	}
	copyAll[corev1.Event](b, s, "Event")
	copyAll[corev1.Node](b, s, "Node")
	copyAll[corev1.PersistentVolumeClaim](b, s, "PersistentVolumeClaim")
	for _, pvc := range cluster.Objects[corev1.PersistentVolumeClaim](s) {
		if pv, there := cluster.Get[corev1.PersistentVolume](s, "", pvc.Spec.VolumeName); there == cluster.Present {
			b.Add("PersistentVolume", pv)
		}
	}
	copyAll[corev1.Secret](b, s, "Secret")
	copyAll[corev1.ConfigMap](b, s, "ConfigMap")
	copyAll[corev1.ServiceAccount](b, s, "ServiceAccount")
	copyAll[storagev1.VolumeAttachment](b, s, "VolumeAttachment")
	copyAll[storagev1.CSIDriver](b, s, "CSIDriver")
	return nil
}

// move gives a recording its new names and moves its times.
func move(text string, p part, by time.Duration) string {
	for _, n := range p.names {
		word := regexp.MustCompile(`(^|[^A-Za-z0-9/.-])` + regexp.QuoteMeta(n[0]) + `($|[^A-Za-z0-9:/-])`)
		for word.MatchString(text) { // neighbours share a separator
			text = word.ReplaceAllString(text, "${1}\x00${2}")
		}
		text = strings.ReplaceAll(text, "\x00", n[1])
	}
	return stamp.ReplaceAllStringFunc(text, func(old string) string {
		t, err := time.Parse(time.RFC3339Nano, old)
		if err != nil {
			return old
		}
		return t.Add(by).Truncate(time.Second).Format(time.RFC3339)
	})
}

// copyAll adds the objects of a kind.
func copyAll[T any](b *cluster.Builder, s *cluster.Snapshot, kind string) {
	for _, o := range cluster.Objects[T](s) {
		b.Add(kind, any(o).(metav1.Object))
	}
}
