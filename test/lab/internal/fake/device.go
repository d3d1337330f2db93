package fake

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	plugin "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

const (
	resourceName = "lab.dev/thing"
	socketName   = "lab-thing.sock"
)

// device is a plugin that offers two devices and fails as its mode says.
type device struct {
	plugin.UnimplementedDevicePluginServer
	mode string
}

// DevicePlugin offers lab.dev/thing to the kubelet until the context ends. Modes: ok, failalloc, failprestart,
// slowalloc (Allocate never answers), unhealthy (devices fail two seconds after they were offered).
func DevicePlugin(ctx context.Context, mode string) error {
	socket := filepath.Join(plugin.DevicePluginPath, socketName)
	os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return fmt.Errorf("device plugin: %w", err)
	}
	server := grpc.NewServer()
	plugin.RegisterDevicePluginServer(server, &device{mode: mode})
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	conn, err := grpc.NewClient("unix://"+plugin.KubeletSocket, grpc.WithTransportCredentials(
		insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	options := &plugin.DevicePluginOptions{PreStartRequired: mode == "failprestart"}
	if _, err := plugin.NewRegistrationClient(conn).Register(ctx, &plugin.RegisterRequest{Version: plugin.Version,
		Endpoint: socketName, ResourceName: resourceName, Options: options}); err != nil {
		return fmt.Errorf("register the device plugin at the kubelet: %w", err)
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

func (d *device) GetDevicePluginOptions(context.Context, *plugin.Empty) (*plugin.DevicePluginOptions, error) {
	return &plugin.DevicePluginOptions{PreStartRequired: d.mode == "failprestart"}, nil
}

func (d *device) ListAndWatch(_ *plugin.Empty, stream grpc.ServerStreamingServer[plugin.ListAndWatchResponse]) error {
	send := func(health string) error {
		return stream.Send(&plugin.ListAndWatchResponse{Devices: []*plugin.Device{{ID: "thing-0", Health: health},
			{ID: "thing-1", Health: health}}})
	}
	if err := send(plugin.Healthy); err != nil {
		return err
	}
	if d.mode == "unhealthy" {
		time.Sleep(2 * time.Second)
		if err := send(plugin.Unhealthy); err != nil {
			return err
		}
	}
	<-stream.Context().Done()
	return nil
}

func (d *device) Allocate(ctx context.Context, r *plugin.AllocateRequest) (*plugin.AllocateResponse, error) {
	switch d.mode {
	case "failalloc":
		return nil, errors.New("thing-0: firmware is not loaded")
	case "slowalloc":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	answer := &plugin.AllocateResponse{}
	for range r.ContainerRequests {
		answer.ContainerResponses = append(answer.ContainerResponses, &plugin.ContainerAllocateResponse{})
	}
	return answer, nil
}

func (d *device) PreStartContainer(context.Context, *plugin.PreStartContainerRequest) (
	*plugin.PreStartContainerResponse, error) {
	return nil, errors.New("thing-0: reset failed")
}
