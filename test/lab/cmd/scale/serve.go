package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	api "k8s.io/client-go/tools/clientcmd/api"
)

// A server is an etcd and an API server on loopback, with a cluster of nothing but objects in it.
type server struct {
	bin, dir string // where the programs are, and where all that they write goes
	port     int    // of the API server; etcd has the next two
	started  []*exec.Cmd
}

const token = "scale" // who has it may do everything, on loopback

func (s *server) kubeconfig() string { return filepath.Join(s.dir, "kubeconfig") }
func (s *server) etcd() string       { return fmt.Sprintf("http://127.0.0.1:%d", s.port+1) }

// serve keeps a cluster until it is interrupted.
func serve(args []string) error {
	f := flag.NewFlagSet("serve", flag.ExitOnError)
	s, of := serverFlags(f), sized(f)
	f.Parse(args)
	return s.with(of, func(ctx context.Context) error {
		fmt.Println("export KUBECONFIG=" + s.kubeconfig())
		<-ctx.Done()
		return nil
	})
}

// bench measures a diagnosis against a bare LIST, in a cluster that it makes.
func bench(args []string) error {
	f := flag.NewFlagSet("bench", flag.ExitOnError)
	stuck, n := f.String("program", "kubectl-stuck", "the plugin"), f.Int("n", 5, "pairs")
	s, of := serverFlags(f), sized(f)
	f.Parse(args)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return s.with(of, func(context.Context) error {
		fmt.Printf("%d Pods, %d of them stuck\n", of.pods, of.stuck)
		return pairs([]string{"-n", strconv.Itoa(*n), self, "list", "-kubeconfig", s.kubeconfig(), "--",
			*stuck, "--kubeconfig", s.kubeconfig(), "-A", "--no-node"})
	})
}

// with does something in a cluster of a size, which ends with it.
func (s *server) with(of *size, do func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	defer s.stop()
	if err := s.start(ctx, of); err != nil {
		return err
	}
	return do(ctx)
}

func serverFlags(f *flag.FlagSet) *server {
	s := &server{}
	f.StringVar(&s.bin, "bin", "/var/lib/stuck-lab/bin/137", "where etcd and kube-apiserver are")
	f.StringVar(&s.dir, "dir", filepath.Join(os.TempDir(), "stuck-scale"), "where they write")
	f.IntVar(&s.port, "port", 36443, "of the API server, on loopback; etcd has the next two")
	return s
}

// start fills an etcd and starts an API server on it.
func (s *server) start(ctx context.Context, of *size) error {
	if err := os.RemoveAll(s.dir); err != nil {
		return err
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	peer := fmt.Sprintf("http://127.0.0.1:%d", s.port+2)
	if err := s.run("etcd", "--name=scale", "--data-dir="+filepath.Join(s.dir, "etcd"), "--unsafe-no-fsync",
		"--log-level=error", "--quota-backend-bytes=8589934592", "--listen-client-urls="+s.etcd(),
		"--advertise-client-urls="+s.etcd(), "--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer,
		"--initial-cluster=scale="+peer); err != nil {
		return err
	}
	if err := until(ctx, http.DefaultClient, s.etcd()+"/health"); err != nil {
		return err
	}
	if err := fillInto(s.etcd(), of); err != nil {
		return err
	}
	key, err := s.files()
	if err != nil {
		return err
	}
	if err := s.run("kube-apiserver", "--etcd-servers="+s.etcd(), "--bind-address=127.0.0.1",
		"--secure-port="+strconv.Itoa(s.port), "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
		"--cert-dir="+filepath.Join(s.dir, "certs"), "--token-auth-file="+filepath.Join(s.dir, "tokens"),
		"--service-account-issuer=https://scale", "--service-account-key-file="+key,
		"--service-account-signing-key-file="+key, "--authorization-mode=AlwaysAllow",
		"--service-cluster-ip-range=10.97.0.0/16"); err != nil {
		return err
	}
	cfg, err := clientcmd.BuildConfigFromFlags("", s.kubeconfig())
	if err != nil {
		return err
	}
	client, err := rest.HTTPClientFor(cfg)
	if err != nil {
		return err
	}
	return until(ctx, client, cfg.Host+"/readyz")
}

// files makes what an API server wants to have, and a kubeconfig. It returns the file of a key.
func (s *server) files() (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return "", err
	}
	file := filepath.Join(s.dir, "key")
	raw := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		return "", err
	}
	c := api.NewConfig()
	c.Clusters["scale"] = &api.Cluster{Server: fmt.Sprintf("https://127.0.0.1:%d", s.port), InsecureSkipTLSVerify: true}
	c.AuthInfos["scale"] = &api.AuthInfo{Token: token}
	c.Contexts["scale"] = &api.Context{Cluster: "scale", AuthInfo: "scale", Namespace: "default"}
	c.CurrentContext = "scale"
	return file, errors.Join(clientcmd.WriteToFile(*c, s.kubeconfig()),
		os.WriteFile(filepath.Join(s.dir, "tokens"), []byte(token+",scale,1\n"), 0o600))
}

func (s *server) run(name string, args ...string) error {
	log, err := os.Create(filepath.Join(s.dir, name+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c := exec.Command(filepath.Join(s.bin, name), args...)
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us: the API server goes before its etcd
	if err := c.Start(); err != nil {
		return err
	}
	s.started = append(s.started, c)
	return nil
}

// stop ends what was started, the last first.
func (s *server) stop() {
	for i := len(s.started) - 1; i >= 0; i-- {
		s.started[i].Process.Kill() // nothing of it is kept
		s.started[i].Wait()
	}
}

// until asks until it is answered that all is well.
func until(ctx context.Context, client *http.Client, url string) error {
	limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(limited, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-limited.Done():
			return fmt.Errorf("%s is not ready: %w", url, limited.Err())
		case <-time.After(time.Second):
		}
	}
}
