package causefile

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// variantFiles are the files beside a cause.yaml that hold variants: a cause of which much is to be said would be too
// long for one file. Each is what stands below variants.
const variantFiles = "variants*.yaml"

// A part is one file of a cause. Lines are counted through all of them, as in go/token, so that a line also says in
// which part it is.
type part struct {
	file  string
	above int // lines of the parts before it
}

// load reads the parts of a cause into one node. What is wrong with one of them becomes a fault.
func (d *decoder) load(fsys fs.FS) (*yaml.Node, error) {
	more, err := fs.Glob(fsys, path.Join(path.Dir(d.file), variantFiles))
	if err != nil {
		return nil, err
	}
	var whole *yaml.Node
	for _, name := range append([]string{d.file}, more...) {
		data, err := ReadFile(fsys, name, Longest)
		switch {
		case errors.Is(err, ErrNoPlainFile):
			d.parts = append(d.parts, part{name, d.lineCount})
			d.fault(d.lineCount, "too-large", "n", Longest>>10)
			return nil, nil
		case err != nil:
			return nil, err
		}
		root := d.parse(name, data)
		switch {
		case root == nil:
			return nil, nil
		case whole == nil:
			whole = root
		case root.Kind != yaml.MappingNode:
			d.fault(root.Line, "wants-keys", "at", name, "is", called(root))
		case whole.Kind == yaml.MappingNode:
			variants := entry(whole, "variants")
			variants.Content = append(variants.Content, root.Content...)
		}
	}
	return whole, nil
}

// parse reads one part. It is nil where that is no YAML, or nothing.
func (d *decoder) parse(name string, data []byte) *yaml.Node {
	above := d.lineCount
	d.parts = append(d.parts, part{name, above})
	d.lineCount += bytes.Count(data, []byte("\n")) + 2 // with a last line without an end, and line 0, which is all
	var doc yaml.Node
	switch err := yaml.Unmarshal(data, &doc); {
	case err != nil:
		d.fault(above, "yaml", "error", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	case len(doc.Content) == 0:
		d.fault(above+1, "empty")
		return nil
	}
	lower(&doc, above)
	return doc.Content[0]
}

// lower counts the lines of a node and of all in it from further up. An alias is no node of its own.
func lower(n *yaml.Node, lines int) {
	n.Line += lines
	for _, in := range n.Content {
		lower(in, lines)
	}
}

// entry is the value of a key in a mapping, which is an empty mapping where the key is not there.
func entry(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	value := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: mapping.Line}
	mapping.Content = append(mapping.Content,
		&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key, Line: mapping.Line}, value)
	return value
}

// placed are the faults in order, each with its file and the line there.
func (d *decoder) placed() Faults {
	slices.SortStableFunc(d.faults, func(a, b Fault) int { return a.Line - b.Line })
	for i := range d.faults {
		f := &d.faults[i]
		in := d.parts[0]
		for _, p := range d.parts[1:] {
			if f.Line >= p.above {
				in = p
			}
		}
		f.File, f.Line = in.file, f.Line-in.above
	}
	return d.faults
}
