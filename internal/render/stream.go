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
	out  *bufio.Writer
	buf  bytes.Buffer
	text []byte
}

// writeJSON writes a struct as [marshal] does.
func writeJSON(w io.Writer, v streamed) error {
	s := &jsonStream{out: bufio.NewWriterSize(w, 64<<10)}
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
		list := v.lists[name]
		if option == "omitempty" && (list != nil && isEmpty(list) || list == nil && emptyJSON(of.Field(i))) {
			continue
		}
		s.out.WriteString(before + inner + `"` + name + `": `)
		before = ",\n"
		err := error(nil)
		if list != nil {
			err = s.list(list, inner)
		} else {
			err = s.leaf(of.Field(i).Interface(), inner)
		}
		if err != nil {
			return err
		}
	}
	_, err := s.out.WriteString("\n" + margin + "}")
	return err
}

func (s *jsonStream) list(all iter.Seq[streamed], margin string) error {
	inner, before := margin+"  ", "[\n"
	for v := range all {
		s.out.WriteString(before + inner)
		before = ",\n"
		if err := s.write(v, inner); err != nil {
			return err
		}
	}
	if before == "[\n" {
		_, err := s.out.WriteString("[]")
		return err
	}
	_, err := s.out.WriteString("\n" + margin + "]")
	return err
}

func (s *jsonStream) leaf(v any, margin string) error {
	s.buf.Reset()
	e := json.NewEncoder(&s.buf)
	e.SetEscapeHTML(false)
	e.SetIndent(margin, "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	s.text = appendShown(s.text[:0], bytes.TrimSuffix(s.buf.Bytes(), []byte("\n")), surrogates)
	_, err := s.out.Write(s.text)
	return err
}

func isEmpty(all iter.Seq[streamed]) bool {
	for range all {
		return false
	}
	return true
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
