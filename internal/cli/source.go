package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/message"
)

// all is the causes that are built in and the site's own.
func (s *session) all() ([]*diagnose.Cause, error) {
	all := causes.All()
	if s.causes == "" {
		return all, nil
	}
	own, err := s.ownCauses()
	if err != nil {
		return nil, err
	}
	return append(all, own...), nil
}

// badCause is the error where a site's causes cannot be used.
func (s *session) badCause(err error) error {
	if faults := (causefile.Faults)(nil); errors.As(err, &faults) {
		return failedBy(faults.In(s.folder()), message.Of("cli.causes.faults", "folder", s.folder()),
			message.Of("cli.causes.mend"))
	}
	return failedBy(err, message.Of("cli.causes.read", "folder", s.folder(), "why", reason(err)),
		message.Of("cli.causes.mend"))
}

// folder is what --causes names, as messages show it.
func (s *session) folder() string { return filepath.ToSlash(filepath.Clean(s.causes)) }

// catalogue is the same, ready to run.
func (s *session) catalogue() (*diagnose.Catalogue, error) {
	all, err := s.all()
	if err != nil {
		return nil, err
	}
	return diagnose.NewCatalogue(all)
}

// ownCauses reads the causes of a site. Where some are wrong it returns the others.
func (s *session) ownCauses() ([]*diagnose.Cause, error) {
	form := message.Of("cli.causes.form")
	var why any = message.Of("cli.causes.folder")
	fi, err := os.Stat(s.causes)
	if err != nil {
		why = reason(err)
	}
	if err != nil || !fi.IsDir() {
		return nil, failedBy(err, message.Of("cli.causes.read", "folder", s.causes, "why", why), form)
	}
	own, err := causes.ReadOwn(os.DirFS(s.causes))
	if err != nil {
		return own, s.badCause(err)
	}
	if len(own) == 0 {
		return nil, failed(message.Of("cli.causes.none", "folder", s.causes), form)
	}
	return own, nil
}

// read makes a snapshot of what -f names. It is the only place that knows how.
func (s *session) read(ctx context.Context, cat *diagnose.Catalogue, p *progress) (*cluster.Snapshot, error) {
	var sources []dump.Source
	for _, n := range s.files {
		if n == "-" {
			sources = append(sources, dump.Source{Name: "stdin", R: s.In, Time: s.inputTime()})
			continue
		}
		fi, err := os.Stat(n)
		switch {
		case err != nil:
			return nil, failedBy(err, message.Of("cli.read", "file", n, "why", reason(err)),
				message.Of("cli.read.takes"))
		case fi.Mode()&fs.ModeNamedPipe != 0:
			f, err := openPipe(n, pipeWait)
			if err != nil {
				return nil, failedBy(err, message.Of("cli.read", "file", n, "why", reason(err)), message.Of("cli.read.takes"))
			}
			defer f.Close()
			sources = append(sources, dump.Source{Name: filepath.ToSlash(n), R: f, Time: s.Now()})
		case !fi.IsDir():
			sources = append(sources, dump.Source{
				Name: filepath.ToSlash(n), FS: os.DirFS(filepath.Dir(n)), Path: filepath.Base(n),
			})
		case len(s.files) == 1: // then the names of its files say enough
			sources = append(sources, dump.Source{FS: os.DirFS(n)})
		default:
			sources = append(sources, dump.Source{Name: filepath.ToSlash(n), FS: os.DirFS(n)})
		}
	}
	for i := range sources {
		sources[i].Unpack, sources[i].Gave, sources[i].Progress = unpackWith(ctx), s.given.add, &p.Progress
		if cat != nil {
			sources[i].Knows, sources[i].Words = cat.Knows, cat.Words
		}
	}
	snap, err := dump.ReadSources(time.Time{}, sources...)
	if err != nil && sources[0].Name == "" {
		return nil, failedBy(err, message.Of("cli.folder", "folder", s.files[0], "why", message.Because(err)),
			message.Message{})
	}
	return snap, err
}

// pipeWait is how long somebody may take to begin to write into a pipe that -f names.
const pipeWait = 10 * time.Second

// openPipe opens a named pipe, which waits until somebody writes into it: for a while.
func openPipe(name string, wait time.Duration) (*os.File, error) {
	type opened struct {
		f   *os.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.Open(name)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		return o.f, o.err
	case <-time.After(wait):
		return nil, &message.Error{What: message.Of("cli.pipe.silent", "time", wait.String())}
	}
}

// inputTime is when what comes from standard input was written: a file's time, and for a pipe the time now.
func (s *session) inputTime() time.Time {
	if f, ok := s.In.(*os.File); ok {
		if fi, err := f.Stat(); err == nil && fi.Mode().IsRegular() {
			return fi.ModTime()
		}
	}
	return s.Now()
}
