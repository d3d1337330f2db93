package node

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"google.golang.org/grpc"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// A fakeRuntime answers over CRI what a test gives it, or hangs.
type fakeRuntime struct {
	cri.UnimplementedRuntimeServiceServer
	cri.UnimplementedImageServiceServer
	version    *cri.VersionResponse
	status     *cri.StatusResponse
	sandboxes  []*cri.PodSandbox
	containers []*cri.Container
	images     []*cri.Image
	hangs      map[string]bool // calls that have no answer
}

// hang waits until the caller gives up.
func (f *fakeRuntime) hang(ctx context.Context, call string) error {
	if !f.hangs[call] {
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

func (f *fakeRuntime) Version(ctx context.Context, _ *cri.VersionRequest) (*cri.VersionResponse, error) {
	return f.version, f.hang(ctx, "Version")
}

func (f *fakeRuntime) Status(ctx context.Context, r *cri.StatusRequest) (*cri.StatusResponse, error) {
	if !r.Verbose {
		return &cri.StatusResponse{}, nil
	}
	return f.status, f.hang(ctx, "Status")
}

func (f *fakeRuntime) ListPodSandbox(ctx context.Context, _ *cri.ListPodSandboxRequest) (*cri.ListPodSandboxResponse,
	error) {
	return &cri.ListPodSandboxResponse{Items: f.sandboxes}, f.hang(ctx, "ListPodSandbox")
}

func (f *fakeRuntime) ListContainers(ctx context.Context, _ *cri.ListContainersRequest) (*cri.ListContainersResponse,
	error) {
	return &cri.ListContainersResponse{Containers: f.containers}, f.hang(ctx, "ListContainers")
}

func (f *fakeRuntime) ListImages(ctx context.Context, _ *cri.ListImagesRequest) (*cri.ListImagesResponse, error) {
	return &cri.ListImagesResponse{Images: f.images}, f.hang(ctx, "ListImages")
}

// serve lets a fake runtime listen on a socket of a machine, by the name that CRI has there: v1, or v1alpha2 before
// 2022.
func (f *fakeRuntime) serve(t *testing.T, h *Host, socket, version string) {
	t.Helper()
	file := h.path(socket)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", file)
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer()
	for _, desc := range []grpc.ServiceDesc{cri.RuntimeService_ServiceDesc, cri.ImageService_ServiceDesc} {
		desc.ServiceName = strings.Replace(desc.ServiceName, "runtime.v1.", "runtime."+version+".", 1)
		s.RegisterService(&desc, f)
	}
	go s.Serve(l)
	t.Cleanup(s.Stop)
}

func statusOf(config string, more map[string]string, handlers ...string) *cri.StatusResponse {
	s := &cri.StatusResponse{Status: &cri.RuntimeStatus{Conditions: []*cri.RuntimeCondition{
		{Type: "RuntimeReady", Status: true}, {Type: "NetworkReady", Reason: "NetworkPluginNotReady",
			Message: "cni plugin not initialized"}}}, Info: map[string]string{"config": config}}
	for k, v := range more {
		s.Info[k] = v
	}
	for _, h := range handlers {
		s.RuntimeHandlers = append(s.RuntimeHandlers, &cri.RuntimeHandler{Name: h})
	}
	return s
}

// What containerd tells of its configuration: 2.4's as it stands, 1.6's shortened, with a password in it.
const (
	config24 = `{"containerd":{"defaultRuntimeName":"runc","runtimes":{"nobin":{"runtimeType":"io.containerd.runc.v2",` +
		`"options":{"BinaryName":"/opt/kata/bin/kata-runtime"}},"runc":{"runtimeType":"io.containerd.runc.v2",` +
		`"runtimePath":"","PodAnnotations":null,"options":{"BinaryName":"","IoGid":0,"NoNewKeyring":false,"SystemdCgroup":` +
		`true},"sandboxer":"podsandbox"}}},"cni":{"binDirs":["/opt/cni/bin","/usr/lib/cni"],"confDir":"/etc/cni/net.d",` +
		`"maxConfNum":1,"useInternalLoopback":false},"containerdRootDir":"/data/containerd","containerdEndpoint":"/run/` +
		`containerd/containerd.sock"}`
	config16 = `{"containerd":{"snapshotter":"overlayfs","defaultRuntimeName":"runc","runtimes":{"runc":{"runtimeType":` +
		`"io.containerd.runc.v2","options":{"SystemdCgroup":false}},"kata":{"runtimeType":"io.containerd.kata.v2",` +
		`"options":null}}},"cni":{"binDir":"/usr/lib/cni","confDir":"/etc/cni/net.d"},"registry":{"configs":{"r.example":` +
		`{"auth":{"username":"u","password":"geheim"}}}},"sandboxImage":"registry.k8s.io/pause:3.6","systemdCgroup":false,` +
		`"containerdRootDir":"/var/lib/containerd"}`
)

func TestRuntimeStatus(t *testing.T) {
	conditions := []nodefacts.RuntimeCondition{{Type: "RuntimeReady", Status: true}, {Type: "NetworkReady",
		Reason: "NetworkPluginNotReady", Message: "cni plugin not initialized"}}
	for _, c := range []struct {
		name, socket, version string
		runtime               fakeRuntime
		want                  nodefacts.Runtime
		info                  statusInfo
		unread                []string
	}{
		{name: "containerd 2", socket: "/run/containerd/containerd.sock", version: "v1",
			runtime: fakeRuntime{version: &cri.VersionResponse{RuntimeName: "containerd", RuntimeVersion: "v2.4.2"},
				status: statusOf(config24,
					map[string]string{
						"lastCNILoadStatus": "cni config load failed: no network config found in /etc/cni/net.d"},
					"nobin", "runc", "")},
			want: nodefacts.Runtime{Name: "containerd", Version: "v2.4.2", Conditions: conditions,
				Handlers: []string{"nobin", "runc"}, CgroupDriver: "systemd",
				CNILoadStatus: "cni config load failed: no network config found in /etc/cni/net.d"},
			info: statusInfo{root: "/data/containerd", confDir: "/etc/cni/net.d", binDirs: []string{"/opt/cni/bin",
				"/usr/lib/cni"}}},
		{name: "containerd 1.6", socket: "/run/containerd/containerd.sock", version: "v1",
			runtime: fakeRuntime{version: &cri.VersionResponse{RuntimeName: "containerd", RuntimeVersion: "1.6.20"},
				status: statusOf(config16, map[string]string{"lastCNILoadStatus": "OK"})},
			want: nodefacts.Runtime{Name: "containerd", Version: "1.6.20", Conditions: conditions,
				Handlers: []string{"kata", "runc"}, CgroupDriver: "cgroupfs", CNILoadStatus: "OK"},
			info: statusInfo{sandboxImage: "registry.k8s.io/pause:3.6", root: "/var/lib/containerd",
				confDir: "/etc/cni/net.d", binDirs: []string{"/usr/lib/cni"}}},
		{name: "CRI of before 2022", socket: "/run/crio/crio.sock", version: "v1alpha2",
			runtime: fakeRuntime{version: &cri.VersionResponse{RuntimeName: "cri-o", RuntimeVersion: "1.19.1"},
				status: statusOf(`{"sandboxImage":"k8s.gcr.io/pause:3.2"}`, nil)},
			want: nodefacts.Runtime{Name: "cri-o", Version: "1.19.1", Conditions: conditions}, info: statusInfo{
				sandboxImage: "k8s.gcr.io/pause:3.2"}},
		{name: "Version hangs", socket: "/run/crio/crio.sock", version: "v1",
			runtime: fakeRuntime{hangs: map[string]bool{"Version": true}, status: statusOf(`{}`, nil)},
			want:    nodefacts.Runtime{Conditions: conditions}, unread: []string{
				"runtime.name: Version of unix:///run/crio/crio.sock had no answer in "}},
		{name: "all hangs", socket: "/run/cri-dockerd.sock", version: "v1",
			runtime: fakeRuntime{hangs: map[string]bool{"Version": true, "Status": true}},
			unread: []string{"runtime.name: Version of unix:///run/cri-dockerd.sock had no answer in ",
				"runtime.conditions: Status of unix:///run/cri-dockerd.sock had no answer in "}},
		{name: "a configuration that is none", socket: "/run/crio/crio.sock", version: "v1",
			runtime: fakeRuntime{version: &cri.VersionResponse{RuntimeName: "cri-o"},
				status: statusOf(`password: geheim`, nil)},
			want: nodefacts.Runtime{Name: "cri-o", Conditions: conditions}, unread: []string{
				"runtime.handlers: the configuration in the runtime's Status is no JSON that is known"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := machine(t, "", "2026-11-25T00:00:00Z")
			c.runtime.serve(t, h, c.socket, c.version)
			ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
			defer cancel()
			ctx = h.share(ctx)
			set, err := readRuntime(ctx, h)
			f := &nodefacts.NodeFacts{}
			set(f)
			c.want.Endpoint, c.want.Sockets = "unix://"+c.socket, []nodefacts.Socket{{Path: c.socket}}
			f.Runtime.VersionMillis, f.Runtime.StatusMillis = nil, nil
			if diff := cmp.Diff(&c.want, f.Runtime); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			info := sharedOf(ctx, h).status().info
			c.info.cniLoadStatus, c.info.handlers, c.info.cgroupDriver = info.cniLoadStatus, info.handlers,
				info.cgroupDriver
			if diff := cmp.Diff(c.info, info, cmp.AllowUnexported(statusInfo{})); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			unread, _ := err.(partial)
			if len(unread) != len(c.unread) {
				t.Fatalf("unread: %v", err)
			}
			for i, u := range unread {
				if !strings.HasPrefix(u.Path+": "+u.Why, c.unread[i]) || strings.Contains(u.Why, "geheim") ||
					strings.Contains(u.Why, h.Root) {
					t.Errorf("unread: %v", u)
				}
			}
		})
	}
}

// TestRuntimeHangs reads a whole machine whose runtime accepts connections and says nothing, as one that was stopped
// does.
func TestRuntimeHangs(t *testing.T) {
	h := machine(t, "debian-dup", "2023-11-14T23:00:00Z")
	file := h.path("/run/containerd/containerd.sock")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", file)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	f := readRuntimeProbes(ctx, h)
	for _, path := range []string{"runtime.name", "runtime.conditions", "sandboxes", "images"} {
		if f.WhyUnread(path) == "" {
			t.Errorf("%s is said to have been read", path)
		}
	}
	if f.CNI == nil || len(f.CNI.Files) != 2 || f.Programs == nil || f.Kubelet == nil || f.Sandboxes != nil ||
		f.Images != nil {
		t.Errorf("what needs no runtime was not read, or what needs it was: %+v", f)
	}
	if len(f.Runtime.Sockets) != 1 || f.Runtime.Sockets[0].Refused || f.Runtime.Sockets[0].Missing {
		t.Errorf("sockets: %v", f.Runtime.Sockets)
	}
}
