package render

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"go.yaml.in/yaml/v3"
)

// YAML writes the Report as YAML: the same fields as [JSON], in the same order.
func YAML(w io.Writer, r *diagnose.Report, o Options) error {
	return writeYAML(w, documentOf(r, o))
}

// writeYAML turns JSON, which is YAML already, into the form that people expect. It works on the nodes because
// decoding into maps would lose the order of the fields.
func writeYAML(w io.Writer, v any) error {
	data, err := marshal(v, utf8.AppendRune) // YAML knows no surrogates
	if err != nil {
		return err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return err
	}
	restyle(&doc)
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&doc); err != nil {
		return err
	}
	_, err = w.Write(escapeHidden(b.Bytes(), func(out []byte, r rune) []byte { return fmt.Appendf(out, `\U%08X`, r) }))
	return err
}

// A string that matches needs no quotes in any version of YAML, unless it is one of the words that mean something.
var (
	bare    = match.Lazy(`^[A-Za-z][A-Za-z0-9_./-]*$`)
	meaning = match.Lazy(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)
)

// restyle takes the flow style of JSON off and leaves strings quoted where it is not plain that they are strings.
func restyle(n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode, yaml.SequenceNode:
		n.Style = 0
		if len(n.Content) == 0 {
			n.Style = yaml.FlowStyle
		}
	case yaml.ScalarNode:
		if n.Tag == "!!str" || n.Tag == "!!timestamp" {
			n.Style = yaml.DoubleQuotedStyle
			if bare().MatchString(n.Value) && !meaning().MatchString(n.Value) {
				n.Style = 0
			}
		}
	}
	for _, c := range n.Content {
		restyle(c)
	}
}
