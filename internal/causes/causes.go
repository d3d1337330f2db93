// Package causes is the catalogue: every folder in it is one cause.
//
// A cause is its cause.yaml: where startup stops, the signs that give it away, and what a person should
// know and do. Where joins between objects decide, a find.go beside it does, and finders lists it.
// What is generated from the folders (here and in docs/causes) is made by go generate.
package causes

//go:generate go run ./gen

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	"sigs.k8s.io/yaml"
)

// file is the form of a cause.yaml.
type file struct {
	Stage       pod.Stage       `json:"stage"`
	Blame       string          `json:"blame"`
	Explains    []string        `json:"explains"`
	SelfHealing bool            `json:"heals"`
	Fallback    bool            `json:"last"`
	Signs       []match.Pattern `json:"signs"`
	Hints       []match.Pattern `json:"hints"`
	EN          diagnose.Text   `json:"en"`
	ZH          diagnose.Text   `json:"zh"`
}

// All returns the causes that are built in, ordered by id. They come from catalogue_gen.go, which gen makes of the
// folders: parsing all that YAML would take longer than most diagnoses.
func All() []*diagnose.Cause {
	all := builtin()
	for _, c := range all {
		c.Find = finders[c.ID]
	}
	return all
}

// Read reads every cause.yaml in the folders of a file system, built in or a site's own.
func Read(fsys fs.FS) ([]*diagnose.Cause, error) {
	names, err := fs.Glob(fsys, "*/cause.yaml")
	if err != nil {
		return nil, err
	}
	var all []*diagnose.Cause
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		c, err := parse(path.Dir(name), data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func parse(id string, data []byte) (*diagnose.Cause, error) {
	var f file
	if err := yaml.UnmarshalStrict(data, &f); err != nil {
		return nil, err
	}
	return &diagnose.Cause{ID: id, Stage: f.Stage, Blame: f.Blame, Explains: f.Explains, SelfHealing: f.SelfHealing, Fallback: f.Fallback, Signs: f.Signs, Hints: f.Hints,
		Find: finders[id], Text: map[string]diagnose.Text{"en": f.EN, "zh": f.ZH}}, nil
}
