package dump

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// failing is a Pod of two containers behind an init container that fails, and what kubectl shows of its Events: not
// their fieldPath.
const failing = `Name:             orange
Namespace:        shop
Node:             n1/10.0.0.1
Start Time:       Mon, 02 Mar 2026 10:00:00 +0000
Status:           Pending
IP:               10.1.0.7
Init Containers:
  wait:
    Container ID:  containerd://7d1f
    Image:         busybox
    Command:
      sh
      -c
      sleeeep 2
    State:          Terminated
      Reason:       Error
      Exit Code:    127
      Started:      Mon, 02 Mar 2026 10:00:20 +0000
      Finished:     Mon, 02 Mar 2026 10:00:20 +0000
    Ready:          False
    Restart Count:  2
Containers:
  app:
    Container ID:
    Image:         shop/app:1
    State:          Waiting
      Reason:       PodInitializing
    Ready:          False
    Restart Count:  0
  proxy:
    Container ID:
    Image:         shop/proxy:1
    State:          Waiting
      Reason:       PodInitializing
    Ready:          False
    Restart Count:  0
Conditions:
  Type              Status
  Initialized       False
Events:
  Type     Reason     Age               From               Message
  ----     ------     ----              ----               -------
  Normal   Scheduled  27s               default-scheduler  Successfully assigned shop/orange to n1
  Normal   Pulled     8s (x3 over 26s)  kubelet            Successfully pulled image "busybox" in 260ms
  Normal   Created    7s (x3 over 26s)  kubelet            Created container: wait
  Normal   Pulling    6s                kubelet            Pulling image "shop/proxy:1"
  Warning  Failed     5s                kubelet            Error: context deadline exceeded
  Normal   Killing    4s                kubelet            Stopping container nobody
  Warning  BackOff    3s (x3 over 24s)  kubelet            Back-off restarting failed container wait in pod orange_shop(1)
  Warning  FailedMount  2s              kubelet            MountVolume.SetUp failed for volume "tls" : secret "app" not found
`

// TestContainersOfPrintedEvents holds that an Event which kubectl has printed is about the container that it names,
// whose image it names, or which alone fails, and about none where it may be one of several.
func TestContainersOfPrintedEvents(t *testing.T) {
	s, err := ReadSources(time.Time{}, Source{Name: "d", FS: fstest.MapFS{"orange.txt": {Data: []byte(failing),
		ModTime: time.Date(2026, 3, 2, 10, 1, 0, 0, time.UTC)}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range cluster.Objects[corev1.Event](s) {
		got[e.Reason] = e.InvolvedObject.FieldPath
	}
	want := map[string]string{"Scheduled": "", "FailedMount": "", "Killing": "",
		"Pulled": "spec.initContainers{wait}", "Created": "spec.initContainers{wait}",
		"BackOff": "spec.initContainers{wait}", "Failed": "spec.initContainers{wait}",
		"Pulling": "spec.containers{proxy}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
