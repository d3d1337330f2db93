package dump

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"sync"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"go.yaml.in/yaml/v3"
)

// Text of a List up to this length is parsed as a whole where its items make no sense by themselves.
const maxWholeList = 8 << 20

// A yamlDoc is one document of a file, or a piece of one.
type yamlDoc struct {
	text []byte
	line int // of its first line, 1-based
}

// yaml reads a file of YAML documents, of about a size. They are cut by lines, and so are the items of Lists: kubectl
// prints them such that this is right, and where it is not, the whole document is parsed (see yamlList).
func (r *reader) yaml(in io.Reader, size, limit int64) {
	var buf bytes.Buffer
	buf.Grow(int(max(0, min(size, limit))) + bytes.MinRead)
	n, err := buf.ReadFrom(io.LimitReader(in, limit))
	if err == nil && n == limit {
		err = &message.Error{What: message.Of("yaml.too-large", "n", int(limit>>20))}
	}
	data := buf.Bytes()
	if err != nil {
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Because(err), Needs: message.Of("file.as-json-of-any-size")})
		if cut := bytes.LastIndex(data, []byte("\n---")); cut >= 0 { // the last document may lack its end
			data = data[:cut+1]
		}
	}
	for doc := range yamlDocs(data) {
		if !r.yamlList(doc) {
			r.addYAML(doc, header{}, nil)
		}
	}
}

func (r *reader) addYAML(d yamlDoc, list header, of *yamlList) {
	if len(d.text) > maxObject {
		r.gap(cluster.Gap{What: inLine(r.name, d.line), Why: errTooLarge.What, Needs: message.Of("file.as-json")})
		return
	}
	r.add(d.text, text{line: d.line, yaml: true, list: list, doc: of})
}

// yamlDocs cuts a file into its documents, and leaves out those that say nothing.
func yamlDocs(data []byte) iter.Seq[yamlDoc] {
	return func(yield func(yamlDoc) bool) {
		doc, line := yamlDoc{line: 1}, 1
		start, blank := 0, true
		for at := 0; at < len(data); line++ {
			l := nextLine(data[at:])
			mark := bytes.TrimRight(l, "\r\n")
			switch {
			case bytes.HasPrefix(l, []byte("---")) && (len(mark) == 3 || mark[3] == ' ' || mark[3] == '\t'),
				string(mark) == "...":
				if doc.text = data[start:at]; !blank && !yield(doc) {
					return
				}
				// What stands behind the mark belongs to the document.
				doc, start, blank = yamlDoc{line: line}, at+3, yamlBlank(mark[3:])
			default:
				blank = blank && (yamlBlank(mark) || mark[0] == '%')
			}
			at += len(l)
		}
		if doc.text = data[start:]; !blank {
			yield(doc)
		}
	}
}

func nextLine(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i+1]
	}
	return b
}

// yamlBlank reports whether a line says nothing.
func yamlBlank(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r\n")
	return len(line) == 0 || line[0] == '#'
}

// A yamlList is a List that was cut into items by lines.
type yamlList struct {
	yamlDoc
	once  sync.Once
	items []*yaml.Node // as the parser sees them; nil if it does not
}

// yamlList reads a document that is a List in block style item by item, and reports whether it is one.
func (r *reader) yamlList(d yamlDoc) bool {
	head, items, tail, ok := cutList(d)
	if !ok {
		return false
	}
	l := &yamlList{yamlDoc: d}
	list := header{apiVersion: yamlField(head.text, tail.text, "apiVersion"),
		kind: yamlField(head.text, tail.text, "kind")}
	if err := checkYAML(head.text, tail.text); err != nil {
		if l.whole() != nil {
			return false
		}
		line, why := yamlReason(err)
		if above := bytes.Count(head.text, []byte("\n")); line > above {
			line += tail.line - head.line - above
		}
		r.gap(cluster.Gap{What: inLine(r.name, head.line+max(line-1, 0)), Why: why, Needs: yamlNeeds()})
	}
	if len(items) > 0 && list.kind == "" && list.apiVersion != "" && len(bytes.TrimSpace(tail.text)) == 0 {
		// kubectl prints the List's kind last. The last item may lack its end and still be good YAML.
		r.gap(cluster.Gap{What: inLine(r.name, items[len(items)-1].line), Why: message.Of("list.truncated"),
			Needs: jsonNeeds(io.ErrUnexpectedEOF)})
		items = items[:len(items)-1]
	}
	for _, item := range items {
		r.addYAML(item, list, l)
	}
	r.put(found{list: true})
	return true
}

