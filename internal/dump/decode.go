package dump

import (
	"bytes"
	"errors"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"go.yaml.in/yaml/v3"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// info is the form of snapshot.yaml. Only it may say that a list is complete: a List itself never tells
// whether it was filtered.
type info struct {
	At       time.Time      `json:"at,omitzero"`
	AsOf     time.Time      `json:"asOf,omitzero"`
	Complete []listed       `json:"complete,omitempty"`
	Absent   []cluster.Ref  `json:"absent,omitempty"`
	Gaps     []cluster.Gap  `json:"gaps,omitempty"`
	Skipped  map[string]int `json:"skipped,omitempty"`
	Ignored  int            `json:"ignored,omitempty"`
}

type listed struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
}

const (
	infoKind    = "SnapshotInfo"
	infoVersion = cluster.Group + "/v1alpha1"
)

// A header is what an object, or the list that it is an item of, says of its kind.
type header struct{ apiVersion, kind string }

func (h header) group() string {
	group, _, ok := strings.Cut(h.apiVersion, "/")
	if !ok {
		return ""
	}
	return group
}

// String names the kind as kubectl does: Pod, Job.batch.volcano.sh.
func (h header) String() string {
	if g := h.group(); g != "" {
		return h.kind + "." + g
	}
	return h.kind
}

func (h header) isList() bool { return strings.HasSuffix(h.kind, "List") }

// item is the kind of an item of a list, where the item does not tell it. Items of a v1 List must tell it.
func (h header) item() header {
	if !h.isList() {
		return header{}
	}
	return header{h.apiVersion, strings.TrimSuffix(h.kind, "List")}
}

// A headReader finds the header of a JSON object.
type headReader struct {
	dec jsontext.Decoder
	buf bytes.Buffer
}

