package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"reflect"
	"strings"
)

// A streamed is a value whose lists are made, written and forgotten one element after the other: a report may be about
// more Pods than its JSON has room in memory for.
type streamed struct {
	value any
	lists map[string]iter.Seq[streamed] // by the names of the fields of value that they stand for
}

// each is a list of n values.
func each(n int, of func(i int) any) iter.Seq[streamed] {
	return func(yield func(streamed) bool) {
		for i := range n {
			if !yield(streamed{value: of(i)}) {
				return
			}
		}
	}
}

// A jsonStream writes JSON in the form of [marshal].
type jsonStream struct {
	out     *bufio.Writer
	buf     bytes.Buffer
	compact *json.Encoder // into buf
	text    []byte
}

// writeJSON writes a struct as [marshal] does.
func writeJSON(w io.Writer, v streamed) error {
	s := &jsonStream{out: bufio.NewWriterSize(w, 64<<10)}
	s.compact = json.NewEncoder(&s.buf)
	s.compact.SetEscapeHTML(false)
	if err := s.write(v, ""); err != nil {
		return err
	}
	s.out.WriteByte('\n')
	return s.out.Flush()
}

// write writes a value that stands behind a margin.
func (s *jsonStream) write(v streamed, margin string) error {
	if v.lists == nil {
		return s.leaf(v.value, margin)
	}
	inner, of, before := margin+"  ", reflect.Indirect(reflect.ValueOf(v.value)), "{\n"
	for i := range of.NumField() {
		name, option, _ := strings.Cut(of.Type().Field(i).Tag.Get("json"), ",")
		head := before + inner + `"` + name + `": `
		if list := v.lists[name]; list != nil {
			some, err := s.list(head, list, inner)
			switch {
			case err != nil:
				return err
			case !some && option == "omitempty":
				continue
			case !some:
				s.out.WriteString(head + "[]")
			}
		} else if option == "omitempty" && emptyJSON(of.Field(i)) {
			continue
		} else {
			s.out.WriteString(head)
			if err := s.leaf(of.Field(i).Interface(), inner); err != nil {
				return err
			}
		}
		before = ",\n"
	}
	_, err := s.out.WriteString("\n" + margin + "}")
	return err
}

// list writes a list behind its head, and reports whether there is anything in it: of one that is empty, nothing is
// written.
func (s *jsonStream) list(head string, all iter.Seq[streamed], margin string) (some bool, err error) {
	inner, before := margin+"  ", head+"[\n"
	for v := range all {
		s.out.WriteString(before + inner)
		some, before = true, ",\n"
		if err := s.write(v, inner); err != nil {
			return some, err
		}
	}
	if some {
		_, err = s.out.WriteString("\n" + margin + "]")
	}
	return some, err
}

func (s *jsonStream) leaf(v any, margin string) error {
	s.buf.Reset()
	if err := s.compact.Encode(v); err != nil {
		return err
	}
	s.text = appendIndented(s.text[:0], bytes.TrimSuffix(s.buf.Bytes(), []byte("\n")), margin)
	_, err := s.out.Write(s.text)
	return err
}

// appendIndented appends JSON that has no white space in the form of [marshal], behind a margin.
func appendIndented(out, data []byte, margin string) []byte {
	depth := 0
	newLine := func() {
		out = append(append(out, '\n'), margin...)
		for range depth {
			out = append(out, "  "...)
		}
	}
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '"':
			from := i
			for i++; data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
			out = appendShown(out, data[from:i+1], surrogates)
		case '{', '[':
			if out = append(out, c); data[i+1] == c+2 { // it ends: there is nothing in it
				i++
				out = append(out, data[i])
				continue
			}
			depth++
			newLine()
		case '}', ']':
			depth--
			newLine()
			out = append(out, c)
		case ',':
			out = append(out, c)
			newLine()
		case ':':
			out = append(out, ": "...)
		default:
			out = append(out, c)
		}
	}
	return out
}

// emptyJSON reports whether a field is left out that is omitempty.
func emptyJSON(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