func yamlNeeds() message.Message { return message.Of("file.give-yaml") }

var yamlLine = match.Lazy(`^yaml: (?:line (\d+): )?`)

// yamlReason splits what the parser says into the line, 0 if it names none, and the reason.
//
// The parser has no types for its errors: the line is in the text, and so is what must not be quoted.
func yamlReason(err error) (line int, why message.Message) {
	if own := (*message.Error)(nil); errors.As(err, &own) {
		return 0, message.Of("yaml.invalid", "why", own.What)
	}
	text := err.Error()
	if m := yamlLine().FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	why = message.Quote(text)
	if strings.HasPrefix(text, "unknown anchor") { // it would cite the text, and that may be part of a password
		why = message.Of("yaml.anchor")
	}
	return line, message.Of("yaml.invalid", "why", why)
}

// cutList cuts a List into what stands before its items, the items, and what stands behind them.
func cutList(d yamlDoc) (head yamlDoc, items []yamlDoc, tail yamlDoc, ok bool) {
	at, line := 0, d.line
	for ; at < len(d.text); line++ {
		l := nextLine(d.text[at:])
		at += len(l)
		if rest, isItems := bytes.CutPrefix(l, []byte("items:")); isItems && yamlBlank(rest) {
			ok = true
			line++
			break
		}
	}
	if !ok {
		return head, nil, tail, false
	}
	head = yamlDoc{d.text[:at], d.line}
	indent, start := -1, at
	for ; at < len(d.text); line++ {
		l := nextLine(d.text[at:])
		n := len(l) - len(bytes.TrimLeft(l, " "))
		dash := len(l) > n && l[n] == '-' && (len(l) == n+1 || bytes.IndexByte([]byte(" \r\n"), l[n+1]) >= 0)
		switch {
		case yamlBlank(l):
		case dash && (n == indent || indent < 0):
			if indent >= 0 {
				items[len(items)-1].text = d.text[start:at]
			}
			indent, start = n, at
			items = append(items, yamlDoc{line: line})
		case n == 0: // what is indented less than it should be spoils one item and not the list
			if indent >= 0 {
				items[len(items)-1].text = d.text[start:at]
			}
			return head, items, yamlDoc{d.text[at:], line}, true
		}
		at += len(l)
	}
	if indent >= 0 {
		items[len(items)-1].text = d.text[start:at]
	}
	return head, items, yamlDoc{nil, line}, true
}

// yamlField finds a plain field of a List outside its items.
func yamlField(head, tail []byte, key string) string {
	for _, part := range [][]byte{head, tail} {
		for l := range bytes.Lines(part) {
			if v, ok := bytes.CutPrefix(l, []byte(key+":")); ok {
				v, _, _ = bytes.Cut(v, []byte(" #"))
				return string(bytes.Trim(v, " \t\r\n\"'"))
			}
		}
	}
	return ""
}

// checkYAML parses what is left of a List without its items.
func checkYAML(head, tail []byte) error {
	if len(head)+len(tail) > maxWholeList {
		return &message.Error{What: message.Of("yaml.list-head")}
	}
	_, err := parseYAML(append(append([]byte(nil), head...), tail...))
	return err
}

// whole parses the List as a whole, and returns its items; nil where that fails, too.
func (l *yamlList) whole() []*yaml.Node {
	l.once.Do(func() {
		if len(l.text) > maxWholeList {
			return
		}
		if n, err := parseYAML(l.text); err == nil {
			if items := yamlEntry(n, "items"); items != nil {
				l.items = items.Content
			}
		}
	})
	return l.items
}

// parseYAML parses one document.
func parseYAML(text []byte) (n *yaml.Node, err error) {
	defer func() { // the parser is not proof against all input
		if p := recover(); p != nil {
			n, err = nil, &message.Error{What: message.Of("yaml.parser", "why", fmt.Sprint(p))}
		}
	}()
	var doc, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&doc); err == io.EOF {
		return nil, &message.Error{What: message.Of("yaml.nothing")}
	} else if err != nil {
		return nil, err
	}
	// What is indented less than the first line begins another document for the parser, without a mark.
	if err := dec.Decode(&more); err == nil {
		return nil, &message.Error{What: message.Of("yaml.goes-on")}
	} else if err != io.EOF {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, &message.Error{What: message.Of("yaml.nothing")}
	}
	return doc.Content[0], nil
}

// yamlEntry finds the value of a key of a mapping.
func yamlEntry(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
