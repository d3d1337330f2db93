package fake

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// socket is containerd's, as seen from within the lab.
const socket = "unix:///run/containerd/containerd.sock"

// shared is a folder of the node that an orphan finds as /share.
const shared = "/run/share"

// Orphan makes a container by hand, as crictl does: in a sandbox of its own, but with the configuration of a Pod that
// the kubelet has, so that it takes the name which that Pod's first container of this name would get. (A sandbox made
// by hand holds nobody up: the kubelet sees it by its metadata, and takes the next attempt's name.)
func Orphan(ctx context.Context, namespace, pod, uid, container, image string, command []string) error {
	conn, err := grpc.NewClient(socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	runtime := cri.NewRuntimeServiceClient(conn)
	config := func(name, uid string) *cri.PodSandboxConfig {
		return &cri.PodSandboxConfig{Metadata: &cri.PodSandboxMetadata{Name: name, Namespace: namespace, Uid: uid},
			LogDirectory: "/tmp", Linux: &cri.LinuxPodSandboxConfig{}}
	}
	sandbox, err := runtime.RunPodSandbox(ctx, &cri.RunPodSandboxRequest{Config: config("by-hand", "by-hand")})
	if err != nil {
		return fmt.Errorf("run a sandbox by hand: %w", err)
	}
	made, err := runtime.CreateContainer(ctx, &cri.CreateContainerRequest{PodSandboxId: sandbox.PodSandboxId,
		SandboxConfig: config(pod, uid), Config: &cri.ContainerConfig{
			Metadata: &cri.ContainerMetadata{Name: container}, Image: &cri.ImageSpec{Image: image}, Command: command,
			LogPath: "by-hand.log",
			Mounts:  []*cri.Mount{{HostPath: shared, ContainerPath: "/share"}}, Linux: &cri.LinuxContainerConfig{},
		}})
	if err != nil {
		return fmt.Errorf("create container %s of Pod %s/%s by hand: %w", container, namespace, pod, err)
	}
	if _, err := runtime.StartContainer(ctx, &cri.StartContainerRequest{ContainerId: made.ContainerId}); err != nil {
		return fmt.Errorf("start container %s by hand: %w", made.ContainerId, err)
	}
	return nil
}
