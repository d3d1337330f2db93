package node

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// A kubelet is the node's kubelet: as it runs, or as kubeadm would start it.
type kubelet struct {
	facts  nodefacts.Kubelet
	tree   tree     // what it sees as "/"
	args   []string // its command line; nil where it does not run
	unread partial
}

// kubeletConfig are the fields of a KubeletConfiguration that are looked at; nothing else of it is kept.
type kubeletConfig struct {
	ContainerRuntimeEndpoint string           `json:"containerRuntimeEndpoint"`
	CgroupDriver             string           `json:"cgroupDriver"`
	RuntimeRequestTimeout    *metav1.Duration `json:"runtimeRequestTimeout"`
	SerializeImagePulls      *bool            `json:"serializeImagePulls"`
	MaxPods                  *int64           `json:"maxPods"`
	PodPidsLimit             *int64           `json:"podPidsLimit"`
	ResolvConf               *string          `json:"resolvConf"`
}

const (
	kubeadmConfig     = "/var/lib/kubelet/config.yaml"
	defaultResolvConf = "/etc/resolv.conf"
	maxConfig         = 1 << 20
)

func readKubelet(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	k, err := sharedOf(ctx, h).kubelet()
	if err != nil {
		return nil, err
	}
	set := func(f *nodefacts.NodeFacts) { f.Kubelet = &k.facts }
	return set, k.unread.orNil()
}

// findKubelet reads how the kubelet is set up. Flags outdo the configuration file.
func (h *Host) findKubelet(procs []process, procsErr error) (*kubelet, error) {
	k := &kubelet{tree: h.tree()}
	if procsErr == nil {
		running := false
		for _, p := range procs {
			if p.comm == "kubelet" || p.comm == "hyperkube" {
				running = true
				k.args = p.args()
				k.tree = h.treeOf(p)
				k.facts.Version = h.buildVersion(p.dir + "/exe")
				break
			}
		}
		k.facts.Running = &running
	} else {
		k.unread.miss("kubelet.running", procsErr)
	}
	k.facts.RootDir = orFlag(k.args, "root-dir", defaultKubeletRoot)
	c, file, err := k.config(orFlag(k.args, "config", ""), orFlag(k.args, "config-dir", ""))
	k.facts.ConfigFile = file
	if err != nil {
		k.unread.miss("kubelet.configFile", err)
	}
	if k.args == nil && file == "" && err == nil && !k.tree.exists(k.facts.RootDir) {
		return k, nil // no kubelet, and none that ever was
	}
	wrong := c.override(k.args)
	k.unread = append(k.unread, wrong...)
	k.apply(c, err == nil && wrong == nil && (k.args != nil || file != ""))
	k.certificate(orFlag(k.args, "cert-dir", path.Join(k.facts.RootDir, "pki")))
	return k, nil
}

// config reads the file that the kubelet is given, then those of its folder of additions, in their order. Without a
// flag it is kubeadm's, where that is there.
func (k *kubelet) config(file, dir string) (c kubeletConfig, read string, err error) {
	read = file
	if file == "" {
		file = kubeadmConfig
	}
	data, err := k.tree.read(file, maxConfig)
	switch {
	case err == nil:
		read = file
		if err := decodeYAML(data, &c); err != nil {
			return c, read, fmt.Errorf("%s: %w", file, err)
		}
	case read == "" && errors.Is(err, fs.ErrNotExist):
	default:
		return c, read, err
	}
	if dir == "" {
		return c, read, nil
	}
	names, err := k.tree.names(dir, 1000)
	if err != nil {
		return c, read, err
	}
	for _, name := range names {
		if path.Ext(name) != ".conf" {
			continue
		}
		data, err := k.tree.read(path.Join(dir, name), maxConfig)
		if err != nil {
			return c, read, err
		}
		if err := decodeYAML(data, &c); err != nil {
			return c, read, fmt.Errorf("%s: %w", path.Join(dir, name), err)
		}
	}
	return c, read, nil
}

// decodeYAML reads a KubeletConfiguration over another. What stands in a file that cannot be read is not in the error:
// it may be anything.
func decodeYAML(data []byte, c *kubeletConfig) error {
	if yaml.Unmarshal(data, &kubeletConfig{}) != nil { // which would leave half of it in c
		return errors.New("it is no valid KubeletConfiguration")
	}
	return yaml.Unmarshal(data, c)
}

