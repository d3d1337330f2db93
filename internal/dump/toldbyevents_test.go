package dump

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// TestEventsAlone holds that Events name the Pods that wait, where no Pods were given: not those that have started
// since, were not spoken of for long, or run and fail a probe.
func TestEventsAlone(t *testing.T) {
	const table = `LAST SEEN   TYPE      REASON             OBJECT            MESSAGE
12s         Warning   FailedMount        pod/mounts        MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found
2m          Warning   Failed             pod/started       Error: ErrImagePull
1m          Normal    Started            pod/started       Started container app
5s          Warning   Unhealthy          pod/probed        Readiness probe failed: HTTP probe failed with statuscode: 503
50m         Warning   FailedMount        pod/old           MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found
8m          Warning   FailedScheduling   pod/unscheduled   0/3 nodes are available: 3 Insufficient cpu.
30s         Warning   BackOff            pod/crashes       Back-off restarting failed container app in pod crashes_default(1)
13s         Warning   UnexpectedAdmissionError   pod/refused   Allocate failed due to no device, which is unexpected
`
	const wide = `LAST SEEN   TYPE      REASON   OBJECT      SUBOBJECT               SOURCE        MESSAGE
12s         Warning   Failed   pod/pulls   spec.containers{app}    kubelet, n1   Failed to pull image "app:9": no
`
	s, err := ReadSources(time.Time{}, Source{Name: "d", FS: fstest.MapFS{"events.txt": {Data: []byte(table),
		ModTime: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}, "wide.txt": {Data: []byte(wide),
		ModTime: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range cluster.Objects[corev1.Pod](s) {
		got[p.Namespace+"/"+p.Name] = "no node"
		for i, c := range p.Status.ContainerStatuses {
			got[p.Namespace+"/"+p.Name] = c.State.Waiting.Reason
			if len(p.Spec.Containers) > 0 && p.Spec.Containers[i].Image != "" {
				got[p.Namespace+"/"+p.Name] += " " + p.Spec.Containers[i].Image
			}
		}
		if p.Status.Phase == corev1.PodFailed {
			got[p.Namespace+"/"+p.Name] = p.Status.Reason
		}
	}
	want := map[string]string{"default/mounts": "ContainerCreating", "default/unscheduled": "no node",
		"default/crashes": "CrashLoopBackOff", "default/refused": "UnexpectedAdmissionError",
		"default/pulls": "ErrImagePull app:9"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wanted (-) and read (+) differ:\n%s", diff)
	}
}

// TestEventsOfPods holds that Events about Pods which are not there make none, where Pods were given, or their list.
func TestEventsOfPods(t *testing.T) {
	const event = `apiVersion: v1
kind: Event
metadata: {name: x.1, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: x}
type: Warning
reason: FailedMount
lastTimestamp: "2026-03-02T10:00:00Z"
`
	for name, other := range map[string]string{
		"a Pod":  "apiVersion: v1\nkind: Pod\nmetadata: {name: y, namespace: shop}\n",
		"a list": "apiVersion: stuck.dev/v1alpha1\nkind: SnapshotInfo\ncomplete: [{kind: Pod}]\n",
	} {
		s, err := ReadSources(time.Time{}, Source{FS: fstest.MapFS{"a.yaml": {Data: []byte(event)},
			"b.yaml": {Data: []byte(other)}}})
		if err != nil {
			t.Fatal(err)
		}
		if s.Has(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "x"}) {
			t.Errorf("%s: a Pod was made of an Event", name)
		}
	}
}
