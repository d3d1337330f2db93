package cli

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
)

func run(s *cluster.Snapshot, c *diagnose.Catalogue, young time.Duration) *diagnose.Report {
	return diagnose.Run(s, c, options(young))
}

func options(young time.Duration) diagnose.Options {
	return diagnose.Options{For: max(young, 1)} // 0 would mean the default
}

// all is the causes that are built in and the site's own.
func (s *session) all() ([]*diagnose.Cause, error) {
	all := causes.All()
	if s.causes == "" {
		return all, nil
	}
	own, err := s.ownCauses(all)
	if err != nil {
		return nil, err
	}
	all = append(all, own...)
	if _, err := diagnose.NewCatalogue(all); err != nil {
		return nil, s.badCause(s.blamed(own), err)
	}
	return all, nil
}

// blamed is the file of the first cause with which the built-in ones are no catalogue, else the folder.
func (s *session) blamed(own []*diagnose.Cause) string {
	for _, c := range own {
		if _, err := diagnose.NewCatalogue(append(causes.All(), c)); err != nil {
			return path.Join(s.folder(), c.ID, "cause.yaml")
		}
	}
	return s.folder()
}

// badCause is the error where a site's causes cannot be used: the first that is wrong.
func (s *session) badCause(file string, err error) error {
	why := reason(err)
	if faults := (causefile.Faults)(nil); errors.As(err, &faults) && len(faults) > 0 {
		file, why = path.Join(s.folder(), faults[0].File), faults[0].Text
		if faults[0].Line > 0 {
			file += ":" + strconv.Itoa(faults[0].Line)
		}
	}
	return failedBy(err, message.Of("cli.causes.use", "file", file, "why", why), message.Of("cli.causes.mend"))
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

// ownCauses reads the causes of a site. None may have the id of one that is built in: reports would not say which is meant.
func (s *session) ownCauses(builtin []*diagnose.Cause) ([]*diagnose.Cause, error) {
	form := message.Of("cli.causes.form")
	var why any = message.Of("cli.causes.folder")
	fi, err := os.Stat(s.causes)
	if err != nil {
		why = reason(err)
	}
	if err != nil || !fi.IsDir() {
		return nil, failedBy(err, message.Of("cli.causes.read", "folder", s.causes, "why", why), form)
	}
	own, err := causes.Read(os.DirFS(s.causes))
	if err != nil {
		return nil, s.badCause(s.folder(), err)
	}
	if len(own) == 0 {
		return nil, failed(message.Of("cli.causes.none", "folder", s.causes), form)
	}
	for _, c := range own {
		if slices.ContainsFunc(builtin, func(b *diagnose.Cause) bool { return b.ID == c.ID }) {
			file := path.Join(s.folder(), c.ID, "cause.yaml")
			return nil, failed(message.Of("cli.causes.twice", "file", file), message.Of("cli.causes.rename"))
		}
	}
	return own, nil
}

// read makes a snapshot of what -f names. It is the only place that knows how.
func (s *session) read() (*cluster.Snapshot, error) {
	var sources []cluster.Source
	for _, n := range s.files {
		if n == "-" {
			sources = append(sources, cluster.Source{Name: "stdin", R: s.In, Time: s.written()})
			continue
		}
		fi, err := os.Stat(n)
		switch {
		case err != nil:
			return nil, failedBy(err, message.Of("cli.read", "file", n, "why", reason(err)), message.Of("cli.read.takes"))
		case !fi.IsDir():
			sources = append(sources, cluster.Source{
				Name: filepath.ToSlash(n), FS: os.DirFS(filepath.Dir(n)), Path: filepath.Base(n),
			})
		case len(s.files) == 1: // then the names of its files say enough
			sources = append(sources, cluster.Source{FS: os.DirFS(n)})
		default:
			sources = append(sources, cluster.Source{Name: filepath.ToSlash(n), FS: os.DirFS(n)})
		}
	}
	snap, err := cluster.ReadSources(time.Time{}, sources...)
	if err != nil && sources[0].Name == "" {
		return nil, fmt.Errorf("-f %s: %w", s.files[0], err)
	}
	return snap, err
}

// written is when what comes from standard input was written: a file's time, and for a pipe the time now.
func (s *session) written() time.Time {
	if f, ok := s.In.(*os.File); ok {
		if fi, err := f.Stat(); err == nil && fi.Mode().IsRegular() {
			return fi.ModTime()
		}
	}
	return s.Now()
}
