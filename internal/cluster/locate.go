package cluster

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// An Origin is where in the files of a dump an object stands.
type Origin struct {
	File    string
	Line    int     // of the object's first line, 1-based; 0 where lines are not known (JSON)
	Outline Outline // of its text
}

// place keeps where an object stands. That it is in the file that most are in, and no more is known, takes no memory.
func (b *Builder) place(r Ref, from Origin) {
	s := b.s
	if s.usual == nil && from.Line == 0 && len(from.Outline) == 0 {
		s.usual, s.unplaced = &from, map[Ref]bool{}
		for _, of := range s.objects {
			for other := range of {
				if _, ok := s.origins[other]; !ok && other != r {
					s.unplaced[other] = true
				}
			}
		}
	}
	delete(s.unplaced, r)
	delete(s.origins, r)
	if s.usual == nil || from.Line != 0 || len(from.Outline) > 0 || from.File != s.usual.File {
		s.origins[r] = from
	}
}

// Locate adds the file and line that a sign stands at, where the snapshot was read from files.
// Where the field is not in the file, it is the line of the nearest field around it.
func (s *Snapshot) Locate(sign Sign) Sign {
	o, ok := s.origins[sign.Ref]
	if !ok && s.usual != nil && s.Has(sign.Ref) && !s.unplaced[sign.Ref] {
		o, ok = *s.usual, true
	}
	if !ok {
		return sign
	}
	sign.File = o.File
	if o.Line > 0 {
		sign.Line = o.LineOf(sign.Path)
		if sign.Ref.Kind == "Event" {
			sign.Line = max(sign.Line, o.LineOf(newEventPath(sign.Path)))
		}
	}
	return sign
}

// newEventPath is the name of a field of a core/v1 Event in events.k8s.io/v1.
func newEventPath(path string) string {
	field, rest, _ := strings.Cut(path, ".")
	switch field {
	case "message":
		field = "note"
	case "involvedObject":
		field = "regarding"
	case "source", "firstTimestamp", "lastTimestamp", "count":
		field = "deprecated" + strings.ToUpper(field[:1]) + field[1:]
	default:
		return ""
	}
	if rest == "" {
		return field
	}
	return field + "." + rest
}

// LineOf is the line of a field of the object, or of the nearest field around it.
func (o Origin) LineOf(path string) int {
	w := outlineWalk{rest: o.Outline}
	return o.Line + w.find(path)
}

// An Outline tells on which lines the fields of an object stand, and nothing else of it, so that no value is kept.
//
// It holds the nodes of the object in their order. A node is its number of children times four plus its form.
// Before each child stands how many lines below the last told line it is, and in a mapping the hash of the key
// before that.
type Outline []byte

const (
	scalarForm = iota
	mappingForm
	sequenceForm
)

// Scalar appends a node without children.
func (o Outline) Scalar() Outline { return append(o, scalarForm) }

// Mapping appends a node with n entries: before the node of each comes its Key.
func (o Outline) Mapping(n int) Outline { return binary.AppendUvarint(o, uint64(n)<<2|mappingForm) }

// Sequence appends a node with n elements: before the node of each comes its Item.
func (o Outline) Sequence(n int) Outline { return binary.AppendUvarint(o, uint64(n)<<2|sequenceForm) }

// Item appends how many lines below the last told line an element stands.
func (o Outline) Item(lines int) Outline { return binary.AppendVarint(o, int64(lines)) }

// Key appends the key of an entry, and how many lines below the last told line it stands.
func (o Outline) Key(name string, lines int) Outline {
	return binary.AppendVarint(binary.LittleEndian.AppendUint32(o, hash(name)), int64(lines))
}

// hash is FNV-1a. Should two keys of a mapping have the same one, a line is told wrong.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// An outlineWalk reads an outline from its beginning.
type outlineWalk struct {
	rest Outline
	line int // how far the last told line is below the object's first
}

// find goes to a field, or as near to it as there is a field, and returns its line.
func (w *outlineWalk) find(path string) int {
	for at := w.line; ; at = w.line {
		n := w.uvarint()
		if path == "" {
			return at
		}
		switch n & 3 {
		case mappingForm:
			rest, ok := w.findKey(n>>2, path)
			if !ok {
				return at
			}
			path = rest
		case sequenceForm:
			rest, ok := w.findItem(n>>2, path)
			if !ok {
				return at
			}
			path = rest
		default:
			return at
		}
	}
}

// findKey goes to the entry of a mapping that a path begins with, and returns the rest of the path.
// Keys may hold dots, so the longest key that fits is taken.
func (w *outlineWalk) findKey(entries uint64, path string) (rest string, ok bool) {
	keys := map[uint32]string{}
	for key, rest := range firstKeys(path) {
		keys[hash(key)] = rest
	}
	found := outlineWalk{}
	for range entries {
		h := w.uint32()
		w.line += w.varint()
		if r, fits := keys[h]; fits && (!ok || len(r) <= len(rest)) { // of equal keys the last one counts
			found, rest, ok = *w, r, true
		}
		w.skip()
	}
	if ok {
		*w = found
	}
	return rest, ok
}

// firstKeys yields every key that a path may begin with and the rest of the path behind it:
// of metadata.labels: metadata, metadata.labels; of [a.b].c: a.b.
func firstKeys(path string) func(yield func(key, rest string) bool) {
	return func(yield func(key, rest string) bool) {
		if quoted, isQuoted := strings.CutPrefix(path, "["); isQuoted {
			if key, rest, ok := strings.Cut(quoted, "]"); ok {
				yield(strings.Trim(key, `"'`), strings.TrimPrefix(rest, "."))
			}
			return
		}
		for i := range len(path) {
			if path[i] == '.' && !yield(path[:i], path[i+1:]) || path[i] == '[' && !yield(path[:i], path[i:]) {
				return
			}
		}
		yield(path, "")
	}
}

// findItem goes to the element of a sequence that a path begins with: [3].
func (w *outlineWalk) findItem(items uint64, path string) (rest string, ok bool) {
	number, rest, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
	want, err := strconv.ParseUint(number, 10, 32)
	if err != nil || want >= items {
		return "", false
	}
	for i := range items {
		w.line += w.varint()
		if i == want {
			break
		}
		w.skip()
	}
	return strings.TrimPrefix(rest, "."), true
}

// skip goes behind a node and all below it.
func (w *outlineWalk) skip() {
	n := w.uvarint()
	for range n >> 2 {
		if n&3 == mappingForm {
			w.uint32()
		}
		w.line += w.varint()
		w.skip()
	}
}

func (w *outlineWalk) uvarint() uint64 {
	v, n := binary.Uvarint(w.rest)
	w.rest = w.rest[n:]
	return v
}

func (w *outlineWalk) varint() int {
	v, n := binary.Varint(w.rest)
	w.rest = w.rest[n:]
	return int(v)
}

func (w *outlineWalk) uint32() uint32 {
	v := binary.LittleEndian.Uint32(w.rest)
	w.rest = w.rest[4:]
	return v
}
