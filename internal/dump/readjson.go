package dump

import (
	"bufio"
	"bytes"
	"errors"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A jsonFile cuts JSON into the texts of objects while it is read, so that a file may be larger than the memory:
// values one after the other, Lists item by item. It counts lines for the sake of error messages.
type jsonFile struct {
	*reader
	in      *valueReader
	dec     *jsontext.Decoder
	head    headReader
	kind    jsontext.Kind // of what comes next
	line    int           // of what comes next
	indent  int           // of what comes next; -1 where it does not begin its line
	between []byte        // blanks, comma or colon before it
	begin   mark          // of the object that is being read
	inItems bool          // of a list
	bare    bool          // the list is an array without an object around it
	list    header        // of the list, as far as it was read
	object  []byte        // the object or list that is being read, as it stands in the file, but without items
	waiting []text        // items that do not tell their kind, of a list that has not told it yet
	held    []byte        // the text of these
	lost    int           // broken places since the last whole value
}

// A mark is a place in a file.
type mark struct{ line, indent int }

// Broken places in a row until the rest of a file is given up, so that no file takes forever.
const maxLost = 100

// Kubernetes takes the last of two equal keys, and replaces what is not UTF-8.
func newJSONDecoder(r io.Reader) *jsontext.Decoder {
	return jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// json reads a stream of JSON values.
func (r *reader) json(in io.Reader) {
	lines := &unlogged{in: bufio.NewReaderSize(in, sniffed)}
	f := &jsonFile{reader: r, in: &valueReader{r: lines}, line: 1}
	defer func() {
		if lines.inLog {
			f.gap(cluster.Gap{What: inLine(f.name, f.line), Why: message.Of("object.truncated"),
				Needs: message.Of("file.give-whole")})
		}
	}()
	f.dec = newJSONDecoder(f.in)
	for f.lost <= maxLost {
		err := f.next()
		if err == nil {
			f.lost = 0
			continue
		}
		f.addWaiting()
		if err == io.EOF {
			return
		}
		if f.in.err != nil && f.in.err != io.EOF {
			err = f.in.err
		}
		f.gap(cluster.Gap{What: inLine(f.name, f.begin.line), Why: jsonReason(err), Needs: jsonNeeds(err)})
		f.lost++
		if _, ok := err.(noObject); !ok && !f.resume() {
			return
		}
	}
	f.put(found{gaveUp: true})
}

// noObject is the error for JSON of another kind.
type noObject struct{ kind jsontext.Kind }

func (e noObject) Error() string { return e.Message().In("en") }

// Message says what was found instead of an object.
func (e noObject) Message() message.Message {
	return message.Of("json.other", "found", kindName(e.kind))
}

func jsonReason(err error) message.Message {
	switch {
	case errors.Is(err, errTooLarge):
		return errTooLarge.What
	case errors.Is(err, io.ErrUnexpectedEOF):
		return message.Of("object.truncated")
	}
	if s, ok := errors.AsType[*jsontext.SyntacticError](err); ok && s.Err != nil {
		return message.Of("json.invalid", "why", message.Because(s.Err))
	}
	return message.Because(err)
}

func jsonNeeds(err error) message.Message {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return message.Of("file.give-whole")
	}
	return message.Of("file.give-json")
}

func kindName(k jsontext.Kind) message.Message {
	switch k {
	case '{':
		return message.Of("json.object")
	case '[':
		return message.Of("json.list")
	case '"':
		return message.Of("json.text")
	case '0':
		return message.Of("json.number")
	}
	return message.Of("json.value", "value", k.String()) // true, false, null
}

// next reads one value, or the rest of a list.
func (f *jsonFile) next() error {
	switch {
	case f.inItems && f.bare:
		return f.items()
	case f.inItems:
		return f.members()
	}
	f.list, f.object, f.bare = header{}, f.object[:0], false
	kind := f.peek()
	f.begin = mark{f.line, f.indent}
	switch kind {
	case '[': // what `jq .items` prints
		f.bare = true
		f.dec.ReadToken()
		return f.items()
	case '{':
		f.dec.ReadToken()
		f.object = append(f.object, '{')
		return f.members()
	}
	if _, err := f.value(); err != nil {
		return err
	}
	return noObject{kind}
}

// members reads the members of an object to its end. The items of a list are handed on one by one.
func (f *jsonFile) members() error {
	line, list := f.begin.line, f.inItems
	if f.inItems {
		if err := f.items(); err != nil {
			return err
		}
	}
	for f.peek() != '}' {
		name, err := f.value()
		if err != nil {
			return err
		}
		items := string(name) == `"items"`
		f.keep(name)
		if f.peek() == '[' && items {
			list, f.list = true, f.head.of(append(f.object, "null}"...))
			f.object = append(append(f.object, f.between...), "null"...)
			f.dec.ReadToken()
			if err := f.items(); err != nil {
				return err
			}
			continue
		}
		v, err := f.value()
		if err != nil {
			return err
		}
		if f.keep(v); len(f.object) > maxObject {
			return errTooLarge
		}
	}
	f.object = append(append(f.object, f.between...), '}')
	if _, err := f.dec.ReadToken(); err != nil {
		return err
	}
	if !list {
		f.add(f.object, text{line: line})
		return nil
	}
	f.list = f.head.of(f.object)
	f.addWaiting()
	f.put(found{list: true})
	return nil
}

// items reads the elements of a list to its end.
func (f *jsonFile) items() error {
	f.inItems = true
	for f.peek() != ']' {
		f.begin = mark{f.line, f.indent}
		raw, err := f.value()
		if err != nil {
			return err
		}
		f.lost = 0
		t := text{line: f.begin.line, list: f.list}
		if f.list.kind == "" && len(f.held)+len(raw) < 8*maxObject && f.head.of(raw).kind == "" {
			t.from = len(f.held)
			f.held = append(f.held, raw...)
			t.to = len(f.held)
			f.waiting = append(f.waiting, t)
			continue
		}
		f.add(raw, t)
	}
	f.begin = mark{f.line, f.indent}
	f.inItems = false
	_, err := f.dec.ReadToken()
	return err
}

// addWaiting hands on the items that waited for their list to tell its kind.
func (f *jsonFile) addWaiting() {
	for _, t := range f.waiting {
		f.add(f.held[t.from:t.to], text{line: t.line, list: f.list})
	}
	f.waiting, f.held = nil, nil
}

// peek tells what comes next and where.
func (f *jsonFile) peek() jsontext.Kind {
	f.in.left = maxObject
	kind := f.dec.PeekKind()
	f.kind = kind
	rest := f.dec.UnreadBuffer()
	f.between = append(f.between[:0], rest[:len(rest)-len(bytes.TrimLeft(rest, separators))]...)
	f.line += bytes.Count(f.between, []byte("\n"))
	f.indent = -1
	if i := bytes.LastIndexByte(f.between, '\n'); i >= 0 {
		f.indent = len(f.between) - i - 1
	}
	return kind
}

// value reads the value, or name of a member, that was peeked at. It is good until the next peek.
func (f *jsonFile) value() (jsontext.Value, error) {
	v, err := f.dec.ReadValue()
	if err == nil {
		f.line += bytes.Count(v, []byte("\n"))
	}
	return v, err
}

func (f *jsonFile) keep(v jsontext.Value) { f.object = append(append(f.object, f.between...), v...) }

// resume goes on behind a broken value, and reports whether there is more: at the next line that begins as the broken
// value began. In a List as kubectl prints it that is the next item, in a stream of values the next value.
func (f *jsonFile) resume() bool {
	if f.in.err != nil && f.in.err != io.EOF {
		return false
	}
	f.in.unread(f.dec.UnreadBuffer())
	f.line += bytes.Count(f.in.separators(), []byte("\n")) - bytes.Count(f.between, []byte("\n"))
	// Where a comma is missing or too many, the value that follows is good.
	atValue := f.kind != '{' && bytes.HasPrefix(f.in.front, []byte("{")) && (f.inItems || f.dec.StackDepth() == 0)
	if !atValue {
		lines, indent, ok := f.in.skipTo(f.begin.indent)
		if !ok {
			return false
		}
		f.line += lines
		f.inItems = f.inItems && indent == f.begin.indent
	}
	opening := []string{}
	switch {
	case f.inItems && f.bare:
		opening = []string{"["}
	case f.inItems:
		opening = []string{"{", `"items":`, "["}
	}
	f.in.unread([]byte(strings.Join(opening, "")))
	f.in.left = maxObject
	f.dec = newJSONDecoder(f.in)
	for range opening {
		f.dec.ReadToken()
	}
	return true
}
