package pod

import (
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// What the kubelet says of a volume is said once for each try, and of a try that succeeds nothing is said. So what it
// got past has to be seen by what is not said any more.

var (
	// aboutVolume is how the kubelet begins what it says of one volume.
	aboutVolume = match.Lazy(`^(?:\(combined from similar events\): )?\w+\.\w+ failed for volume "([^"]+)"`)
	// unmounted are the volumes that the kubelet still waits for.
	unmounted = match.Lazy(`unmounted volumes=\[([^\]]*)\]`)
	// fromCache is what the kubelet says of its own cache of ConfigMaps and Secrets: at once, or after a second.
	fromCache = match.MustExpr(`failed to sync (secret|configmap) cache|couldn't propagate object cache|not registered|` +
		`(configmap|secret) "[^"]+" not found`)
)

const (
	firstDelay = 500 * time.Millisecond        // of a volume that failed once; it doubles each time
	mostDelay  = 2*time.Minute + 2*time.Second // k8s.io/kubernetes pkg/util/goroutinemap/exponentialbackoff
	slack      = 20 * time.Second              // of a busy kubelet
)

// overcome reports whether the kubelet got past what an Event says of a volume although nothing was said since: it
// still waits for others and not for this one; or it would long have said so again, and the Pod waits for another
// volume, whose mount may hang without a word.
func overcome(p *corev1.Pod, now time.Time, e *corev1.Event, events []*corev1.Event) bool {
	m := aboutVolume().FindStringSubmatch(e.Message)
	if e.Reason != "FailedMount" || m == nil {
		return false
	}
	said, others := 0, false
	at := e.LastTimestamp.Time
	due := at
	if fromCache.Match(e.Message) {
		for _, o := range events {
			if other := aboutVolume().FindStringSubmatch(o.Message); other != nil && other[1] == m[1] {
				said += max(int(o.Count), 1)
				if o.LastTimestamp.After(at) {
					return false // of the same volume more was said
				}
			}
		}
		due = at.Add(delay(said) + slack)
		others = mayHang(p)
	}
	for _, o := range events {
		if o.Reason != "FailedMount" && o.Reason != "FailedAttachVolume" && o.Reason != "FailedMapVolume" {
			continue
		}
		if waits := unmounted().FindStringSubmatch(o.Message); waits != nil && o.LastTimestamp.After(at) {
			return !waitsFor(p, strings.Fields(strings.ReplaceAll(waits[1], ",", " ")), m[1])
		}
		others = others || due.After(at) && o.LastTimestamp.After(due)
	}
	return others && now.After(due)
}

// delay is how long the kubelet waits before it tries again what has failed this often.
func delay(failures int) time.Duration {
	d := firstDelay
	for range failures - 1 {
		if d *= 2; d >= mostDelay {
			return mostDelay
		}
	}
	return d
}

// waitsFor reports whether a volume is, or may be, among those that the kubelet says it waits for. It names a
// PersistentVolume by its own name where it fails, and by that in the Pod where it waits.
func waitsFor(p *corev1.Pod, names []string, volume string) bool {
	if slices.Contains(names, volume) {
		return true
	}
	if slices.ContainsFunc(p.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == volume }) {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return !slices.ContainsFunc(p.Spec.Volumes, func(v corev1.Volume) bool {
			return v.Name == name && v.PersistentVolumeClaim == nil && v.Ephemeral == nil
		})
	})
}

// mayHang reports whether a Pod has a volume whose mount may hang: one that is not made of what the kubelet has.
func mayHang(p *corev1.Pod) bool {
	return slices.ContainsFunc(p.Spec.Volumes, func(v corev1.Volume) bool {
		s := v.VolumeSource
		return s.ConfigMap == nil && s.Secret == nil && s.Projected == nil && s.DownwardAPI == nil && s.EmptyDir == nil &&
			s.HostPath == nil && s.Image == nil && s != corev1.VolumeSource{}
	})
}
