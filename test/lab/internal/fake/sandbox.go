package fake

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// Sandbox makes a sandbox behind the kubelet's back, as a leftover of another tool would be: it holds the name that the Pod's first
// sandbox wants, and has none of the kubelet's labels. It returns the sandbox's id.
func Sandbox(ctx context.Context, socket, namespace, pod, uid string) (string, error) {
	runtime, closeConn, err := dialRuntime(socket)
	if err != nil {
		return "", err
	}
	defer closeConn()
	config := &cri.PodSandboxConfig{
		Metadata: &cri.PodSandboxMetadata{Name: pod, Namespace: namespace, Uid: uid},
		Linux: &cri.LinuxPodSandboxConfig{SecurityContext: &cri.LinuxSandboxSecurityContext{
			NamespaceOptions: &cri.NamespaceOption{Network: cri.NamespaceMode_NODE}}},
	}
	made, err := runtime.RunPodSandbox(ctx, &cri.RunPodSandboxRequest{Config: config})
	if err != nil {
		return "", fmt.Errorf("run a sandbox for %s/%s: %w", namespace, pod, err)
	}
	return made.PodSandboxId, nil
}

// RemoveSandbox removes what Sandbox made.
func RemoveSandbox(ctx context.Context, socket, id string) error {
	runtime, closeConn, err := dialRuntime(socket)
	if err != nil {
		return err
	}
	defer closeConn()
	if _, err := runtime.StopPodSandbox(ctx, &cri.StopPodSandboxRequest{PodSandboxId: id}); err != nil {
		return err
	}
	_, err = runtime.RemovePodSandbox(ctx, &cri.RemovePodSandboxRequest{PodSandboxId: id})
	return err
}

func dialRuntime(socket string) (cri.RuntimeServiceClient, func() error, error) {
	conn, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, nil, fmt.Errorf("container runtime: %w", err)
	}
	return cri.NewRuntimeServiceClient(conn), conn.Close, nil
}
