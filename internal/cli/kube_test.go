package cli

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/spf13/pflag"
)

// A recorder is an API server, or a proxy, with nothing in it that keeps the headers and URLs of what it is asked.
type recorder struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

func newRecorder(t *testing.T, secure bool) *recorder {
	t.Helper()
	r := &recorder{}
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.seen = append(r.seen, req)
		r.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}`)
	}))
	if secure {
		r.Server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
		r.Server.StartTLS()
	} else {
		r.Server.Start()
	}
	t.Cleanup(r.Server.Close)
	return r
}

// first is the first request that was seen.
func (r *recorder) first(t *testing.T, got outcome) *http.Request {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) == 0 {
		t.Fatalf("it was not asked: %+v", got)
	}
	return r.seen[0]
}

// certificate is the server's own, as a file; its key as well, so that it can be a client's too.
func (r *recorder) certificate(t *testing.T) (cert, key string) {
	t.Helper()
	own := r.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert = write(t, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate[0]})))
	return cert, write(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

// write makes a file in a folder of its own.
func write(t *testing.T, name, data string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(data), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

// kubeconfigOf is a kubeconfig with one context, whose user and cluster have these fields.
func kubeconfigOf(cluster, user string) string {
	return `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {` + cluster + `}}]
users: [{name: u, user: {` + user + `}}]
contexts: [{name: x, context: {cluster: c, user: u, namespace: shop}}]
current-context: x
`
}

// TestExecPlugin gets its token from a program, as clusters of all clouds have it.
func TestExecPlugin(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the plugin is a shell script")
	}
	server := newRecorder(t, true)
	ca, _ := server.certificate(t)
	plugin := write(t, "plugin", `#!/bin/sh
