package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/page"
	"github.com/kubestuck/stuck/internal/web"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A pipe is a listener in a bubble, and how to reach it.
type pipe struct {
	incoming chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.incoming:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipe) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipe) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

func (p *pipe) dial(context.Context, string, string) (net.Conn, error) {
	mine, theirs := net.Pipe()
	select {
	case p.incoming <- theirs:
		return mine, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// told is what a page is told of the newest answer.
type told struct {
	Problems map[string]string
	Old      [2]string
}

// inBrowser follows a cluster in a bubble with a browser beside it: what fetches a page, and what waits for the
// next state.
func inBrowser(t *testing.T, do func(p *play, get func(string) string, next func() told)) {
	inBubble(t, func(t *testing.T, p *play) {
		l := &pipe{incoming: make(chan net.Conn), closed: make(chan struct{})}
		v := &served{session: p.s, cat: catalogue(t), site: web.New(l, page.ServedPolicy()), listener: l}
		ctx, stop := context.WithCancel(t.Context())
		old := podOfWeb("1", "a", false)
		old.CreationTimestamp = metav1.NewTime(time.Now().Add(-time.Hour))
		p.Put(old)
		p.Put(eventFor(old, "Warning", "FailedMount",
			`MountVolume.SetUp failed for volume "conf" : configmap "conf" not found`))
		done := make(chan error)
		go func() { done <- v.follow(ctx, p.client, live.Scope{Namespace: "shop"}) }()
		transport := &http.Transport{DialContext: l.dial}
		browser := &http.Client{Transport: transport}
		time.Sleep(time.Second)
		synctest.Wait()
		url, _, _ := strings.Cut(p.out.String(), "\n")
		get := func(query string) string {
			answer, err := browser.Get(url + query)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != http.StatusOK ||
				answer.Header.Get("Content-Security-Policy") != page.ServedPolicy() {
				t.Fatal(answer.Status, err)
			}
			return string(text)
		}
		answer, err := browser.Get(url + "events")
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewScanner(answer.Body)
		next := func() told {
			for in.Scan() {
				if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
					var s told
					if err := json.Unmarshal([]byte(data), &s); err != nil {
						t.Fatal(err)
					}
					return s
				}
			}
			t.Fatal("the stream ended")
			return told{}
		}
		do(p, get, next)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		answer.Body.Close()
		transport.CloseIdleConnections()
	})
}

// TestWebFollows opens a problem and solves it while a browser looks.
func TestWebFollows(t *testing.T) {
	inBrowser(t, func(p *play, get func(string) string, next func() told) {
		if !strings.Contains(get(""), "ConfigMap conf does not exist") || len(next().Problems) != 1 {
			t.Fatal("the first problem is not shown")
		}
		second := podOfWeb("2", "b", false)
		second.CreationTimestamp = metav1.NewTime(time.Now().Add(-time.Hour))
		second.Spec.Volumes[0].ConfigMap.Name = "more"
		p.Put(second)
		p.Put(eventFor(second, "Warning", "FailedMount",
			`MountVolume.SetUp failed for volume "conf" : configmap "more" not found`))
		for len(next().Problems) != 2 {
		}
		if text := get("?cause=configmap-missing&lang=zh"); !strings.Contains(text, "ConfigMap more does not exist") ||
			!strings.Contains(text, "<html lang=\"zh\"") {
			t.Error("the second problem is not on the page")
		}
		p.Remove(second)
		for len(next().Problems) != 1 {
		}
	})
}

// TestWebWithoutServer loses the API server: the page says so, until it is back.
func TestWebWithoutServer(t *testing.T) {
	inBrowser(t, func(p *play, get func(string) string, next func() told) {
		if now := next(); now.Old[0] != "" {
			t.Errorf("at first: %+v", now)
		}
		p.Down(true)
		for next().Old[0] == "" {
		}
		if text := get(""); !strings.Contains(text, `data-state=old`) || !strings.Contains(text, "connection refused") ||
			!strings.Contains(text, "ConfigMap conf does not exist") {
			t.Error("the page does not say that it may be old, or forgets what was known")
		}
		p.Down(false)
		for next().Old[0] != "" {
		}
	})
}

// TestWebRefuses asks for what cannot be served.
func TestWebRefuses(t *testing.T) {
	l, err := web.Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	t.Setenv("KUBECONFIG", write(t, "config", kubeconfig))
	for args, want := range map[string]string{
		"web -f x --port " + port: "error: port " + port + " of this machine could not be opened: ",
		"web --port 70000":        `error: --port cannot be "70000"`,
		"web -f nowhere":          "error: cannot read nowhere: ",
		"web po/a po/b":           "error: the page follows one thing at a time\nGive one Pod",
		"web --cause nonsense":    "error: ",
	} {
		got := command(nil, "", nil, strings.Fields(args)...)
		if got.code != ExitFailed || !strings.HasPrefix(got.err, want) || got.out != "" {
			t.Errorf("%s: %d, %q %q, want %q", args, got.code, got.out, got.err, want)
		}
	}
}

// TestWebSaved serves what was saved, which stays as it is, and writes nothing anywhere.
func TestWebSaved(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	at := t.TempDir()
	if err := os.CopyFS(filepath.Join(at, "dump"), os.DirFS("../demo/dump")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(at)
	s := &session{App: &App{Out: in, Err: io.Discard, Getenv: func(string) string { return "" }, Now: time.Now},
		language: "en", output: "text", startingFor: 30 * time.Second, files: []string{"dump"}}
	done := make(chan error)
	go func() { done <- s.serve(ctx, 0, nil) }()
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(strings.TrimSpace(url) + "?namespace=shop")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if !strings.Contains(string(text), "api-tls") || strings.Contains(string(text), "id=fresh") {
		t.Errorf("the page: %.300s", text)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if all, _ := filepath.Glob("*"); len(all) != 1 {
		t.Errorf("written: %s", all)
	}
}

// TestMCPWithoutProgram hands over to a program that is not there.
func TestMCPWithoutProgram(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for lang, want := range map[string]string{
		"en": "error: kubectl-stuck-mcp is not in the PATH\nIt is a program of its own",
		"zh": "错误：PATH 中没有 kubectl-stuck-mcp\n它是单独的程序"} {
		got := command(map[string]string{"LC_ALL": lang}, "", nil, "mcp", "--context", "x", "-f", "y")
		if got.code != ExitFailed || !strings.HasPrefix(got.err, want) || got.out != "" {
			t.Errorf("%s: %d, %q %q", lang, got.code, got.out, got.err)
		}
	}
}
