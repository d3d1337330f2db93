package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

const (
	dockershimSocket = "/var/run/dockershim.sock"

	callTimeout = 3 * time.Second // an answer of CRI that says how the runtime is
	listTimeout = 5 * time.Second // one that lists what it has
	maxAnswer   = 32 << 20        // bytes of one: 20,000 containers
	maxText     = 1024            // bytes of a message that is kept
)

// runtimeSockets are those that the kubelet may be set up to use, and dockerd's. The first that is there is used where
// the kubelet's configuration names none.
var runtimeSockets = []string{"/run/containerd/containerd.sock", "/run/crio/crio.sock", "/run/cri-dockerd.sock",
	"/run/k3s/containerd/containerd.sock", dockershimSocket, "/var/run/docker.sock"}

// A containerRuntime is the one that the kubelet uses.
type containerRuntime struct {
	endpoint string   // unix:///run/containerd/containerd.sock; "" where none was found
	sockets  tree     // where its socket is: what the kubelet sees
	own      tree     // what the runtime sees, and the CNI plugins that it calls
	args     []string // its command line; nil where its process was not found
}

// findRuntime finds the runtime by the kubelet's configuration, or by the sockets that are there.
func (h *Host) findRuntime(s *shared) *containerRuntime {
	k, _ := s.kubelet()
	r := &containerRuntime{endpoint: k.facts.RuntimeEndpoint, sockets: k.tree, own: k.tree}
	if strings.HasPrefix(r.endpoint, "/") {
		r.endpoint = "unix://" + r.endpoint
	}
	for _, p := range runtimeSockets[:len(runtimeSockets)-1] { // dockerd does not speak CRI
		if r.endpoint == "" && r.sockets.exists(p) {
			r.endpoint = "unix://" + p
		}
	}
	name := "containerd"
	switch {
	case strings.Contains(r.endpoint, "crio"):
		name = "crio"
	case strings.Contains(r.endpoint, "cri-dockerd"):
		name = "cri-dockerd"
	case strings.Contains(r.endpoint, "dockershim"):
		r.args = k.args // it is a part of the kubelet
		return r
	}
	procs, _ := s.procs()
	for _, p := range procs { // a second of the name is a child of the first, or another's
		if p.comm == name {
			r.args, r.own = p.args(), h.treeOf(p)
			break
		}
	}
	return r
}

// criStatus is what the runtime tells about itself.
type criStatus struct {
	facts  nodefacts.Runtime
	info   statusInfo
	unread partial
}

func readRuntime(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	s := sharedOf(ctx, h)
	st := s.status()
	facts := st.facts
	unread := slices.Clone(st.unread)
	var err error
	facts.Sockets, err = s.runtime().listSockets()
	unread.miss("runtime.sockets", err)
	set := func(f *nodefacts.NodeFacts) { f.Runtime = &facts }
	return set, unread.orNil()
}

// status asks for version and status, side by side: a call that hangs does not hide what the other tells.
func (r *containerRuntime) status(ctx context.Context) *criStatus {
	s := &criStatus{facts: nodefacts.Runtime{Endpoint: r.endpoint}}
	conn, err := r.dial()
	if err != nil {
		s.unread = partial{Unread("runtime.name", err), Unread("runtime.conditions", err)}
		return s
	}
	defer conn.Close()
	client := cri.NewRuntimeServiceClient(conn)
	var version *cri.VersionResponse
	var state *cri.StatusResponse
	var versionErr, stateErr error
	var versionTook, stateTook time.Duration
	var wg sync.WaitGroup
	wg.Go(func() {
		version, versionTook, versionErr = call(ctx, r, "Version", callTimeout, func(ctx context.Context) (
			*cri.VersionResponse, error) {
			return client.Version(ctx, &cri.VersionRequest{})
		})
	})
	wg.Go(func() {
		state, stateTook, stateErr = call(ctx, r, "Status", callTimeout, func(ctx context.Context) (*cri.StatusResponse,
			error) {
			return client.Status(ctx, &cri.StatusRequest{Verbose: true})
		})
	})
	wg.Wait()
	if versionErr != nil {
		s.unread.miss("runtime.name", versionErr)
	} else {
		s.facts.Name, s.facts.Version, s.facts.VersionMillis = clip(version.RuntimeName), clip(version.RuntimeVersion),
			millis(versionTook)
	}
	if stateErr != nil {
		s.unread.miss("runtime.conditions", stateErr)
	} else {
		s.facts.StatusMillis = millis(stateTook)
		s.take(state)
	}
	return s
}

// take makes facts of a Status. Of its details only the fields of statusInfo are kept: a configuration may hold a
// registry's password.
func (s *criStatus) take(state *cri.StatusResponse) {
	for _, c := range state.GetStatus().GetConditions() {
		if len(s.facts.Conditions) < 10 {
			s.facts.Conditions = append(s.facts.Conditions, nodefacts.RuntimeCondition{Type: clip(c.Type),
				Status: c.Status, Reason: clip(c.Reason), Message: clip(c.Message)})
		}
	}
	info, err := parseStatusInfo(state.Info)
	if err != nil {
		s.unread.miss("runtime.handlers", err)
	}
	s.info = info
	s.facts.CNILoadStatus, s.facts.CgroupDriver, s.facts.Handlers = clip(info.cniLoadStatus), info.cgroupDriver,
		info.handlers
	if len(state.RuntimeHandlers) > 0 {
		s.facts.Handlers = nil
	}
	for _, h := range state.RuntimeHandlers {
		if h.Name != "" && len(s.facts.Handlers) < 50 { // "" is the default again
			s.facts.Handlers = append(s.facts.Handlers, clip(h.Name))
		}
	}
	slices.Sort(s.facts.Handlers)
}

