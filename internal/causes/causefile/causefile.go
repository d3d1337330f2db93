// Package causefile reads causes from their folders, and says what is wrong with them: every fault, each with its line.
package causefile

import (
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"go.yaml.in/yaml/v3"
)

// A Fault is one thing that is wrong with a cause.yaml.
type Fault struct {
	File string
	Line int // 0 where it is no single line
	What message.Message
}

// Message says it, behind the place in which it is.
func (f Fault) Message() message.Message {
	if f.Line == 0 {
		return message.Of("cause.in-file", "file", f.File, "what", f.What)
	}
	return message.Of("cause.at-line", "file", f.File, "line", f.Line, "what", f.What)
}

// Faults are all that is wrong.
type Faults []Fault

// In are the faults with their files named as they are in a folder.
func (f Faults) In(folder string) Faults {
	out := slices.Clone(f)
	for i := range out {
		out[i].File = path.Join(folder, out[i].File)
	}
	return out
}

// Error says them in English, a line for each.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Message().In("en")
	}
	return strings.Join(lines, "\n")
}

// Read reads every cause.yaml in the folders of a file system, without a Find: the built-in ones, or a site's own,
// which come beside the built-in. Its error is Faults, unless it is of the file system;
// then it returns the causes without.
func Read(fsys fs.FS, builtin ...*diagnose.Cause) ([]*diagnose.Cause, error) {
	names, err := fs.Glob(fsys, "*/cause.yaml")
	if err != nil {
		return nil, err
	}
	var all []*diagnose.Cause
	var read []*decoder
	for _, name := range names {
		c, d, err := parse(fsys, name, builtin == nil)
		if err != nil {
			return nil, err
		}
		all, read = append(all, c), append(read, d)
	}
	var sound []*diagnose.Cause
	var faults Faults
	for i, d := range read {
		d.others(all[i], all, builtin)
		if faults = append(faults, d.placed()...); len(d.faults) == 0 {
			sound = append(sound, all[i])
		}
	}
	if faults != nil {
		return sound, faults
	}
	return all, nil
}

// elsewhere are the faults on whose lines there are none of the others, which may be why.
func elsewhere(faults, others []Fault) []Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f Fault) bool {
		return f.Line > 1 && slices.ContainsFunc(others, func(o Fault) bool { return o.Line == f.Line })
	})
}

// parse makes a cause of its files, as far as they are right. Where joins decide, a find.go stands beside them.
func parse(fsys fs.FS, name string, builtin bool) (*diagnose.Cause, *decoder, error) {
	c := &diagnose.Cause{ID: path.Base(path.Dir(name))}
	d := &decoder{file: name, lines: map[string]int{"": 1}}
	root, err := d.load(fsys)
	if root == nil || err != nil {
		return c, d, err
	}
	d.decode(root, reflect.ValueOf(c).Elem(), "")
	if root.Kind == yaml.MappingNode {
		_, there := fs.Stat(fsys, path.Dir(name)+"/find.go")
		form := d.faults
		d.check(c, there == nil && builtin)
		d.faults = append(form, elsewhere(d.faults[len(form):], form)...)
	}
	return c, d, nil
}
