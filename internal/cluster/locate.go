package cluster

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Locate adds the file and line that a sign stands at, where the snapshot was read from files.
func (s *Snapshot) Locate(sign Sign) Sign {
	o, ok := s.origins[sign.Ref]
	if !ok {
		return sign
	}
	sign.File = o.file
	if o.line == 0 {
		return sign
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(o.text(), &doc); err != nil || len(doc.Content) == 0 {
		sign.Line = o.line
		return sign
	}
	n := doc.Content[0]
	line := n.Line
	for _, step := range strings.FieldsFunc(sign.Path, func(r rune) bool { return strings.ContainsRune(".[]", r) }) {
		if i, err := strconv.Atoi(step); err == nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
			n = n.Content[i]
			line = n.Line
			continue
		}
		k, v := entry(n, step)
		if v == nil {
			break
		}
		n, line = v, k.Line
	}
	sign.Line = o.line + line - 1
	return sign
}

// entry finds a key of a mapping.
func entry(n *yaml.Node, key string) (k, v *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}
