// Package causes is the catalogue: every folder in it is one cause.
//
// A cause is its cause.yaml: where startup stops, the signs that give it away, and what a person should
// know and do. Where joins between objects decide, a find.go beside it does, and finders lists it.
// What is generated from the folders (here and in docs/causes) is made by go generate.
package causes

//go:generate go run ./gen

import (
	"io/fs"

	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// All returns the causes that are built in, ordered by id. They come from catalogue_gen.go, which gen makes of the
// folders: parsing all that YAML would take longer than most diagnoses.
func All() []*diagnose.Cause {
	all := make([]*diagnose.Cause, len(builtin))
	for i, c := range builtin {
		c.Find, c.FindMissing = finders[c.ID], missingFinders[c.ID]
		all[i] = &c
	}
	return all
}

// Read reads the built-in causes from their folders, as they are now.
func Read(folders fs.FS) ([]*diagnose.Cause, error) {
	all, err := causefile.Read(folders)
	for _, c := range all {
		c.Find, c.FindMissing = finders[c.ID], missingFinders[c.ID]
	}
	return all, err
}

// ReadOwn reads a site's own causes, which stand beside the built-in ones; see [causefile.Read].
func ReadOwn(folders fs.FS) ([]*diagnose.Cause, error) { return causefile.Read(folders, All()...) }