[ "$1 $WHO" = "get-token me" ] || exit 3
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"of-the-plugin"}}'
`)
	user := fmt.Sprintf(`exec: {apiVersion: client.authentication.k8s.io/v1, command: %q, args: [get-token],
      env: [{name: WHO, value: me}],
      interactiveMode: IfAvailable}`, plugin)
	t.Setenv("KUBECONFIG", write(t, "config", kubeconfigOf(fmt.Sprintf("server: %q, certificate-authority: %q", server.URL,
		ca), user)))
	got := command(nil, "", nil)
	if r := server.first(t, got); r.Header.Get("Authorization") != "Bearer of-the-plugin" {
		t.Errorf("%v, %+v", r.Header, got)
	}
}

// TestProxy reaches a server whose name only a proxy knows.
func TestProxy(t *testing.T) {
	for name, c := range map[string]struct {
		cluster string
		args    []string
	}{
		"kubeconfig": {"server: 'http://api.invalid:6443', proxy-url: 'PROXY'", nil},
		"flag":       {"server: 'http://api.invalid:6443'", []string{"--proxy-url", "PROXY"}},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := newRecorder(t, false)
			t.Setenv("KUBECONFIG", write(t, "config", kubeconfigOf(strings.ReplaceAll(c.cluster, "PROXY", proxy.URL), "")))
			var args []string
			for _, a := range c.args {
				args = append(args, strings.ReplaceAll(a, "PROXY", proxy.URL))
			}
			got := command(nil, "", nil, args...)
			if r := proxy.first(t, got); r.Host != "api.invalid:6443" || r.URL.Path != "/api/v1/namespaces/shop/pods" {
				t.Errorf("%s %s, %+v", r.Host, r.URL, got)
			}
		})
	}
}

// TestImpersonation sends whom to be taken for, all four parts.
func TestImpersonation(t *testing.T) {
	server := newRecorder(t, false)
	t.Setenv("KUBECONFIG", write(t, "config", kubeconfigOf(fmt.Sprintf("server: %q", server.URL), "")))
	got := command(nil, "", nil, strings.Fields(
		"--as jane --as-uid 7 --as-group dev --as-group ops --as-user-extra team=a "+
			"--as-user-extra team=b=c --as-user-extra scopes=view")...)
	want := http.Header{"Impersonate-User": {"jane"}, "Impersonate-Uid": {"7"}, "Impersonate-Group": {"dev", "ops"},
		"Impersonate-Extra-Team": {"a", "b=c"}, "Impersonate-Extra-Scopes": {"view"}}
	sent := http.Header{}
	for name, values := range server.first(t, got).Header {
		if strings.HasPrefix(name, "Impersonate-") {
			sent[name] = slices.Sorted(slices.Values(values))
		}
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("%+v\n%s", got, diff)
	}
	if got := command(nil, "", nil, "--as", "jane", "--as-user-extra", "team"); got.code != ExitFailed ||
		!strings.Contains(got.err, `"team"`) {
		t.Errorf("%+v", got)
	}
}

// TestSeveralKubeconfigs takes the parts of a context from several files, and the flags before those.
func TestSeveralKubeconfigs(t *testing.T) {
	one, two := newRecorder(t, false), newRecorder(t, false)
	clusters := write(t, "clusters",
		fmt.Sprintf(`{apiVersion: v1, kind: Config, clusters: [
  {name: one, cluster: {server: %q}}, {name: two, cluster: {server: %q}}]}`,
			one.URL, two.URL))
	contexts := write(t, "contexts", `{apiVersion: v1, kind: Config, current-context: first, contexts: [
  {name: first, context: {cluster: one, namespace: a}}, {name: second, context: {cluster: two, namespace: b}}]}`)
	t.Setenv("KUBECONFIG", strings.Join([]string{clusters, contexts, filepath.Join(t.TempDir(), "none")},
		string(filepath.ListSeparator)))
	for args, want := range map[string]struct {
		server    *recorder
		namespace string
	}{
		"": {one, "a"}, "--context second": {two, "b"}, "--cluster two": {two, "a"}, "-n c": {one,
			"c"}, "-n namespace/c": {one, "c"},
		"--context second -s " + one.URL: {one, "b"},
	} {
		one.seen, two.seen = nil, nil
		got := command(nil, "", nil, strings.Fields(args)...)
		if r := want.server.first(t, got); r.URL.Path != "/api/v1/namespaces/"+want.namespace+"/pods" {
			t.Errorf("%q: %s", args, r.URL)
		}
	}
	alone := write(t, "alone", kubeconfigOf(fmt.Sprintf("server: %q", two.URL), ""))
	two.seen = nil
	if r := two.first(t, command(nil, "", nil, "--kubeconfig", alone)); r.URL.Path != "/api/v1/namespaces/shop/pods" {
		t.Errorf("--kubeconfig: %s", r.URL)
	}
}

// TestCredentialFlags gives by flags what the kubeconfig lacks.
func TestCredentialFlags(t *testing.T) {
	server := newRecorder(t, true)
	cert, key := server.certificate(t)
	t.Setenv("KUBECONFIG", write(t, "config", kubeconfigOf(fmt.Sprintf("server: %q", server.URL),
		"")+"users: [{name: v, user: {token: of-v}}]\n"))
	for args, ok := range map[string]func(*http.Request) bool{
		"--insecure-skip-tls-verify --token secret": func(r *http.Request) bool {
			return r.Header.Get("Authorization") == "Bearer secret"
		},
		"--certificate-authority " + cert: func(r *http.Request) bool {
			return r.Header.Get("Authorization") == ""
		},
		"--certificate-authority " + cert + " --tls-server-name example.com": func(r *http.Request) bool {
			return r.TLS.ServerName == "example.com"
		},
		"--insecure-skip-tls-verify --client-certificate " + cert + " --client-key " + key: func(r *http.Request) bool {
			return len(r.TLS.PeerCertificates) == 1
		},
		"--insecure-skip-tls-verify": func(r *http.Request) bool {
			return r.Header.Get("Accept-Encoding") == "gzip"
		},
		"--insecure-skip-tls-verify --disable-compression": func(r *http.Request) bool {
			return r.Header.Get("Accept-Encoding") == ""
		},
		"--insecure-skip-tls-verify --server=" + server.URL + "/below": func(r *http.Request) bool {
			return strings.HasPrefix(r.URL.Path, "/below/api/")
		},
	} {
		server.mu.Lock()
		server.seen = nil
		server.mu.Unlock()
		got := command(nil, "", nil, strings.Fields(args)...)
		if r := server.first(t, got); !ok(r) {
			t.Errorf("%q: %s %v, %+v", args, r.URL, r.Header, got)
		}
	}
	got := command(nil, "", nil, "--certificate-authority", cert, "--tls-server-name", "other.invalid",
		"--request-timeout", "300ms")
	if got.code != ExitFailed || !strings.Contains(got.err, "certificate") {
		t.Errorf("another name than the certificate's: %+v", got)
	}
}

// TestNoPassword: basic authentication is gone from Kubernetes, and its flags would invite to write a password into a
// shell's history.
func TestNoPassword(t *testing.T) {
	for _, flag := range []string{"--username", "--password"} {
		if got := command(nil, "", nil, flag, "x"); got.code != ExitFailed ||
			!strings.Contains(got.err, "unknown flag: "+flag) {
			t.Errorf("%+v", got)
		}
	}
}

// TestRequestTimeout: the default is said once, and what kubectl takes is taken.
func TestRequestTimeout(t *testing.T) {
	t.Setenv("KUBECONFIG", write(t, "config", kubeconfig))
	for _, c := range []struct {
		args string
		want time.Duration // of a client: 0 is its default
		bad  bool
	}{
		{args: "", want: 0}, {args: "--request-timeout=30s", want: 0}, {args: "--request-timeout=10", want: 10 * time.Second},
		{args: "--request-timeout=2m", want: 2 * time.Minute}, {args: "--request-timeout=0", want: live.NoTimeout},
		{args: "--request-timeout=0s", want: live.NoTimeout}, {args: "--request-timeout=-1s",
			bad: true}, {args: "--request-timeout=soon", bad: true},
	} {
		k, flags := &kubeFlags{}, pflag.NewFlagSet("", pflag.ContinueOnError)
		k.add(flags)
		err := flags.Parse(strings.Fields(c.args))
		if (err != nil) != c.bad {
			t.Errorf("%s: %v", c.args, err)
			continue
		}
		if c.bad {
			continue
		}
		if cfg, _, err := k.connection(); err != nil || cfg.Timeout != c.want {
			t.Errorf("%s: %v, want a timeout of %s: %v", c.args, cfg, c.want, err)
		}
		if f := flags.Lookup("request-timeout"); f.DefValue != live.DefaultTimeout.String() {
			t.Errorf("the help says %s", f.DefValue)
		}
	}
}