// criLists are what the runtime has.
type criLists struct {
	sandboxes  []*cri.PodSandbox
	containers []*cri.Container
}

func (r *containerRuntime) lists(ctx context.Context) (*criLists, error) {
	conn, err := r.dial()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	client := cri.NewRuntimeServiceClient(conn)
	var sandboxes *cri.ListPodSandboxResponse
	var containers *cri.ListContainersResponse
	var sandboxesErr, containersErr error
	var wg sync.WaitGroup
	wg.Go(func() {
		sandboxes, _, sandboxesErr = call(ctx, r, "ListPodSandbox", listTimeout, func(ctx context.Context) (
			*cri.ListPodSandboxResponse, error) {
			return client.ListPodSandbox(ctx, &cri.ListPodSandboxRequest{})
		})
	})
	wg.Go(func() {
		containers, _, containersErr = call(ctx, r, "ListContainers", listTimeout, func(ctx context.Context) (
			*cri.ListContainersResponse, error) {
			return client.ListContainers(ctx, &cri.ListContainersRequest{})
		})
	})
	wg.Wait()
	if sandboxesErr != nil || containersErr != nil {
		return nil, errors.Join(sandboxesErr, containersErr)
	}
	return &criLists{sandboxes.Items, containers.Containers}, nil
}

// images lists the images that the runtime has.
func (r *containerRuntime) images(ctx context.Context) ([]*cri.Image, error) {
	conn, err := r.dial()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	images, _, err := call(ctx, r, "ListImages", listTimeout, func(ctx context.Context) (*cri.ListImagesResponse,
		error) {
		return cri.NewImageServiceClient(conn).ListImages(ctx, &cri.ListImagesRequest{})
	})
	return images.GetImages(), err
}

// dial prepares a connection to the runtime's socket; the first call makes it.
func (r *containerRuntime) dial() (*grpc.ClientConn, error) {
	switch {
	case r.endpoint == "":
		return nil, errors.New("the kubelet's configuration names no container runtime, and there is none of " +
			strings.Join(runtimeSockets, ", "))
	case !strings.HasPrefix(r.endpoint, "unix://"):
		return nil, fmt.Errorf("%s is no unix socket", r.endpoint)
	}
	file, err := r.sockets.at(r.name())
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return nil, &message.Error{What: message.Of("fact.no-socket", "socket", r.endpoint)}
	}
	return grpc.NewClient("passthrough:///localhost",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", file)
		}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer)),
		grpc.WithUnaryInterceptor(olderCRI))
}

// name is the path of the runtime's socket on the node.
func (r *containerRuntime) name() string { return strings.TrimPrefix(r.endpoint, "unix://") }

// olderCRI asks runtimes of before 2022 (containerd 1.5, CRI-O 1.22) by the name that CRI had then. Its messages are
// the same.
func olderCRI(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker,
	opts ...grpc.CallOption) error {
	err := invoke(ctx, method, req, reply, conn, opts...)
	if status.Code(err) == codes.Unimplemented {
		return invoke(ctx, strings.Replace(method, "/runtime.v1.", "/runtime.v1alpha2.", 1), req, reply, conn, opts...)
	}
	return err
}

// call makes one call of CRI, and tells how long it took.
func call[T any](ctx context.Context, r *containerRuntime, name string, limit time.Duration, do func(context.Context) (
	T, error)) (answer T, took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	start := time.Now()
	answer, err = do(ctx)
	took = time.Since(start)
	switch {
	case err == nil:
	case status.Code(err) == codes.DeadlineExceeded:
		err = &message.Error{What: message.Of("fact.silent", "call", name, "socket", r.endpoint,
			"time", took.Round(100*time.Millisecond).String())}
	default:
		_, text, ok := strings.Cut(status.Convert(err).Message(), "Error while dialing: ")
		if !ok {
			text = status.Convert(err).Message()
		}
		if file, err := r.sockets.at(r.name()); err == nil {
			text = strings.ReplaceAll(strings.TrimSuffix(text, `"`), file, r.name()) // as it is called on the node
		}
		err = fmt.Errorf("%s of %s: %s", name, r.endpoint, clip(text))
	}
	return answer, took, err
}

// listSockets tells which sockets of runtimes are there, and whether somebody listens. The kubelet's own is listed in
// any case, unless it is not to be seen.
func (r *containerRuntime) listSockets() (out []nodefacts.Socket, hidden error) {
	seen := map[string]bool{}
	own := r.name()
	for _, p := range append([]string{own}, runtimeSockets...) {
		resolved, _ := r.sockets.resolve(path.Clean(p))
		if !strings.HasPrefix(p, "/") || seen[resolved] {
			continue
		}
		seen[resolved] = true
		s, err := r.sockets.socket(p)
		switch {
		case err != nil:
			hidden = err
		case !s.Missing || p == own:
			out = append(out, s)
		}
	}
	return out, hidden
}

// socket reports whether a socket is there, and whether somebody listens on it; an error is that it is not to be seen.
func (t tree) socket(name string) (nodefacts.Socket, error) {
	s := nodefacts.Socket{Path: name}
	at, err := t.at(name)
	if err != nil {
		return s, err
	}
	conn, err := net.DialTimeout("unix", at, time.Second)
	switch {
	case err == nil:
		conn.Close()
	case errors.Is(err, os.ErrNotExist):
		s.Missing = true
	case errors.Is(err, syscall.ECONNREFUSED):
		s.Refused = true
	}
	return s, nil
}

func millis(d time.Duration) *int64 {
	ms := d.Milliseconds()
	return &ms
}

// clip shortens a text of somebody else's to what is kept of it.
func clip(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	return strings.ToValidUTF8(s, "")
}
