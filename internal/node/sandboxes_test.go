package node

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

var sandboxNow = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// sandbox is one that the kubelet made, so many seconds ago.
func sandbox(id, pod, uid string, attempt uint32, ready bool, ago int) *cri.PodSandbox {
	state := cri.PodSandboxState_SANDBOX_NOTREADY
	if ready {
		state = cri.PodSandboxState_SANDBOX_READY
	}
	return &cri.PodSandbox{Id: id, Metadata: &cri.PodSandboxMetadata{Name: pod, Namespace: "shop", Uid: uid,
		Attempt: attempt}, State: state,
		CreatedAt: sandboxNow.Add(-time.Duration(ago) * time.Second).UnixNano(), Labels: map[string]string{
			labelUID: uid}}
}

func container(id, sandbox, name, uid string, attempt uint32, state cri.ContainerState, ago int) *cri.Container {
	return &cri.Container{Id: id, PodSandboxId: sandbox, Metadata: &cri.ContainerMetadata{Name: name, Attempt: attempt},
		State: state, ImageRef: "sha256:" + name,
		CreatedAt: sandboxNow.Add(-time.Duration(ago) * time.Second).UnixNano(), Labels: map[string]string{
			labelUID: uid, labelPod: "pod-" + uid, labelNamespace: "shop"}}
}

