package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
)

const (
	progressAfter = time.Second            // what is done by then tells nothing of its progress
	progressEvery = 200 * time.Millisecond // how often the line is written anew
)

// ticking are the ticks of the real world.
func ticking() (<-chan time.Time, func()) {
	t := time.NewTicker(progressEvery)
	return t.C, t.Stop
}

// A progress is a line on the error output that tells a person how much has been read. It is gone when that is done.
type progress struct {
	dump.Progress
	out    io.Writer
	width  int
	lang   string
	start  time.Time
	size   func() int64 // of all that is read; 0 where nobody knows; nil where a cluster is asked
	all    int64
	drawn  bool
	asked  bool // size was
	done   chan struct{}
	ended  chan struct{}
	finish func()
}

// progress begins to tell how much has been read, of what -f names or of a cluster. Its end has to be called before
// anything else is written. Nobody is told who has no terminal before them, or does not want to be.
func (s *session) progress() *progress {
	columns, _, person := s.person()
	if s.quiet || s.Ticks == nil || !person || s.Getenv("TERM") == "dumb" {
		return &progress{}
	}
	if len(s.files) > 0 && s.Asks {
		for _, n := range s.files {
			if n == "-" { // it is being typed
				return &progress{}
			}
		}
	}
	ticks, stop := s.Ticks()
	p := &progress{out: s.Err, width: columns, lang: s.language, start: s.Now(), finish: stop,
		done: make(chan struct{}), ended: make(chan struct{})}
	if len(s.files) > 0 {
		p.size = func() int64 { return sizeOf(s.files, s.In) }
	}
	go p.run(ticks)
	return p
}

func (p *progress) run(ticks <-chan time.Time) {
	defer close(p.ended)
	for {
		select {
		case <-p.done:
			return
		case now := <-ticks:
			if now.Sub(p.start) >= progressAfter {
				p.draw(now)
			}
		}
	}
}

// draw writes the line over the one that is there.
func (p *progress) draw(now time.Time) {
	args := []any{"pods", int(p.Pods.Load()), "time", now.Sub(p.start).Truncate(time.Second).String(),
		"read", sizeText(p.Bytes.Load())}
	code := "progress.cluster"
	if p.size != nil {
		if !p.asked {
			p.all, p.asked = p.size(), true
		}
		code = "progress.stream"
		if p.all > 0 {
			code, args = "progress.files", append(args, "all", sizeText(p.all))
		}
	}
	line := message.Of(code, args...).In(p.lang)
	n := render.Columns(line)
	if n >= p.width { // it would take two lines, of which only one could be taken back
		return
	}
	p.drawn = true
	_, _ = io.WriteString(p.out, "\r"+line+strings.Repeat(" ", p.width-1-n)) // whoever closed it does not want it
}

// end takes the line away.
func (p *progress) end() {
	if p.done == nil {
		return
	}
	p.finish()
	close(p.done)
	<-p.ended
	if p.done = nil; p.drawn {
		_, _ = io.WriteString(p.out, "\r"+strings.Repeat(" ", p.width-1)+"\r")
	}
}

// sizeOf is how many bytes files and folders have in all; 0 where one is a stream.
func sizeOf(files []string, in io.Reader) (all int64) {
	for _, name := range files {
		fi, err := os.Stat(name)
		if f, ok := in.(*os.File); ok && name == "-" {
			fi, err = f.Stat()
		}
		switch {
		case err != nil, !fi.IsDir() && !fi.Mode().IsRegular():
			return 0
		case !fi.IsDir():
			all += fi.Size()
			continue
		}
		_ = filepath.WalkDir(name, func(_ string, d fs.DirEntry, err error) error { // reading tells what is wrong
			if err == nil && d.Type().IsRegular() {
				if fi, err := d.Info(); err == nil {
					all += fi.Size()
				}
			}
			return nil
		})
	}
	return all
}

// sizeText is a number of bytes as people say it.
func sizeText(n int64) string {
	const mega = 1_000_000
	if n >= 1000*mega {
		return fmt.Sprintf("%.1f GB", float64(n)/(1000*mega))
	}
	return fmt.Sprintf("%d MB", n/mega)
}

// read reads a cluster, and counts the Pods.
func (p *progress) read(ctx context.Context, c *live.Client, scope live.Scope, o live.Options) (
	*cluster.Snapshot, error) {
	o.Seen = func() { p.Pods.Add(1) }
	return live.Collect(ctx, c, scope, o)
}

// collect is the same where nothing is done with it that takes its time.
func (p *progress) collect(ctx context.Context, c *live.Client, scope live.Scope, o live.Options) (
	*cluster.Snapshot, error) {
	defer p.end()
	return p.read(ctx, c, scope, o)
}