// override puts the flags in that say the same as fields of the configuration. A value that is none is told, and left
// out.
func (c *kubeletConfig) override(args []string) (unread partial) {
	for _, f := range []struct {
		flag, field string
		set         func(string) error
	}{
		{"container-runtime-endpoint", "runtimeEndpoint",
			func(s string) error { c.ContainerRuntimeEndpoint = s; return nil }},
		{"cgroup-driver", "cgroupDriver", func(s string) error { c.CgroupDriver = s; return nil }},
		{"resolv-conf", "resolvConf", func(s string) error { c.ResolvConf = &s; return nil }},
		{"runtime-request-timeout", "requestTimeoutMillis", func(s string) error {
			d, err := time.ParseDuration(s)
			c.RuntimeRequestTimeout = &metav1.Duration{Duration: d}
			return err
		}},
		{"serialize-image-pulls", "serializeImagePulls", func(s string) error {
			return setParsed(&c.SerializeImagePulls,
				s, strconv.ParseBool)
		}},
		{"max-pods", "maxPods", func(s string) error { return setParsed(&c.MaxPods, s, parseInt) }},
		{"pod-max-pids", "podPidsLimit", func(s string) error { return setParsed(&c.PodPidsLimit, s, parseInt) }},
	} {
		if s, ok := flagOf(args, f.flag); ok {
			if err := f.set(s); err != nil {
				unread.miss("kubelet."+f.field, fmt.Errorf("flag --%s: %w", f.flag, err))
			}
		}
	}
	if orFlag(args, "container-runtime", "") == "docker" && c.ContainerRuntimeEndpoint == "" {
		// inside of the kubelet itself, before Kubernetes 1.24
		c.ContainerRuntimeEndpoint = "unix://" + dockershimSocket
	}
	return unread
}

func parseInt(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }

// setParsed sets a field to what a flag says; to nothing where that is no value.
func setParsed[T any](field **T, s string, parse func(string) (T, error)) error {
	*field = nil
	v, err := parse(s)
	if err == nil {
		*field = &v
	}
	return err
}

func orFlag(args []string, name, otherwise string) string {
	if v, ok := flagOf(args, name); ok {
		return v
	}
	return otherwise
}

// apply makes facts of the configuration; defaults count where all of it is known.
func (k *kubelet) apply(c kubeletConfig, known bool) {
	f := &k.facts
	f.RuntimeEndpoint, f.CgroupDriver, f.SerializeImagePulls, f.MaxPods, f.PodPidsLimit = c.ContainerRuntimeEndpoint,
		c.CgroupDriver, c.SerializeImagePulls, c.MaxPods, c.PodPidsLimit
	if d := c.RuntimeRequestTimeout; d != nil && d.Duration != 0 {
		ms := d.Milliseconds()
		f.RequestTimeoutMillis = &ms
	}
	if !known {
		if c.ResolvConf == nil {
			return
		}
	} else {
		f.SerializeImagePulls = orDefault(f.SerializeImagePulls, true)
		f.MaxPods = orDefault(f.MaxPods, 110)
		f.PodPidsLimit = orDefault(f.PodPidsLimit, -1)
		f.RequestTimeoutMillis = orDefault(f.RequestTimeoutMillis, 120_000)
	}
	f.ResolvConf = defaultResolvConf
	if c.ResolvConf != nil {
		f.ResolvConf = *c.ResolvConf
	}
	if f.ResolvConf != "" { // "" makes Pods' resolv.conf of nothing
		_, err := k.tree.stat(f.ResolvConf)
		missing := errors.Is(err, fs.ErrNotExist)
		if err == nil || missing {
			f.ResolvConfMissing = &missing
		} else {
			k.unread.miss("kubelet.resolvConfMissing", err)
		}
	}
}

func orDefault[T any](v *T, d T) *T {
	if v == nil {
		return &d
	}
	return v
}

// certificate reads when the kubelet's client certificate expires. The file holds the private key too, which is not
// looked at.
func (k *kubelet) certificate(dir string) {
	data, err := k.tree.read(path.Join(dir, "kubelet-client-current.pem"), maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return // it has another way to log in
	}
	if err == nil {
		k.facts.CertificateExpires, err = notAfter(data)
		clear(data)
	}
	if err != nil {
		k.unread.miss("kubelet.certificateExpires", err)
	}
}

// notAfter returns until when the first certificate of a PEM file is valid.
func notAfter(data []byte) (*metav1.Time, error) {
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			return nil, errors.New("kubelet-client-current.pem has no certificate")
		}
		if block.Type == "CERTIFICATE" {
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("kubelet-client-current.pem: %w", err)
			}
			t := metav1.NewTime(c.NotAfter.UTC())
			return &t, nil
		}
		clear(block.Bytes)
		data = rest
	}
}
