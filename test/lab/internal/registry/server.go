package registry

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
)

// User and password that the private registries take.
const user, password = "lab", "s3cret"

// Serve runs the DNS server on the address dns and all registries; dir is the lab's folder. It returns only with an
// error.
func Serve(dir, dns string) error {
	data := filepath.Join(dir, "data", "registry")
	if err := os.MkdirAll(data, 0o755); err != nil {
		return err
	}
	store := registry.New(registry.WithBlobHandler(registry.NewDiskBlobHandler(data)),
		registry.Logger(log.New(io.Discard, "", 0)))
	plain, err := net.Listen("tcp", "127.0.0.1:5000")
	if err != nil {
		return err
	}
	failed := make(chan error, 5)
	go func() { failed <- http.Serve(plain, store) }()
	go func() { failed <- serveDNS(dns) }()
	images := &library{host: plain.Addr().String(), bin: filepath.Join(dir, "bin")}
	if err := images.fill(filepath.Join(dir, "data", "pause.tar")); err != nil {
		return fmt.Errorf("make the lab's images: %w", err)
	}
	h := &hosts{store: store, images: images}
	pki := func(name string) string { return filepath.Join(dir, "pki", name) }
	go func() { failed <- serveTLS("127.0.0.1:443", pki("registry"), h) }()
	go func() { failed <- serveTLS("127.0.0.3:443", pki("badregistry"), h) }()
	go func() { failed <- http.ListenAndServe("127.0.0.4:443", h) }()
	if err := os.WriteFile(filepath.Join(dir, "run", "labd.ready"), nil, 0o644); err != nil {
		return err
	}
	return <-failed
}

func serveTLS(addr, pair string, h http.Handler) error {
	certificate, err := tls.LoadX509KeyPair(pair+".crt", pair+".key")
	if err != nil {
		return err
	}
	s := &http.Server{Addr: addr, Handler: h, TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}
	return s.ListenAndServeTLS("", "")
}

// hosts answers each host name in its own way; what is well passes on to the store.
type hosts struct {
	store  http.Handler
	images *library

	mu   sync.Mutex
	made map[string]bool // repositories fresh/NAME that were made on demand
}

func (h *hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	log.Printf("%s %s %s", host, r.Method, r.URL.Path)
	if host == "webhook.lab" {
		webhook(w, r)
		return
	}
	h.make(r.URL.Path)
	blob := strings.Contains(r.URL.Path, "/blobs/")
	switch {
	case host == "private.lab" && !basicAuth(r):
		w.Header().Set("WWW-Authenticate", `Basic realm="lab"`)
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
		return
	case host == "token.lab":
		if !token(w, r) {
			return
		}
	case host == "forbidden.lab":
		refuse(w, http.StatusForbidden, "DENIED", "requested access to the resource is denied")
		return
	case host == "limit.lab":
		refuse(w, http.StatusTooManyRequests, "TOOMANYREQUESTS",
			"You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: "+
				"https://www.docker.com/increase-rate-limit")
		return
	case host == "down.lab":
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		return
	case host == "hang.lab":
		<-r.Context().Done()
		return
	case host == "hangblob.lab" && blob:
		w.Header().Set("Content-Length", "100000000")
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return
	case host == "slow.lab" && blob:
		w = slow{w}
	case host == "corrupt.lab" && blob:
		w = corrupt{w}
	}
	h.store.ServeHTTP(w, r)
}

// make pushes the image of a repository fresh/NAME before it is asked for the first time.
func (h *hosts) make(url string) {
	repository, _, ok := strings.Cut(strings.TrimPrefix(url, "/v2/"), "/manifests/")
	if !ok || !strings.HasPrefix(repository, "fresh/") {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.made == nil {
		h.made = map[string]bool{}
	}
	if !h.made[repository] {
		h.made[repository] = true
		h.images.fresh(repository)
	}
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"errors": []map[string]any{{"code": code, "message": message}}})
}

func basicAuth(r *http.Request) bool {
	u, p, ok := r.BasicAuth()
	return ok && u == user && p == password
}

// token is a registry with a token service, as Docker Hub has: whoever asks gets a token, and only the right user one
// that is good. It answers the request itself and says false unless that carries a good one.
func token(w http.ResponseWriter, r *http.Request) bool {
	authorization := r.Header.Get("Authorization")
	if r.URL.Path != "/token" {
		if authorization == "Bearer granted" {
			return true
		}
		repository, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v2/"), "/manifests/")
		challenge := fmt.Sprintf(
			`Bearer realm="https://token.lab/token",service="token.lab",scope="repository:%s:pull"`, repository)
		if strings.HasPrefix(authorization, "Bearer") {
			challenge += `,error="insufficient_scope"`
		}
		w.Header().Set("WWW-Authenticate", challenge)
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
		return false
	}
	known := basicAuth(r) || r.Method == http.MethodPost && r.FormValue("username") == user &&
		r.FormValue("password") == password
	if !known && (authorization != "" || r.Method == http.MethodPost) {
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "incorrect username or password")
		return false
	}
	granted := "anonymous"
	if known {
		granted = "granted"
	}
	fmt.Fprintf(w, `{"token":%q,"access_token":%q,"expires_in":300}`, granted, granted)
	return false
}

// slow writes 256 KiB a second.
type slow struct{ http.ResponseWriter }

func (s slow) Write(b []byte) (int, error) {
	written := 0
	for len(b) > 0 {
		n, err := s.ResponseWriter.Write(b[:min(len(b), 64<<10)])
		written += n
		if err != nil {
			return written, err
		}
		s.ResponseWriter.(http.Flusher).Flush()
		b = b[n:]
		time.Sleep(250 * time.Millisecond)
	}
	return written, nil
}

// corrupt flips bits, so that no digest fits.
type corrupt struct{ http.ResponseWriter }

func (c corrupt) Write(b []byte) (int, error) {
	b = bytes.Clone(b)
	if len(b) > 10 {
		b[10] ^= 0xff
	}
	return c.ResponseWriter.Write(b)
}
