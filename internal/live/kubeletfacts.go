package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxAnswer is how much of an answer in JSON is read, in bytes: that of a node with 500 Pods has about 5 MB.
const maxAnswer = 32 << 20

// A kubelet is asked about its node. Its list of Pods is not asked for: it says nothing that the API server's does not.
type kubelet struct {
	*Client
	name  string
	node  *corev1.Node // nil where it is not known
	now   time.Time
	knows func(string) bool
	pods  map[string]bool // UIDs of the stuck Pods
}

// A setter sets what one question brought.
type setter func(*nodefacts.NodeFacts)

// read asks for all that the kubelet serves. It fails where that is forbidden only: all else that goes wrong is in the
// facts. The first question also reports whether the kubelet answers at all, and what its clock shows.
func (k *kubelet) read(ctx context.Context) (*nodefacts.NodeFacts, error) {
	f := &nodefacts.NodeFacts{ObjectMeta: metav1.ObjectMeta{Name: k.name}, Source: nodefacts.FromKubelet}
	var z configz
	var ahead time.Duration
	began := time.Now()
	first, cancel := context.WithTimeout(ctx, k.answerTimeout())
	defer cancel()
	err := k.proxy(first, k.name, "configz", nil, nil, func(h http.Header, r io.Reader) error {
		ahead = k.clock.offset(h, began, time.Since(began))
		return unmarshal(r, &z)
	})
	if isForbidden(err) {
		return nil, err
	}
	if ahead != 0 {
		millis := ahead.Milliseconds()
		f.Clock = &nodefacts.Clock{OffsetMillis: &millis}
		k.now = k.now.Add(ahead)
	}
	f.At = metav1.NewTime(k.now.UTC().Truncate(time.Second))
	if noAnswer(err) {
		for _, path := range []string{"fileSystems", "memory", "limits", "kernel", "kubelet", "logs"} {
			unread(f, path, err)
		}
		return f, nil
	}
	var sets [3]setter
	var wg sync.WaitGroup
	for i, ask := range []func(context.Context) setter{k.summary, k.kernel, k.logs} {
		wg.Go(func() { sets[i] = ask(ctx) })
	}
	wg.Wait()
	for _, set := range sets {
		set(f)
	}
	if err != nil {
		unread(f, "kubelet", err)
	} else {
		f.Kubelet = z.Config.facts()
	}
	return f, nil
}

// answerTimeout is for how long the kubelet's first answer is waited for.
func (k *kubelet) answerTimeout() time.Duration {
	if k.node != nil {
		for _, c := range k.node.Status.Conditions {
			// so says the node controller when it hears nothing
			if c.Type == corev1.NodeReady && c.Status == corev1.ConditionUnknown {
				return firstTimeout
			}
		}
	}
	return callTimeout
}

// silent reports whether there is no kubelet that answers: no answer of anybody, or the API server's that there is
// none.
func noAnswer(err error) bool {
	var r *statusError
	switch {
	case err == nil, errors.Is(err, errGarbage):
		return false
	case errors.As(err, &r):
		return r.code >= 500 && r.code != http.StatusNotImplemented
	}
	return true
}

func unread(f *nodefacts.NodeFacts, path string, err error) {
	if errors.Is(err, errLate) {
		late := message.Of("fact.kubelet.late")
		f.Unread = append(f.Unread, nodefacts.Unread{Path: path, Why: late.In("en"), Code: late.Code})
		return
	}
	f.Unread = append(f.Unread, nodefacts.Unread{Path: path, Why: "the kubelet, asked through the API server: " +
		err.Error()})
}

// errGarbage is that an answer is not what it should be.
var errGarbage = errors.New("its answer is not of the form that it should have")

func unmarshal(r io.Reader, into any) error {
	err := json.UnmarshalRead(io.LimitReader(r, maxAnswer), into)
	var syntactic *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &syntactic):
		return fmt.Errorf("%w: %s", errGarbage, syntactic.JSONPointer)
	}
	return errGarbage
}

// configz is the answer of /configz: the kubelet's configuration as it uses it.
type configz struct {
	Config kubeletConfig `json:"kubeletconfig"`
}

// kubeletConfig is the part of a KubeletConfiguration (kubelet.config.k8s.io) that facts are made of.
type kubeletConfig struct {
	ContainerRuntimeEndpoint string  `json:"containerRuntimeEndpoint"`
	CgroupDriver             string  `json:"cgroupDriver"`
	RuntimeRequestTimeout    string  `json:"runtimeRequestTimeout"`
	SerializeImagePulls      *bool   `json:"serializeImagePulls"`
	MaxPods                  *int64  `json:"maxPods"`
	PodPidsLimit             *int64  `json:"podPidsLimit"`
	ResolvConf               *string `json:"resolvConf"`
}

func (c *kubeletConfig) facts() *nodefacts.Kubelet {
	running := true
	k := &nodefacts.Kubelet{Running: &running, RuntimeEndpoint: c.ContainerRuntimeEndpoint,
		CgroupDriver:        c.CgroupDriver,
		SerializeImagePulls: c.SerializeImagePulls, MaxPods: c.MaxPods, PodPidsLimit: c.PodPidsLimit}
	if d, err := time.ParseDuration(c.RuntimeRequestTimeout); err == nil {
		millis := d.Milliseconds()
		k.RequestTimeoutMillis = &millis
	}
	if c.ResolvConf != nil {
		k.ResolvConf = *c.ResolvConf
	}
	return k
}