func (r *headReader) of(raw []byte) (h header) {
	r.buf = *bytes.NewBuffer(raw)
	r.dec.Reset(&r.buf, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if t, err := r.dec.ReadToken(); err != nil || t.Kind() != '{' {
		return h
	}
	for h.kind == "" || h.apiVersion == "" {
		key, err := r.dec.ReadValue()
		if err != nil {
			return h
		}
		field := map[string]*string{`"kind"`: &h.kind, `"apiVersion"`: &h.apiVersion}[string(key)]
		v, err := r.dec.ReadValue()
		if err != nil {
			return h
		}
		if field != nil && v.Kind() == '"' {
			s, _ := jsontext.AppendUnquote(nil, v)
			*field = string(s)
		}
	}
	return h
}

// A decoder makes objects of their texts. It belongs to one worker.
type decoder struct {
	head headReader
	pods json.Options // see newSharing
	out  *batch
}

// A place is where an object stands, to tell what is wrong with it.
type place struct {
	cluster.Origin
	raw []byte // the object's JSON as it stands in the file, nil if it was YAML
}

// text decodes one text of a batch.
func (d *decoder) text(b *batch, t *text) {
	d.out = b
	raw := b.bytes[t.from:t.to]
	switch {
	case t.found != nil:
		d.put(*t.found)
	case t.yaml:
		d.yaml(raw, t)
	default:
		d.json(raw, t.list, place{cluster.Origin{File: b.file, Line: t.line}, raw}, 0)
	}
}

func (d *decoder) put(f found) { d.out.found = append(d.out.found, f) }

func (d *decoder) gap(line int, why, needs message.Message) {
	d.put(found{gap: &cluster.Gap{What: inLine(d.out.file, line), Why: why, Needs: needs}})
}

// yaml decodes a document, or an item of a List.
func (d *decoder) yaml(raw []byte, t *text) {
	if t.doc != nil {
		if i := bytes.IndexByte(raw, '-'); i >= 0 {
			raw[i] = ' '
		}
	}
	n, err := parseYAML(raw)
	if err == nil && (n.Kind == yaml.MappingNode || t.doc == nil) {
		d.node(n, t.line-1, t.list, 0)
		return
	}
	if t.doc == nil || t.doc.whole() == nil {
		if err == nil {
			err = &message.Error{What: message.Of("item.none")}
		}
		line, why := yamlReason(err)
		d.gap(t.line+max(line-1, 0), why, yamlNeeds())
		return
	}
	// Cut by lines the item makes no sense, but the parser understands the whole List.
	lines := bytes.Count(raw, []byte("\n"))
	if !bytes.HasSuffix(raw, []byte("\n")) {
		lines++
	}
	for _, n := range t.doc.whole() {
		if at := t.doc.line - 1 + n.Line; t.line <= at && at < t.line+lines {
			d.node(n, t.doc.line-1, t.list, 0)
		}
	}
}

// node decodes a parsed YAML object, or all objects of a List. Lines of nodes count from above.
func (d *decoder) node(n *yaml.Node, above int, list header, depth int) {
	n = resolve(n)
	items := n
	if n.Kind == yaml.MappingNode {
		items = yamlEntry(n, "items")
		own := header{yamlText(n, "apiVersion"), yamlText(n, "kind")}
		if items != nil && items.Kind == yaml.SequenceNode && (own.isList() || own.kind == "") {
			list = own
		} else {
			items = nil
		}
	}
	if items == nil || items.Kind != yaml.SequenceNode || depth > maxDepth/10 {
		d.mapping(n, above, list)
		return
	}
	for _, item := range items.Content {
		d.node(item, above, list, depth+1)
	}
	d.put(found{list: true})
}

func (d *decoder) mapping(n *yaml.Node, above int, list header) {
	if n.Kind != yaml.MappingNode {
		d.gap(above+n.Line, message.Of("object.none"), yamlNeeds())
		return
	}
	t := yamlTree{line: n.Line}
	if err := t.add(n); err != nil {
		d.gap(above+n.Line, message.Because(err), yamlNeeds())
		return
	}
	d.json(t.json, list, place{Origin: cluster.Origin{File: d.out.file, Line: above + n.Line,
		Outline: bytes.Clone(t.outline)}}, 0)
}

func yamlText(n *yaml.Node, key string) string {
	if v := yamlEntry(n, key); v != nil && resolve(v).Kind == yaml.ScalarNode {
		return resolve(v).Value
	}
	return ""
}

// json decodes one object, or all objects of a List in a List.
func (d *decoder) json(raw jsontext.Value, list header, at place, depth int) {
	h := d.head.of(raw)
	if h.kind == "" && raw.Kind() == '{' {
		if h = list.item(); h.kind == "" {
			h = shapeOf(raw, d.out.file)
		}
		if h.kind == "" && (d.wrapped(raw, at, depth) || d.nameless(raw, at)) {
			return
		}
	}
	switch {
	case h.kind == "":
		d.gap(at.Line, message.Of("object.kind"), message.Of("file.give-nothing"))
	case h.isList() && depth < maxDepth/10:
		var in struct {
			Items []jsontext.Value `json:"items"`
		}
		if err := json.Unmarshal(raw, &in, decoding); err != nil {
			d.gap(at.Line, message.Of("list.items"), jsonNeeds(nil))
			return
		}
		for _, item := range in.Items {
			d.json(item, h, at, depth+1)
		}
		d.put(found{list: true})
	case h.kind == infoKind && h.group() == cluster.Group:
		i := new(info)
		if d.into(i, raw, h, at) {
			d.put(found{info: i})
		}
	case h.kind == "Event" && h.group() == "events.k8s.io":
		e := new(eventsv1.Event)
		if d.into(e, raw, h, at) {
			d.object(cluster.Kind{Name: "Event", Version: "v1"}, coreEvent(e), at, true)
		}
	default:
		k, ok := kindOf(h)
		if !ok {
			d.put(found{skipped: h.String()})
			return
		}
		if o := k.New(); d.into(o, raw, h, at) {
			d.object(k, o, at, false)
		}
	}
}

// kindOf finds the kind that a snapshot keeps. Any version of its group is read as the one that we know.
func kindOf(h header) (cluster.Kind, bool) {
	for _, k := range cluster.Kinds {
		if k.Name == h.kind && (k.Group == h.group() || h.apiVersion == "") {
			return k, true
		}
	}
	return cluster.Kind{}, false
}

func (d *decoder) object(k cluster.Kind, o metav1.Object, at place, newAPI bool) {
	if o.GetName() == "" {
		d.gap(at.Line, message.Of("object.name", "kind", k.Name), message.Of("file.give-object"))
		return
	}
	if at.raw != nil {
		at.Line = 0 // where in the JSON a field stands is not known
	}
	cluster.Trim(o)
	d.put(found{kind: k.Name, object: o, trimmed: true, newAPI: newAPI, origin: at.Origin})
}

// into decodes an object, and reports whether it is of use. If a field is of the wrong type, the others are kept.
func (d *decoder) into(o any, raw []byte, h header, at place) bool {
	if p, ok := o.(*corev1.Pod); ok {
		if json.Unmarshal(raw, p, d.pods) == nil {
			return true
		}
		*p = corev1.Pod{}
	}
	err := json.Unmarshal(raw, o, decoding)
	if err == nil {
		return true
	}
	s, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		d.gap(at.Line, message.Of("object.broken", "kind", h.String(), "why", jsonReason(err)), jsonNeeds(err))
		return false
	}
	line := at.Line
	if at.raw != nil {
		line += bytes.Count(raw[:min(int(s.ByteOffset), len(raw))], []byte("\n"))
	} else {
		var path strings.Builder
		for field := range s.JSONPointer.Tokens() {
			path.WriteString("[" + field + "]")
		}
		line = at.LineOf(path.String())
	}
	d.gap(line, fieldReason(h, s), message.Of("file.give-rest"))
	err = json.Unmarshal(raw, o, decoding, jsonv1.ReportErrorsWithLegacySemantics(true)) // goes on after an error
	_, broken := errors.AsType[*jsontext.SyntacticError](err)
	return !broken
}

func fieldReason(h header, s *json.SemanticError) message.Message {
	field := strings.ReplaceAll(strings.TrimPrefix(string(s.JSONPointer), "/"), "/", ".")
	if s.Err != nil {
		return message.Of("object.field-error", "kind", h.String(), "field", field, "why", message.Because(s.Err))
	}
	return message.Of("object.field", "kind", h.String(), "field", field, "found", kindName(s.JSONKind))
}

// addTo takes over what a snapshot.yaml tells. Of several, a list is complete if any of them says so.
func (i *info) addTo(b *cluster.Builder) {
	b.TakenAt(i.At)
	b.AsOf(i.AsOf)
	for _, l := range i.Complete {
		b.Complete(l.Kind, l.Namespace)
	}
	for _, r := range i.Absent {
		b.Absent(r)
	}
	for _, g := range i.Gaps {
		b.Gap(g)
	}
	for kind, n := range i.Skipped {
		b.Skip(kind, n)
	}
	b.Ignore(i.Ignored)
}
