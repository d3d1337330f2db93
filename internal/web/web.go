// Package web hands a page to the person who runs the program, and to nobody else: on this machine alone, for who knows
// the key in the address, and to no page of another origin. It says when there is a newer page, and never waits for a
// reader. What stands on the page is decided above.
package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// How much one person needs, and nobody gets more of.
const (
	maxReaders     = 16 // pages that are kept current
	maxConnections = 64
	maxHeader      = 16 << 10
	headerTime     = 5 * time.Second
	writeTime      = 10 * time.Second // for a line of a stream
	pageTime       = time.Minute
	idleTime       = time.Minute
)

// A Content is one answer, for each query of an address.
type Content struct {
	Page func(url.Values) []byte
	// what tells a page how far it is from the newest one, on one line; nil where there will be no other
	State func(url.Values) []byte
}

// A Site is what is served.
type Site struct {
	Policy string // the Content-Security-Policy

	key   string
	hosts []string // that are this machine; others are names that somebody gave it

	making sync.Mutex // one page at a time

	mu      sync.Mutex
	content Content
	edition int
	next    chan struct{} // closed when there is a newer content
	readers int
}

// New is a site with a key of its own that is reached over a listener.
func New(l net.Listener, policy string) *Site {
	_, port, err := net.SplitHostPort(l.Addr().String())
	s := &Site{Policy: policy, key: rand.Text(), next: make(chan struct{})}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		if s.hosts = append(s.hosts, host+":"+port); err == nil && port == "80" {
			s.hosts = append(s.hosts, host)
		}
	}
	return s
}

// Listen opens a port of this machine that no other can reach; 0 is one that is free.
func Listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) { // it may have the other one alone
		return net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
	}
	return l, err
}

// URL is the address that only the person who runs the program knows.
func (s *Site) URL(l net.Listener) string { return "http://" + l.Addr().String() + "/" + s.key + "/" }

// Show takes the newest content. It waits for no reader.
func (s *Site) Show(c Content) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content = c
	s.edition++
	close(s.next)
	s.next = make(chan struct{})
}

// newest is the content, its edition, and what is closed when there is a newer one.
func (s *Site) newest() (Content, int, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.content, s.edition, s.next
}

// Serve serves until the context ends; then at once it is gone.
func (s *Site) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(io.Discard, "", 0), BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	err := server.Serve(&limited{l, make(chan struct{}, maxConnections)})
	if ctx.Err() != nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// ServeHTTP answers one request, or says nothing but that it does not.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range map[string]string{
		"Cache-Control":                "no-store",
		"Content-Security-Policy":      s.Policy,
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
	} {
		h.Set(name, value)
	}
	switch status := s.refuses(r); {
	case status == http.StatusMethodNotAllowed:
		h.Set("Allow", "GET, HEAD")
		fallthrough
	case status != 0:
		w.WriteHeader(status)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/events") {
		s.stream(w, r)
		return
	}
	s.page(w, r)
}

// refuses is the status of what is not answered, or 0. A name that resolves to this machine is not this machine (DNS
// rebinding), and what another page asks for is not asked for by the person, but for a link that they follow.
func (s *Site) refuses(r *http.Request) int {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	switch {
	case !slices.Contains(s.hosts, r.Host):
		return http.StatusForbidden
	case origin != "" && origin != "http://"+r.Host:
		return http.StatusForbidden
	case (site == "cross-site" || site == "same-site") && r.Header.Get("Sec-Fetch-Dest") != "document":
		return http.StatusForbidden
	case !s.knows(r.URL.Path):
		return http.StatusNotFound
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return http.StatusMethodNotAllowed
	}
	return 0
}

// knows reports whether a path has the key, and is one of the two that there are. It takes as long for a key that is
// nearly right.
func (s *Site) knows(path string) bool {
	key, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	known := subtle.ConstantTimeCompare([]byte(key), []byte(s.key)) == 1
	return known && (path == "/"+key+"/" || rest == "events")
}

// page answers with the newest page.
func (s *Site) page(w http.ResponseWriter, r *http.Request) {
	c, _, _ := s.newest()
	if c.Page == nil {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	s.making.Lock()
	data := c.Page(r.URL.Query())
	s.making.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(pageTime))
	_, _ = w.Write(data) // a reader who is gone needs no answer
}

// stream tells a page what is new, for as long as it listens. A slow one is told of the newest alone.
func (s *Site) stream(w http.ResponseWriter, r *http.Request) {
	c, edition, next := s.newest()
	if c.State == nil {
		w.WriteHeader(http.StatusNoContent) // a page that asks is told to ask no more
		return
	}
	if !s.enter(1) {
		w.Header().Set("Retry-After", "10")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer s.enter(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	control, query := http.NewResponseController(w), r.URL.Query()
	for {
		_ = control.SetWriteDeadline(time.Now().Add(writeTime))
		if _, err := fmt.Fprintf(w, "id: %d\ndata: %s\n\n", edition, c.State(query)); err != nil {
			return
		}
		if err := control.Flush(); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-next:
		}
		c, edition, next = s.newest()
	}
}

// enter counts readers who come and go, and reports whether there is room for one who comes.
func (s *Site) enter(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > 0 && s.readers+n > maxReaders {
		return false
	}
	s.readers += n
	return true
}