// summary asks how full the node is.
func (k *kubelet) summary(ctx context.Context) setter {
	var s summary
	err := k.proxy(ctx, k.name, "stats/summary", nil, nil, func(_ http.Header, r io.Reader) error {
		return unmarshal(r,
			&s)
	})
	return func(f *nodefacts.NodeFacts) {
		if err != nil {
			for _, path := range []string{"fileSystems", "memory", "limits"} {
				unread(f, path, err)
			}
			return
		}
		s.Node.facts(f, k.imagePath())
	}
}

// summary is the answer of /stats/summary, without that of the Pods.
type summary struct {
	Node nodeStats `json:"node"`
}

type nodeStats struct {
	CPU    pressed `json:"cpu"`
	IO     pressed `json:"io"`
	Memory struct {
		pressed
		AvailableBytes  *int64 `json:"availableBytes"`
		UsageBytes      *int64 `json:"usageBytes"`
		WorkingSetBytes *int64 `json:"workingSetBytes"`
	} `json:"memory"`
	Fs      *fsStats `json:"fs"`
	Runtime struct {
		ImageFs     *fsStats `json:"imageFs"`
		ContainerFs *fsStats `json:"containerFs"`
	} `json:"runtime"`
	Rlimit struct {
		MaxPID  *int64 `json:"maxpid"`
		CurProc *int64 `json:"curproc"`
	} `json:"rlimit"`
}

type fsStats struct {
	AvailableBytes *int64 `json:"availableBytes"`
	CapacityBytes  *int64 `json:"capacityBytes"`
	InodesFree     *int64 `json:"inodesFree"`
	Inodes         *int64 `json:"inodes"`
}

type pressed struct {
	PSI struct {
		Full stall `json:"full"`
		Some stall `json:"some"`
	} `json:"psi"`
}

type stall struct {
	Total float64 `json:"total"` // nanoseconds since boot
	Avg60 float64 `json:"avg60"` // percent
}

// same reports whether two are the same file system: the kubelet names none, but no two that are not the same have the
// same size in bytes and inodes, and the same room to the last inode but a few.
func (s *fsStats) same(o *fsStats) bool {
	return equal(s.CapacityBytes, o.CapacityBytes) && equal(s.Inodes, o.Inodes) && near(s.AvailableBytes,
		o.AvailableBytes, 1<<28) && near(s.InodesFree, o.InodesFree, 10000)
}

func equal(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }

func near(a, b *int64, by int64) bool {
	return a == b || a != nil && b != nil && *a-*b <= by && *b-*a <= by
}

// kubeletRoot is where the kubelet keeps what is of Pods, unless it is told otherwise: it does not say.
const kubeletRoot = "/var/lib/kubelet"

// imagePath is where the node's container runtime keeps its images, unless it is told otherwise.
func (k *kubelet) imagePath() string {
	name, version := k.runtime()
	switch {
	case strings.Contains(version, "-k3s"):
		return "/var/lib/rancher/k3s/agent/containerd"
	case name == "cri-o":
		return "/var/lib/containers"
	case name == "docker":
		return "/var/lib/docker"
	}
	return "/var/lib/containerd"
}

// runtime is the name and the version of the container runtime as the Node tells them: containerd and 2.4.2.
func (k *kubelet) runtime() (name, version string) {
	if k.node == nil {
		return "", ""
	}
	name, version, _ = strings.Cut(k.node.Status.NodeInfo.ContainerRuntimeVersion, "://")
	return name, version
}

func (n *nodeStats) facts(f *nodefacts.NodeFacts, imagePath string) {
	add := func(s *fsStats, role, path string) {
		if s == nil || s.CapacityBytes == nil || s.AvailableBytes == nil {
			return
		}
		for i := range f.FileSystems {
			fs := &f.FileSystems[i]
			if s.same(&fsStats{fs.BytesFree, fs.Bytes, fs.InodesFree, fs.Inodes}) {
				if !fs.Has(role) {
					fs.Roles = append(fs.Roles, role)
				}
				return
			}
		}
		f.FileSystems = append(f.FileSystems, nodefacts.FileSystem{Roles: []string{role}, Path: path,
			Bytes: s.CapacityBytes, BytesFree: s.AvailableBytes, Inodes: s.Inodes, InodesFree: s.InodesFree})
	}
	add(n.Fs, nodefacts.RoleKubelet, kubeletRoot)
	add(n.Runtime.ImageFs, nodefacts.RoleRuntime, imagePath)
	add(n.Runtime.ContainerFs, nodefacts.RoleRuntime, imagePath)
	if m := n.Memory; m.AvailableBytes != nil && m.WorkingSetBytes != nil && m.UsageBytes != nil {
		all := *m.AvailableBytes + *m.WorkingSetBytes
		f.Memory = &nodefacts.Memory{Bytes: all, BytesFree: max(0, all-*m.UsageBytes), BytesAvailable: m.AvailableBytes}
	}
	if r := n.Rlimit; r.MaxPID != nil && r.CurProc != nil {
		f.Limits = &nodefacts.Limits{Threads: &nodefacts.Used{Used: *r.CurProc, Max: *r.MaxPID}}
	}
	if p := (nodefacts.Pressure{CPU: n.CPU.facts(), Memory: n.Memory.facts(),
		IO: n.IO.facts()}); p != (nodefacts.Pressure{}) {
		f.Pressure = &p
	}
}

// facts are nil where nothing ever waited: a kernel that does not count serves noughts.
func (p *pressed) facts() *nodefacts.Stall {
	if p.PSI.Some.Total == 0 {
		return nil
	}
	return &nodefacts.Stall{Some: int64(p.PSI.Some.Avg60*100 + 0.5), Full: int64(p.PSI.Full.Avg60*100 + 0.5)}
}
