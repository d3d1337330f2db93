package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
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
		return nil, failed("Correct the file, or leave --causes out.", "cannot use causes: %s: %v", s.blamed(own, err), err)
	}
	return all, nil
}

// catalogue is the same, ready to run.
func (s *session) catalogue() (*diagnose.Catalogue, error) {
	all, err := s.all()
	if err != nil {
		return nil, err
	}
	return diagnose.NewCatalogue(all)
}

// blamed is the file of the cause that an error of the catalogue names, else the folder.
func (s *session) blamed(own []*diagnose.Cause, err error) string {
	dir := filepath.ToSlash(filepath.Clean(s.causes))
	for _, c := range own {
		if strings.HasPrefix(err.Error(), "cause "+c.ID+":") || strings.HasPrefix(err.Error(), "cause "+c.ID+" ") {
			return path.Join(dir, c.ID, "cause.yaml")
		}
	}
	return dir
}

// ownCauses reads the causes of a site. None may have the id of one that is built in: reports would not say which is meant.
func (s *session) ownCauses(builtin []*diagnose.Cause) ([]*diagnose.Cause, error) {
	const todo = "--causes takes a folder that holds ID/cause.yaml, in the form of the built-in causes."
	if fi, err := os.Stat(s.causes); err != nil || !fi.IsDir() {
		return nil, failed(todo, "cannot read causes from %s: %s", s.causes, reason(err, "it is no folder"))
	}
	own, err := causes.Read(os.DirFS(s.causes))
	if err != nil {
		return nil, failed("Correct the file, or leave --causes out.", "cannot read causes: %s/%v", filepath.ToSlash(filepath.Clean(s.causes)), err)
	}
	if len(own) == 0 {
		return nil, failed(todo, "there are no causes in %s", s.causes)
	}
	for _, c := range own {
		if slices.ContainsFunc(builtin, func(b *diagnose.Cause) bool { return b.ID == c.ID }) {
			return nil, failed("Rename the folder.", "%s: there is a built-in cause of this id", path.Join(filepath.ToSlash(s.causes), c.ID, "cause.yaml"))
		}
	}
	return own, nil
}

// reason is the plain words of a file error, without the operation and the path that we say ourselves.
func reason(err error, otherwise string) string {
	var pe *fs.PathError
	switch {
	case err == nil:
		return otherwise
	case errors.As(err, &pe):
		return pe.Err.Error()
	}
	return err.Error()
}

// read makes a snapshot of what -f names. It is the only place that knows how.
func (s *session) read() (*cluster.Snapshot, error) {
	const todo = "-f takes a file or folder with YAML or JSON as kubectl prints it, what capture saved, or - for standard input."
	var sources []cluster.Source
	for _, n := range s.files {
		if n == "-" {
			sources = append(sources, cluster.Source{Name: "stdin", R: s.In, Time: s.written()})
			continue
		}
		fi, err := os.Stat(n)
		switch {
		case err != nil:
			return nil, failed(todo, "cannot read %s: %s", n, reason(err, ""))
		case !fi.IsDir():
			sources = append(sources, cluster.Source{Name: filepath.ToSlash(n), FS: os.DirFS(filepath.Dir(n)), Path: filepath.Base(n)})
		case len(s.files) == 1: // then the names of its files say enough
			sources = append(sources, cluster.Source{FS: os.DirFS(n)})
		default:
			sources = append(sources, cluster.Source{Name: filepath.ToSlash(n), FS: os.DirFS(n)})
		}
	}
	snap, err := cluster.ReadSources(time.Time{}, sources...)
	if err != nil {
		if sources[0].Name == "" {
			err = fmt.Errorf("-f %s: %w", s.files[0], err)
		}
		return nil, err
	}
	return snap, nil
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
