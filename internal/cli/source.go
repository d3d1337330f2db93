package cli

import (
	"errors"
	"io"
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
	return diagnose.Run(s, c, diagnose.Options{For: max(young, 1)}) // 0 would mean the default
}

// catalogue is the causes that are built in and the site's own.
func (s *session) catalogue() (*diagnose.Catalogue, error) {
	all := causes.All()
	if s.causes == "" {
		return diagnose.NewCatalogue(all)
	}
	own, err := s.ownCauses(all)
	if err != nil {
		return nil, err
	}
	c, err := diagnose.NewCatalogue(append(all, own...))
	if err != nil {
		return nil, failed("Correct the file, or leave --causes out.", "cannot use causes: %s: %v", s.blamed(own, err), err)
	}
	return c, nil
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

// read makes a snapshot of what -f names.
//
// It is the only place that knows how files are read. Today [cluster.Read] takes one file system, so that
// several sources are laid into one; when it takes several sources itself, that goes away.
func read(names []string, stdin io.Reader) (*cluster.Snapshot, error) {
	const todo = "-f takes a file or folder with YAML or JSON as kubectl prints it, or - for standard input."
	all := memFS{}
	if fi, err := os.Stat(names[0]); len(names) == 1 && err == nil && fi.IsDir() {
		s, err := cluster.Read(os.DirFS(names[0]), time.Time{})
		if err != nil {
			return nil, failed(todo, "%s: %v", names[0], err)
		}
		return s, nil
	}
	for _, n := range names {
		if err := all.add(n, stdin); err != nil {
			return nil, failed(todo, "cannot read %s: %s", n, reason(err, ""))
		}
	}
	s, err := cluster.Read(all, time.Time{})
	if err != nil {
		return nil, failed(todo, "%s: %v", strings.Join(names, ", "), err)
	}
	return s, nil
}
