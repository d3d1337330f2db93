package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// site is one on a port of this machine that serves a content.
func site(t *testing.T, c Content) (*Site, net.Listener) {
	t.Helper()
	l, err := Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := New(l, "default-src 'none'")
	s.Show(c)
	return s, l
}

// serve serves a site until the test ends.
func serve(t *testing.T, s *Site, l net.Listener) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// saying is a content that says what it was asked for.
func saying(text string) Content {
	say := func(q url.Values) []byte { return []byte(text + q.Get("namespace")) }
	return Content{Page: say, State: say}
}

// from are the headers in which a browser says who asks, and for what.
func from(site, dest string) map[string]string {
	return map[string]string{"Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest}
}

// TestRefuses asks as others would who are no reader: they learn nothing, not even that they were near.
func TestRefuses(t *testing.T) {
	s, l := site(t, saying("the answer"))
	host := l.Addr().String()
	_, port, _ := net.SplitHostPort(host)
	path := "/" + s.key + "/"
	for name, c := range map[string]struct {
		method, path, host string
		header             map[string]string
		want               int
	}{
		"the reader":                {"GET", path, host, nil, 200},
		"localhost":                 {"GET", path, "localhost:" + port, nil, 200},
		"HEAD":                      {"HEAD", path, host, nil, 200},
		"own origin":                {"GET", path, host, map[string]string{"Origin": "http://" + host}, 200},
		"own fetch":                 {"GET", path, host, from("same-origin", "empty"), 200},
		"a link somewhere":          {"GET", path, host, from("cross-site", "document"), 200},
		"no key":                    {"GET", "/", host, nil, 404},
		"wrong key":                 {"GET", "/AAAAAAAAAAAAAAAAAAAAAAAAAA/", host, nil, 404},
		"half a key":                {"GET", path[:10] + "/", host, nil, 404},
		"key without a slash":       {"GET", strings.TrimSuffix(path, "/"), host, nil, 404},
		"events without a key":      {"GET", "/events", host, nil, 404},
		"another path":              {"GET", path + "other", host, nil, 404},
		"below events":              {"GET", path + "events/x", host, nil, 404},
		"dots":                      {"GET", path + "../" + s.key + "/", host, nil, 404},
		"rebound name":              {"GET", path, "evil.example:" + port, nil, 403},
		"name that begins alike":    {"GET", path, host + ".evil.example", nil, 403},
		"other port":                {"GET", path, "127.0.0.1:1", nil, 403},
		"no host":                   {"GET", path, "", nil, 403},
		"other origin":              {"GET", path, host, map[string]string{"Origin": "http://evil.example"}, 403},
		"own name, other scheme":    {"GET", path, host, map[string]string{"Origin": "https://" + host}, 403},
		"no origin that has a name": {"GET", path, host, map[string]string{"Origin": "null"}, 403},
		"script of another site":    {"GET", path, host, from("cross-site", "script"), 403},
		"frame of another port":     {"GET", path, host, from("same-site", "iframe"), 403},
		"POST":                      {"POST", path, host, nil, 405},
		"DELETE":                    {"DELETE", path, host, nil, 405},
		"OPTIONS":                   {"OPTIONS", path + "events", host, nil, 405},
		"POST without a key":        {"POST", "/", host, nil, 404},
	} {
		r := httptest.NewRequest(c.method, "http://x"+c.path, nil)
		r.Host = c.host
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
		if c.want != 200 && w.Body.Len() > 0 {
			t.Errorf("%s: is told %q", name, w.Body)
		}
		for h, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
			"X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := w.Header().Get(h); got != want {
				t.Errorf("%s: %s is %q", name, h, got)
			}
		}
		if w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: others may read it", name)
		}
	}
}

// TestKeys holds that no two sites have the same key, and that it is long.
func TestKeys(t *testing.T) {
	one, l := site(t, saying(""))
	two, _ := site(t, saying(""))
	if one.key == two.key || len(one.key) < 26 || !strings.Contains(one.URL(l), "/"+one.key+"/") {
		t.Errorf("%s, %s, %s", one.key, two.key, one.URL(l))
	}
	if host, _, _ := net.SplitHostPort(l.Addr().String()); !net.ParseIP(host).IsLoopback() {
		t.Errorf("others reach %s", host)
	}
}

// TestPortInUse opens a port twice.
func TestPortInUse(t *testing.T) {
	_, l := site(t, saying(""))
	if second, err := Listen(l.Addr().(*net.TCPAddr).Port); err == nil {
		second.Close()
		t.Error("a port was opened twice")
	}
}

// lines reads the states that a stream tells.
func lines(t *testing.T, at string) (next func() string, end func()) {
	t.Helper()
	answer, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(answer.Status, answer.Header)
	}
	in := bufio.NewScanner(answer.Body)
	return func() string {
		for in.Scan() {
			if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
				return data
			}
		}
		return "end"
	}, func() { answer.Body.Close() }
}

