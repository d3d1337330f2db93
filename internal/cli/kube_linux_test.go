package cli

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestInCluster runs where a Pod runs: no kubeconfig, an environment that names the service, and a ServiceAccount's
// files at the one place where client-go looks for them. That place is made in a mount namespace of a child process.
func TestInCluster(t *testing.T) {
	const inside = "STUCK_TEST_IN_CLUSTER"
	if os.Getenv(inside) != "" {
		asPod(t)
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestInCluster$", "-test.v")
	c.Env = append(os.Environ(), inside+"=1", "HOME="+t.TempDir(), "KUBECONFIG=", "POD_NAMESPACE=")
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}}
	out, err := c.CombinedOutput()
	switch {
	case c.Process == nil:
		t.Skipf("this machine gives no namespaces to tests: %v", err)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	}
}

// asPod is the test within the namespace.
func asPod(t *testing.T) {
	run, err := filepath.EvalSymlinks("/var/run")
	if err == nil {
		err = syscall.Mount("tmpfs", run, "tmpfs", 0, "")
	}
	if err != nil {
		t.Skipf("nothing can be mounted: %v", err)
	}
	server := newRecorder(t, true)
	cert, _ := server.certificate(t)
	ca, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	dir := "/var/run/secrets/kubernetes.io/serviceaccount"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"token": "of-the-account", "namespace": "mine", "ca.crt": string(ca)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := command(nil, "", nil); got.code != ExitFailed || !strings.Contains(got.err, "no kubeconfig names one") {
		t.Errorf("files without the environment: %+v", got)
	}
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("KUBERNETES_SERVICE_HOST", at.Hostname())
	t.Setenv("KUBERNETES_SERVICE_PORT", at.Port())
	for args, want := range map[string]struct{ namespace, token, as string }{
		"":                    {"mine", "of-the-account", ""},
		"-n shop":             {"shop", "of-the-account", ""},
		"--request-timeout 9": {"mine", "of-the-account", ""}, // kubectl asks localhost:8080 then
		"--as jane":           {"mine", "of-the-account", "jane"},
		"--token other":       {"mine", "other", ""},
		"--kubeconfig=":       {"mine", "of-the-account", ""},
	} {
		server.seen = nil
		got := command(nil, "", nil, strings.Fields(args)...)
		r := server.first(t, got)
		if r.URL.Path != "/api/v1/namespaces/"+want.namespace+"/pods" ||
			r.Header.Get("Authorization") != "Bearer "+want.token ||
			r.Header.Get("Impersonate-User") != want.as {
			t.Errorf("%q: %s %v", args, r.URL, r.Header)
		}
	}
}
