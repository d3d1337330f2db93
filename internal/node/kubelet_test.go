package node

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// TestCertificate reads when the client certificate expires from a file that holds the key first.
func TestCertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	cert, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: until},
		&x509.Certificate{}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	bundle := append(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: []byte("not a key at all")}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})...)
	h := machine(t, "debian-dup", "2026-11-25T12:00:00Z")
	file := h.path("/var/lib/kubelet/pki/kubelet-client-current.pem")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		content []byte
		want    string
	}{{bundle, ""}, {bundle[:60], "has no certificate"},
		{[]byte("-----BEGIN CERTIFICATE-----\naGFsbG8=\n-----END CERTIFICATE-----\n"), "x509"}} {
		if err := os.WriteFile(file, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		set, err := readKubelet(context.Background(), h)
		f := &nodefacts.NodeFacts{}
		set(f)
		switch {
		case c.want == "" && (err != nil || f.Kubelet.CertificateExpires == nil ||
			!f.Kubelet.CertificateExpires.Time.Equal(until)):
			t.Errorf("it expires %v (%v), not %v", f.Kubelet.CertificateExpires, err, until)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) ||
			f.Kubelet.CertificateExpires != nil):
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// TestKubeletConfig reads what is wrong with the kubelet's files, without telling what stands in them.
func TestKubeletConfig(t *testing.T) {
	h := machine(t, "debian-dup", "2026-11-25T12:00:00Z")
	file := h.path("/var/lib/kubelet/config.yaml")
	if err := os.WriteFile(file, []byte("maxPods: geheim\nstaticPodURLHeader: {Authorization: [geheim]}\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	set, err := readKubelet(context.Background(), h)
	if err == nil || strings.Contains(err.Error(), "geheim") || !strings.Contains(err.Error(),
		"/var/lib/kubelet/config.yaml: it is no valid KubeletConfiguration") {
		t.Errorf("error %v", err)
	}
	f := &nodefacts.NodeFacts{}
	set(f)
	if f.Kubelet.MaxPods != nil || f.Kubelet.ResolvConfMissing != nil {
		t.Errorf("defaults are told of a configuration that is not known: %+v", f.Kubelet)
	}
	// A folder of additions outdoes the file; a flag outdoes both.
	k := &kubelet{tree: h.tree()}
	dir := h.path("/etc/kubelet.conf.d")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"10-a.conf": "maxPods: 70\ncgroupDriver: cgroupfs\n",
		"20-b.conf": "maxPods: 80\n", "README": "maxPods: 90\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte("maxPods: 60\ncgroupDriver: systemd\nserializeImagePulls: true\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	c, read, err := k.config("", "/etc/kubelet.conf.d")
	if err != nil || read != kubeadmConfig || *c.MaxPods != 80 || c.CgroupDriver != "cgroupfs" {
		t.Errorf("%+v of %q, %v", c, read, err)
	}
	if err := c.override([]string{"kubelet", "--serialize-image-pulls=false", "--cgroup-driver", "systemd",
		"--runtime-request-timeout=5m"}); len(err) > 0 || *c.SerializeImagePulls || c.CgroupDriver != "systemd" ||
		c.RuntimeRequestTimeout.Duration != 5*time.Minute {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestPodUIDOf(t *testing.T) {
	const uid = "0b9d7f5e-3c1a-4e2d-8f6b-7a5c4d3e2f10"
	for environ, want := range map[string]string{
		"PATH=/bin\x00CNI_ARGS=IgnoreUnknown=1;K8S_POD_UID=" + uid + "\x00":            uid,
		"CNI_ARGS=K8S_POD_UID=" + uid:                                                  uid,
		"TOKEN=K8S_POD_UID=" + uid + "\x00":                                            "",
		"CNI_ARGS=K8S_POD_UID=geheim\x00":                                              "",
		"A=" + strings.Repeat("x", 1<<19) + "\x00CNI_ARGS=K8S_POD_UID=" + uid + "\x00": "", // too long to look through
		"":         "",
		"\x00\x00": "",
	} {
		if got := podUIDOf(strings.NewReader(environ)); got != want {
			t.Errorf("%.40q: %q, want %q", environ, got, want)
		}
	}
}

func FuzzPodUIDOf(f *testing.F) {
	f.Add("PATH=/bin\x00CNI_ARGS=IgnoreUnknown=1;K8S_POD_UID=0b9d7f5e-3c1a-4e2d-8f6b-7a5c4d3e2f10\x00")
	f.Fuzz(func(t *testing.T, environ string) {
		if uid := podUIDOf(strings.NewReader(environ)); uid != "" && !podUID().MatchString(uid) {
			t.Errorf("%q is no UID", uid)
		}
	})
}
