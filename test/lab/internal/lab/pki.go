package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	api "k8s.io/client-go/tools/clientcmd/api"
)

// authority signs the certificates of one trust domain.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// cert is what one component shows: its name, groups, and the names it is reached by.
type cert struct {
	name, group string
	hosts       []string
}

// makePKI makes the certificates and kubeconfigs, once for all runs of a lab.
func (l *Lab) makePKI() error {
	if _, err := os.Stat(l.Kubeconfig()); err == nil {
		return nil
	}
	if err := os.MkdirAll(l.path("pki"), 0o700); err != nil {
		return err
	}
	ca, err := l.newCA("ca")
	if err != nil {
		return err
	}
	front, err := l.newCA("front-proxy-ca")
	if err != nil {
		return err
	}
	unknown, err := l.newCA("unknown-ca")
	if err != nil {
		return err
	}
	if err := l.issue(front, "front-proxy-client", cert{name: "front-proxy-client"}); err != nil {
		return err
	}
	if err := l.issue(unknown, "badregistry", cert{name: "badtls.lab", hosts: []string{"badtls.lab"}}); err != nil {
		return err
	}
	kubernetes := "kubernetes.default.svc"
	for file, c := range map[string]cert{
		"apiserver": {name: "kube-apiserver", hosts: []string{"localhost", "kubernetes",
			"kubernetes.default", kubernetes, kubernetes + ".cluster.local", "127.0.0.1", "10.96.0.1", nodeIP}},
		"apiserver-kubelet-client": {name: "kube-apiserver-kubelet-client", group: "system:masters"},
		"admin":                    {name: "admin", group: "system:masters"},
		"kube-controller-manager":  {name: "system:kube-controller-manager"},
		"kube-scheduler":           {name: "system:kube-scheduler"},
		"kubelet": {name: "system:node:" + NodeName, group: "system:nodes", hosts: []string{NodeName,
			nodeIP}},
		"registry":        {name: "registry.lab", hosts: []string{"*.lab"}},
		"service-account": {name: "service-account"},
	} {
		if err := l.issue(ca, file, c); err != nil {
			return err
		}
	}
	for _, user := range []string{"kube-controller-manager", "kube-scheduler", "kubelet"} {
		if err := l.writeKubeconfig(user, l.path("pki", user+".kubeconfig")); err != nil {
			return err
		}
	}
	return l.writeKubeconfig("admin", l.Kubeconfig())
}

func (l *Lab) newCA(name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := unsigned(name, "")
	t.IsCA, t.BasicConstraintsValid, t.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &authority{parsed, key}, l.writePair(name, der, key)
}

func (l *Lab) issue(ca *authority, file string, c cert) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	t := unsigned(c.name, c.group)
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	for _, h := range c.hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, ca.cert, key.Public(), ca.key)
	if err != nil {
		return err
	}
	return l.writePair(file, der, key)
}

func unsigned(name, group string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	subject := pkix.Name{CommonName: name}
	if group != "" {
		subject.Organization = []string{group}
	}
	now := time.Now()
	return &x509.Certificate{SerialNumber: serial, Subject: subject, NotBefore: now.Add(-time.Hour),
		NotAfter: now.AddDate(10, 0, 0)}
}

func (l *Lab) writePair(name string, der []byte, key *ecdsa.PrivateKey) error {
	b, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.WriteFile(l.path("pki", name+".key"), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: b}),
		0o600); err != nil {
		return err
	}
	return os.WriteFile(l.path("pki", name+".crt"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		0o644)
}

func (l *Lab) writeKubeconfig(user, file string) error {
	ca, err := os.ReadFile(l.path("pki", "ca.crt"))
	if err != nil {
		return err
	}
	crt, err := os.ReadFile(l.path("pki", user+".crt"))
	if err != nil {
		return err
	}
	key, err := os.ReadFile(l.path("pki", user+".key"))
	if err != nil {
		return err
	}
	c := api.NewConfig()
	c.Clusters["lab"] = &api.Cluster{Server: "https://" + API, CertificateAuthorityData: ca}
	c.AuthInfos[user] = &api.AuthInfo{ClientCertificateData: crt, ClientKeyData: key}
	c.Contexts["lab"] = &api.Context{Cluster: "lab", AuthInfo: user, Namespace: "default"}
	c.CurrentContext = "lab"
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return clientcmd.WriteToFile(*c, file)
}
