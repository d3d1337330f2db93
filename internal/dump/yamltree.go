package dump

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
)

// Bounds on what one YAML object may become. A Kubernetes object is far from them; a bomb of aliases is not.
const (
	maxDepth   = 200
	maxAliased = 100_000 // nodes that are there because an alias repeats them
)

// A yamlTree turns the tree of a YAML object into JSON, and notes on which line each field stands.
type yamlTree struct {
	json    []byte
	outline cluster.Outline
	line    int // the last one that outline tells
	depth   int
	aliases int // around the current node
	aliased int
}

// add appends a node and all below it.
func (t *yamlTree) add(n *yaml.Node) error {
	if t.depth++; t.depth > maxDepth {
		return &message.Error{What: message.Of("yaml.too-deep")}
	}
	defer func() { t.depth-- }()
	if t.aliases > 0 {
		if t.aliased++; t.aliased > maxAliased {
			return &message.Error{What: message.Of("yaml.aliases")}
		}
	}
	switch n.Kind {
	case yaml.MappingNode:
		return t.mapping(n)
	case yaml.SequenceNode:
		return t.sequence(n)
	case yaml.AliasNode:
		t.aliases++
		defer func() { t.aliases-- }()
		return t.add(n.Alias)
	}
	t.outline = t.outline.Scalar()
	t.json = appendScalar(t.json, n)
	return nil
}

func (t *yamlTree) mapping(n *yaml.Node) error {
	entries, err := t.entries(n, nil)
	if err != nil {
		return err
	}
	t.outline = t.outline.Mapping(len(entries) / 2)
	t.json = append(t.json, '{')
	for i := 0; i < len(entries); i += 2 {
		k, v := entries[i], entries[i+1]
		if i > 0 {
			t.json = append(t.json, ',')
		}
		t.json = appendQuoted(t.json, k.Value)
		t.json = append(t.json, ':')
		t.outline = t.outline.Key(k.Value, t.lines(k))
		if err := t.add(v); err != nil {
			return err
		}
	}
	t.json = append(t.json, '}')
	return nil
}

// entries lists keys and values of a mapping, with what << merges into it first, so that its own entries win.
func (t *yamlTree) entries(n *yaml.Node, out []*yaml.Node) ([]*yaml.Node, error) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := resolve(n.Content[i]), n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			return nil, &message.Error{What: message.Of("yaml.key")}
		}
		if k.Tag != "!!merge" {
			continue
		}
		from := []*yaml.Node{v}
		if v = resolve(v); v.Kind == yaml.SequenceNode {
			from = v.Content
		}
		for _, m := range from {
			if t.aliased++; t.aliased > maxAliased {
				return nil, &message.Error{What: message.Of("yaml.merge-keys")}
			}
			if m = resolve(m); m.Kind != yaml.MappingNode {
				return nil, &message.Error{What: message.Of("yaml.merge-key")}
			}
			var err error
			if out, err = t.entries(m, out); err != nil {
				return nil, err
			}
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := resolve(n.Content[i]); k.Tag != "!!merge" {
			out = append(out, k, n.Content[i+1])
		}
	}
	return out, nil
}

func resolve(n *yaml.Node) *yaml.Node {
	for range maxDepth {
		if n.Kind != yaml.AliasNode {
			return n
		}
		n = n.Alias
	}
	return n
}

func (t *yamlTree) sequence(n *yaml.Node) error {
	t.outline = t.outline.Sequence(len(n.Content))
	t.json = append(t.json, '[')
	for i, item := range n.Content {
		if i > 0 {
			t.json = append(t.json, ',')
		}
		t.outline = t.outline.Item(t.lines(item))
		if err := t.add(item); err != nil {
			return err
		}
	}
	t.json = append(t.json, ']')
	return nil
}

// lines is how far below the last told line a node stands. What an alias repeats stands where the alias does.
func (t *yamlTree) lines(n *yaml.Node) int {
	if t.aliases > 0 {
		return 0
	}
	d := n.Line - t.line
	t.line = n.Line
	return d
}

// appendScalar appends a scalar as JSON. Times are text in Kubernetes, and so is what has a tag of its own.
func appendScalar(out []byte, n *yaml.Node) []byte {
	switch n.ShortTag() {
	case "!!null":
		return append(out, "null"...)
	case "!!bool":
		return strconv.AppendBool(out, strings.EqualFold(n.Value, "true"))
	case "!!int", "!!float":
		if jsontext.Value(n.Value).IsValid() {
			return append(out, n.Value...)
		}
		var i int64
		if n.Decode(&i) == nil {
			return strconv.AppendInt(out, i, 10)
		}
		var f float64
		if n.Decode(&f) == nil && f-f == 0 { // neither infinite nor NaN
			return strconv.AppendFloat(out, f, 'g', -1, 64)
		}
	case "!!binary":
		return appendQuoted(out, strings.Join(strings.Fields(n.Value), ""))
	}
	return appendQuoted(out, n.Value)
}

func appendQuoted(out []byte, s string) []byte {
	out, _ = jsontext.AppendQuote(out, s) // what is not UTF-8 is replaced
	return out
}
