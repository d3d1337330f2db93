package causefile

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"go.yaml.in/yaml/v3"
)

// A decoder fills Go values from YAML and is strict about it: what is not known, stands twice or is of another type is
// a fault, and it goes on behind each. It also remembers on which line everything stands, for what is checked later.
type decoder struct {
	file      string
	parts     []part
	lineCount int            // of all parts
	lines     map[string]int // by path: fix[1].run
	faults    Faults
	nodes     int // that were decoded: an anchor is as often as it is named
}

// mostNodes is how many nodes a cause may have, and longestPath how long a path to one.
const (
	mostNodes   = 20000
	longestPath = 500
)

func (d *decoder) fault(line int, code string, args ...any) {
	d.faults = append(d.faults, Fault{Line: line, What: message.Of("cause."+code, args...)})
}

// decode fills a value, which stands at a path.
func (d *decoder) decode(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if d.nodes++; d.nodes >= mostNodes || len(path) > longestPath {
		if d.nodes <= mostNodes {
			d.fault(n.Line, "too-much")
		}
		d.nodes = mostNodes + 1 // and no more of it
		return
	}
	d.lines[path] = n.Line
	switch v.Kind() {
	case reflect.String:
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
			d.fault(n.Line, "wants-text", "at", path, "is", called(n))
			return
		}
		v.SetString(strings.TrimRight(n.Value, "\n"))
	case reflect.Bool:
		if n.Kind != yaml.ScalarNode || n.Decode(v.Addr().Interface()) != nil {
			d.fault(n.Line, "wants-bool", "at", path, "is", called(n))
		}
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Struct:
		d.mapping(n, path, func(key string) (reflect.Value, []string) { return field(v, key) })
		if w, ok := v.Addr().Interface().(*diagnose.Words); ok {
			w.ZH = unfold(w.ZH)
		}
	default:
		panic("causefile: no YAML for " + v.Type().String())
	}
}

// list fills a slice: from a list, or from a mapping where each element has a name.
func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if variants, ok := v.Addr().Interface().(*[]diagnose.Variant); ok {
		d.mapping(n, path, func(name string) (reflect.Value, []string) {
			*variants = append(*variants, diagnose.Variant{Name: name})
			return v.Index(v.Len() - 1), nil
		})
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.fault(n.Line, "wants-list", "at", path, "is", called(n))
		return
	}
	if v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))); d.nodes >= mostNodes {
		return
	}
	for i, item := range n.Content {
		d.decode(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// mapping fills what place makes of each key; where that is nothing, the key is none of those that it knows.
func (d *decoder) mapping(n *yaml.Node, path string, place func(key string) (reflect.Value, []string)) {
	if n.Kind != yaml.MappingNode {
		d.fault(n.Line, "wants-keys", "at", cmp.Or(path, d.file), "is", called(n))
		return
	}
	var seen []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := strings.TrimPrefix(path+"."+key.Value, ".")
		if slices.Contains(seen, key.Value) {
			d.fault(key.Line, "twice", "at", at)
			continue
		}
		seen = append(seen, key.Value)
		switch v, known := place(key.Value); {
		case v.IsValid():
			d.decode(value, v, at)
			d.lines[at] = key.Line
		case path == "" && (key.Value == "en" || key.Value == "zh"):
			d.fault(key.Line, "old-form", "at", at)
		default:
			d.fault(key.Line, "unknown", "at", at, "known", strings.Join(known, ", "))
		}
	}
}

// field is the field of a struct that has a key, and all keys that there are.
func field(v reflect.Value, key string) (reflect.Value, []string) {
	var known []string
	for _, f := range reflect.VisibleFields(v.Type()) {
		switch name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name {
		case "", "-":
		case key:
			return v.FieldByIndex(f.Index), nil
		default:
			known = append(known, name)
		}
	}
	return reflect.Value{}, known
}

// called is what a node is, for one who wrote it.
func called(n *yaml.Node) message.Message {
	switch {
	case n.Kind == yaml.SequenceNode:
		return message.Of("cause.is-list")
	case n.Kind == yaml.MappingNode:
		return message.Of("cause.is-keys")
	case n.ShortTag() == "!!null":
		return message.Of("cause.is-nothing")
	case n.ShortTag() == "!!str":
		return message.Of("cause.is-text", "value", strconv.Quote(n.Value))
	}
	return message.Of("cause.is-unquoted", "value", n.Value)
}

// unfold takes out the space that YAML puts for each line break, where Chinese has none:
// beside its punctuation, and between two of its characters.
func unfold(text string) string {
	const punctuation = "，。、；：！？（）【】《》"
	wide := func(r rune) bool {
		return r >= 0x2e80 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xffef
	}
	runes := []rune(text)
	var b strings.Builder
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) {
			before, after := runes[i-1], runes[i+1]
			if wide(before) && wide(after) || strings.ContainsRune(punctuation, before) ||
				strings.ContainsRune(punctuation, after) {
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
