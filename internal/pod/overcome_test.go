package pod

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestOvercome holds when what is said of a volume is over although nothing was said since.
func TestOvercome(t *testing.T) {
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	said := func(message string, count int32, after time.Duration) *corev1.Event {
		return &corev1.Event{Reason: "FailedMount", Message: message, Count: count,
			LastTimestamp: metav1.NewTime(start.Add(after))}
	}
	const sync = `MountVolume.SetUp failed for volume "token" : failed to sync configmap cache: timed out waiting`
	const nfs = `MountVolume.SetUp failed for volume "pv7" : mount failed: exit status 32`
	claim := corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "d"}}
	token := corev1.Volume{Name: "token", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{}}}
	waits := func(names string, after time.Duration) *corev1.Event {
		return said("Unable to attach or mount volumes: unmounted volumes=["+names+"], unattached volumes=[]: timed out", 1,
			after)
	}
	for _, c := range []struct {
		name  string
		hangs bool // the Pod has a volume that may hang
		first *corev1.Event
		later []*corev1.Event
		now   time.Duration
		over  bool
	}{
		{"first try, a claim may hang", true, said(sync, 1, 0), nil, time.Minute, true},
		{"nothing else can be what it waits for", false, said(sync, 1, 0), nil, time.Minute, false},
		{"too early to tell", true, said(sync, 1, 0), nil, 10 * time.Second, false},
		{"it tries again only after two minutes", true, said(sync, 12, 0), nil, 2 * time.Minute, false},
		{"said again of the same volume", true, said(sync, 1, 0), []*corev1.Event{said(sync+" again", 1, time.Minute)},
			2 * time.Minute, false},
		{"another volume fails since", false, said(sync, 1, 0), []*corev1.Event{said(nfs, 1, time.Minute)}, 2 * time.Minute,
			true},
		{"a mount that takes long", true, said(nfs, 1, 0), nil, time.Hour, false},
		{"still waited for by its name", true, said(sync, 1, 0), []*corev1.Event{waits("token data", time.Minute)},
			2 * time.Minute, false},
		{"no longer waited for", true, said(sync, 9, 0), []*corev1.Event{waits("data", time.Minute)}, 2 * time.Minute, true},
		{"the claim is waited for, which may be it", true, said(nfs, 1, 0), []*corev1.Event{waits("data", time.Minute)},
			2 * time.Minute, false},
		{"what is waited for is not known to be another", false, said(nfs, 1, 0),
			[]*corev1.Event{waits("other", time.Minute)}, 2 * time.Minute, false},
		{"only the token is waited for", true, said(nfs, 1, 0), []*corev1.Event{waits("token", time.Minute)},
			2 * time.Minute, true},
	} {
		p := &corev1.Pod{Spec: corev1.PodSpec{Volumes: []corev1.Volume{token}}}
		if c.hangs {
			p.Spec.Volumes = append(p.Spec.Volumes, corev1.Volume{Name: "data", VolumeSource: claim})
		}
		events := append([]*corev1.Event{c.first}, c.later...)
		if got := overcome(p, start.Add(c.now), c.first, events); got != c.over {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