// TestStream follows what is shown: each reader is told of the part that it asked for, and of the newest alone.
func TestStream(t *testing.T) {
	s, l := site(t, saying("opened "))
	serve(t, s, l)
	one, end := lines(t, s.URL(l)+"events?namespace=shop")
	defer end()
	two, endTwo := lines(t, s.URL(l)+"events")
	defer endTwo()
	if a, b := one(), two(); a != "opened shop" || b != "opened " {
		t.Errorf("at first: %q, %q", a, b)
	}
	s.Show(saying("solved "))
	if a, b := one(), two(); a != "solved shop" || b != "solved " {
		t.Errorf("then: %q, %q", a, b)
	}
	answer, err := http.Get(s.URL(l) + "?namespace=shop")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if page, _ := io.ReadAll(answer.Body); string(page) != "solved shop" {
		t.Errorf("the page: %q", page)
	}
}

// TestSavedHasNoStream tells a page of an answer that stays as it is to ask no more.
func TestSavedHasNoStream(t *testing.T) {
	c := saying("x")
	c.State = nil
	s, l := site(t, c)
	serve(t, s, l)
	answer, err := http.Get(s.URL(l) + "events")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		t.Error(answer.Status)
	}
}

// TestSlowReader has a reader who never reads: nobody waits for it, and after a while it is let go.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{incoming: make(chan net.Conn), closed: make(chan struct{})}
		s := New(l, "")
		s.Show(saying(""))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Serve(ctx, l) }()
		mine, theirs := net.Pipe()
		l.incoming <- theirs
		fmt.Fprintf(mine, "GET /%s/events HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", s.key)
		synctest.Wait()
		if s.readers != 1 {
			t.Fatalf("%d readers", s.readers)
		}
		began := time.Now()
		for i := range 1000 {
			s.Show(saying(fmt.Sprint(i)))
		}
		if time.Since(began) > 0 {
			t.Error("a slow reader is waited for")
		}
		time.Sleep(2 * writeTime)
		synctest.Wait()
		if s.readers != 0 {
			t.Errorf("%d readers are left", s.readers)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// pipes is a listener that hands out what it is given.
type pipes struct {
	incoming chan net.Conn
	closed   chan struct{}
	is       atomic.Bool
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.incoming:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	if p.is.CompareAndSwap(false, true) {
		close(p.closed)
	}
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// TestManyReaders holds that there are only so many, that one who goes makes room, and that pages are still served.
func TestManyReaders(t *testing.T) {
	s, l := site(t, saying("x"))
	serve(t, s, l)
	var ends []func()
	for range maxReaders {
		next, end := lines(t, s.URL(l)+"events")
		next()
		ends = append(ends, end)
	}
	status := func(path string) int {
		answer, err := http.Get(s.URL(l) + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	if got := status("events"); got != http.StatusServiceUnavailable {
		t.Errorf("one too many: %d", got)
	}
	if got := status(""); got != http.StatusOK {
		t.Errorf("the page: %d", got)
	}
	for _, end := range ends {
		end()
	}
	for s.enter(0); !s.enter(maxReaders); {
		s.Show(saying("x")) // whoever is gone is found when there is something to tell
	}
}

// TestManyConnections holds that only so many are open at a time: who comes later waits until one of them goes.
func TestManyConnections(t *testing.T) {
	inner := &pipes{incoming: make(chan net.Conn, 3), closed: make(chan struct{})}
	l := &limited{inner, make(chan struct{}, 2)}
	for range 3 {
		a, _ := net.Pipe()
		inner.incoming <- a
	}
	first, _ := l.Accept()
	if _, err := l.Accept(); err != nil {
		t.Fatal(err)
	}
	third := make(chan net.Conn)
	go func() {
		c, _ := l.Accept()
		third <- c
	}()
	select {
	case <-third:
		t.Fatal("a third connection was taken")
	default:
	}
	first.Close()
	first.Close() // which makes room once
	if c := <-third; c == nil || len(l.free) != 2 {
		t.Errorf("%v, %d taken", c, len(l.free))
	}
}

// TestEndsAtOnce ends while somebody listens.
func TestEndsAtOnce(t *testing.T) {
	s, l := site(t, saying("x"))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Serve(ctx, l) }()
	next, end := lines(t, s.URL(l)+"events")
	defer end()
	next()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := next(); got != "end" {
		t.Errorf("the reader is told %q", got)
	}
	if _, err := http.Get(s.URL(l)); err == nil {
		t.Error("it still answers")
	}
}

// TestNothingYet asks before there is an answer.
func TestNothingYet(t *testing.T) {
	l, err := Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	s := New(l, "")
	serve(t, s, l)
	answer, err := http.Get(s.URL(l))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusServiceUnavailable {
		t.Error(answer.Status)
	}
}
