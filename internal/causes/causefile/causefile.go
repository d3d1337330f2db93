// Package causefile reads causes from their folders, and says what is wrong with them: every fault, each with its line.
package causefile

import (
	"errors"
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
		data, err := ReadFile(fsys, name, Longest)
		if err != nil && !errors.Is(err, ErrNoPlainFile) {
			return nil, err
		}
		_, there := fs.Stat(fsys, path.Dir(name)+"/find.go")
		c, d := parse(name, data, there == nil && builtin == nil)
		if err != nil {
			d.faults = nil
			d.fault(0, "too-large", "n", Longest>>10)
		}
		all, read = append(all, c), append(read, d)
	}
	var sound []*diagnose.Cause
	var faults Faults
	for i, d := range read {
		d.others(all[i], all, builtin)
		slices.SortStableFunc(d.faults, func(a, b Fault) int { return a.Line - b.Line })
		if faults = append(faults, d.faults...); len(d.faults) == 0 {
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

// parse makes a cause of its file, as far as that is right. Where joins decide, a find.go stands beside it.
func parse(name string, data []byte, joins bool) (*diagnose.Cause, *decoder) {
	c := &diagnose.Cause{ID: path.Base(path.Dir(name))}
	d := &decoder{file: name, lines: map[string]int{"": 1}}
	var n yaml.Node
	switch err := yaml.Unmarshal(data, &n); {
	case err != nil:
		d.fault(0, "yaml", "error", strings.TrimPrefix(err.Error(), "yaml: "))
	case len(n.Content) == 0:
		d.fault(1, "empty")
	default:
		d.decode(n.Content[0], reflect.ValueOf(c).Elem(), "")
		if n.Content[0].Kind == yaml.MappingNode {
			form := d.faults
			d.check(c, joins)
			d.faults = append(form, elsewhere(d.faults[len(form):], form)...)
		}
	}
	return c, d
}