func TestSandboxFacts(t *testing.T) {
	foreign := sandbox("foreign", "web", "u-web", 1, true, 30) // by hand, in the name that the kubelet wants next
	foreign.Labels = nil
	byHand := container("byhand", "orphan", "copy", "", 0, cri.ContainerState_CONTAINER_RUNNING, 880) // without a label
	byHand.Labels = nil
	lists := &criLists{
		sandboxes: []*cri.PodSandbox{
			sandbox("good", "api", "u-api", 0, true, 600),
			sandbox("old", "web", "u-web", 0, false, 90),
			foreign,
			sandbox("orphan", "gone", "u-gone", 0, true, 900),
			sandbox("future", "db", "u-db", 0, true, -3600),
			// the clock went back between them
			sandbox("back0", "job", "u-job", 0, false, 100), sandbox("back1", "job", "u-job", 1, false, 200),
		},
		containers: []*cri.Container{
			container("run", "good", "app", "u-api", 0, cri.ContainerState_CONTAINER_RUNNING, 590),
			// no complaint, but its name is held twice
			container("restarted", "good", "app", "u-api", 0, cri.ContainerState_CONTAINER_EXITED, 595),
			container("made", "good", "side", "u-api", 0, cri.ContainerState_CONTAINER_CREATED, 590),
			container("down", "back0", "app", "u-job", 0, cri.ContainerState_CONTAINER_EXITED, 90),
			container("lost", "orphan", "app", "u-gone", 0, cri.ContainerState_CONTAINER_RUNNING, 890),
			byHand,
		},
	}
	at := func(ago int) metav1.Time { return metav1.NewTime(sandboxNow.Add(-time.Duration(ago) * time.Second)) }
	want := &nodefacts.Sandboxes{Count: 7, Ready: 4, Containers: 6, Running: 3,
		Odd: []nodefacts.Sandbox{
			{ID: "future", Namespace: "shop", Pod: "db", PodUID: "u-db", Ready: true, Created: at(-3600), Future: true},
			{ID: "foreign", Namespace: "shop", Pod: "web", PodUID: "u-web", Attempt: 1, Ready: true, Created: at(30),
				Orphan: true},
			{ID: "back0", Namespace: "shop", Pod: "job", PodUID: "u-job", Created: at(100), Future: true},
			{ID: "orphan", Namespace: "shop", Pod: "gone", PodUID: "u-gone", Ready: true, Created: at(900),
				Orphan: true},
			{ID: "old", Namespace: "shop", Pod: "web", PodUID: "u-web", Created: at(90)},
			{ID: "back1", Namespace: "shop", Pod: "job", PodUID: "u-job", Attempt: 1, Created: at(200)},
		},
		OddContainers: []nodefacts.Container{
			{ID: "byhand", Name: "copy", PodUID: "u-gone", State: "running", Created: at(880), Orphan: true},
			{ID: "lost", Name: "app", PodUID: "u-gone", State: "running", Created: at(890), Orphan: true},
			{ID: "down", Name: "app", PodUID: "u-job", State: "exited", Created: at(90)},
			{ID: "made", Name: "side", PodUID: "u-api", State: "created", Created: at(590)},
		},
		Twice: []nodefacts.HeldName{
			{Name: "app_api_shop_u-api_0", IDs: []string{"restarted", "run"}, PodUID: "u-api"},
			{Name: "app_gone_shop_u-gone_0", IDs: []string{"lost"}, PodUID: "u-gone"},
			{Name: "copy_gone_shop_u-gone_0", IDs: []string{"byhand"}, PodUID: "u-gone"},
			{Name: "gone_shop_u-gone_0", IDs: []string{"orphan"}, PodUID: "u-gone"},
			{Name: "web_shop_u-web_1", IDs: []string{"foreign"}, PodUID: "u-web"},
		}}
	pods := map[string]bool{"u-api": true, "u-web": true, "u-db": true, "u-job": true}
	if diff := cmp.Diff(want, sandboxFacts(lists, pods, sandboxNow)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if f := sandboxFacts(lists, nil, sandboxNow); len(f.Twice) != 1 || f.Odd[0].ID != "future" || f.Odd[1].Orphan {
		t.Errorf("orphans are told although the kubelet's Pods are not known: %+v", f)
	}
}

// TestSandboxesAreBounded keeps the first of a thousand.
func TestSandboxesAreBounded(t *testing.T) {
	lists := &criLists{}
	for i := range 1000 {
		id := string(rune('a'+i%26)) + time.Duration(i).String()
		lists.sandboxes = append(lists.sandboxes, sandbox(id, "p", "u", 7, true, i))
		lists.containers = append(lists.containers, container(id, id, "c", "u", 7, cri.ContainerState_CONTAINER_UNKNOWN,
			i))
	}
	f := sandboxFacts(lists, map[string]bool{}, sandboxNow)
	if len(f.Odd) != maxUnusual || len(f.OddContainers) != maxUnusual || len(f.Twice) != 2 ||
		len(f.Twice[0].IDs) != maxIDs || f.Count != 1000 {
		t.Errorf("%d odd sandboxes, %d containers, %d names", len(f.Odd), len(f.OddContainers), len(f.Twice))
	}
}

func TestImageFacts(t *testing.T) {
	images := []*cri.Image{
		{Id: "sha256:app", RepoTags: []string{"docker.io/library/app:1"}, Size: 100},
		{Id: "sha256:x", RepoDigests: []string{"r.example/side@sha256:1"}, Size: 10},
		{Id: "sha256:old", RepoTags: []string{"r.example/old:1"}, Size: 1000},
		{Id: "sha256:p", RepoTags: []string{"registry.k8s.io/pause:3.10"}, Size: 5, Pinned: true},
	}
	lists := &criLists{containers: []*cri.Container{{ImageRef: "sha256:app"}, {ImageRef: "r.example/side@sha256:1"}}}
	for pause, want := range map[string]*nodefacts.PauseImage{
		"registry.k8s.io/pause:3.10": {Reference: "registry.k8s.io/pause:3.10", Present: true, Pinned: true},
		"registry.k8s.io/pause:3.9":  {Reference: "registry.k8s.io/pause:3.9"},
		"":                           {Reference: "registry.k8s.io/pause:3.10", Present: true, Pinned: true},
	} {
		got := imageFacts(images, lists, pause)
		if diff := cmp.Diff(&nodefacts.Images{Count: 4, Bytes: 1115, UnusedBytes: 1000, Pause: want}, got); diff != "" {
			t.Errorf("%q: -want +got\n%s", pause, diff)
		}
	}
	if got := imageFacts(images[:3], lists, ""); got.Pause != nil {
		t.Errorf("a pause image out of nothing: %v", got.Pause)
	}
	if got := imageFacts([]*cri.Image{{Size: 1 << 63}, {Size: 1 << 63}, {Size: 1<<64 - 1}}, lists,
		""); got.Bytes < 1<<61 {
		t.Errorf("the sum ran over: %d", got.Bytes)
	}
	for ref, want := range map[string]string{"pause:3.1": "docker.io/library/pause:3.1",
		"busybox": "docker.io/library/busybox:latest", "rancher/pause:3.6": "docker.io/rancher/pause:3.6",
		"localhost/pause:1": "localhost/pause:1", "r.example:5000/pause": "r.example:5000/pause:latest",
		"k8s.gcr.io/pause@sha256:1": "k8s.gcr.io/pause@sha256:1", "sha256:1": "sha256:1"} {
		if got := fullReference(ref); got != want {
			t.Errorf("%s is %s, not %s", ref, got, want)
		}
	}
}

// TestImagesAndPulls reads images and what containerd is fetching of a machine, and puts unused images beside its file
// system.
func TestImagesAndPulls(t *testing.T) {
	h := machine(t, "debian-dup", "2026-11-25T12:00:00Z")
	f := &fakeRuntime{version: &cri.VersionResponse{}, status: statusOf(config24, nil),
		images: []*cri.Image{{Id: "sha256:old", Size: 1000}}}
	f.serve(t, h, "/run/containerd/containerd.sock", "v1")
	dir := h.path("/data/containerd/io.containerd.content.v1.content/ingest")
	for name, files := range map[string]map[string]string{
		"0f": {"ref": "k8s.io/7/layer-sha256:aa", "total": "1000", "startedat": "2026-11-25T11:59:00.5Z",
			"updatedat": "2026-11-25T11:59:00.5Z", "data": "0123456789"},
		"1f": {"ref": "k8s.io/8/index-sha256:bb", "total": "", "startedat": "nonsense", "data": ""},
		"2f": {"ref": "just begun"},
	} {
		for file, content := range files {
			file = filepath.Join(dir, name, file)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(file, time.Time{}, sandboxNow.Add(-time.Duration(name[0])*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
	}
	set, err := readImages(context.Background(), h)
	if err != nil {
		t.Fatal(err)
	}
	got := &nodefacts.NodeFacts{FileSystems: []nodefacts.FileSystem{{Roles: []string{"kubelet"}},
		{Roles: []string{"tmp", "runtime"}, Largest: []nodefacts.Usage{{What: "/var/log/x", Bytes: 1}}}}}
	set(got)
	want := &nodefacts.NodeFacts{
		Images: &nodefacts.Images{Count: 1, Bytes: 1000, UnusedBytes: 1000, Pause: &nodefacts.PauseImage{
			Reference: "registry.k8s.io/pause:3.6"}, Pulls: []nodefacts.Pull{
			{Digest: "sha256:aa", Bytes: 10, Total: 1000, Started: metav1.NewTime(sandboxNow.Add(-60 * time.Second)),
				Updated: metav1.NewTime(sandboxNow.Add(-'0' * time.Second))},
			{Digest: "sha256:bb", Updated: metav1.NewTime(sandboxNow.Add(-'1' * time.Second))}}},
		FileSystems: []nodefacts.FileSystem{{Roles: []string{"kubelet"}}, {Roles: []string{"tmp", "runtime"},
			Largest: []nodefacts.Usage{{What: "unused-images", Bytes: 1000}, {What: "/var/log/x", Bytes: 1}}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
