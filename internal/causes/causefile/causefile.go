// Package causefile reads causes from their folders, and says what is wrong with them: every fault, each with its line.
package causefile

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"go.yaml.in/yaml/v3"
)

// A Fault is one thing that is wrong with a cause.yaml.
type Fault struct {
	File string
	Line int // 0 where it is no single line
	Text string
}

func (f Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Faults are all that is wrong.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Read reads every cause.yaml in the folders of a file system, without a Find. Its error is Faults, unless it is of the
// file system.
func Read(fsys fs.FS) ([]*diagnose.Cause, error) {
	names, err := fs.Glob(fsys, "*/cause.yaml")
	if err != nil {
		return nil, err
	}
	var all []*diagnose.Cause
	var faults Faults
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		c, wrong := parse(name, data)
		all, faults = append(all, c), append(faults, wrong...)
	}
	if faults != nil {
		return nil, faults
	}
	return all, nil
}

// parse makes a cause of its file, as far as that is right.
func parse(name string, data []byte) (*diagnose.Cause, Faults) {
	c := &diagnose.Cause{ID: path.Base(path.Dir(name))}
	d := &decoder{file: name, lines: map[string]int{}}
	var n yaml.Node
	if err := yaml.Unmarshal(data, &n); err != nil {
		d.fault(0, "this is no YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return c, d.faults
	}
	if len(n.Content) == 0 {
		d.fault(1, "there is nothing in it")
		return c, d.faults
	}
	d.decode(n.Content[0], reflect.ValueOf(c).Elem(), "")
	d.check(c)
	return c, d.faults
}
