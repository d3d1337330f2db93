package remedy

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// A step is one part of a field's path: a name, and which element of the list or map that it names.
type step struct {
	name  string
	key   string
	keyed bool
}

// parse takes a path apart. A key may hold dots and slashes, and so may a placeholder in it.
func parse(field string) ([]step, error) {
	var out []step
	for rest := field; rest != ""; {
		end := strings.IndexAny(rest, ".[")
		s := step{name: rest}
		switch {
		case end < 0:
			rest = ""
		case rest[end] == '.':
			s.name, rest = rest[:end], rest[end+1:]
		default:
			closing := strings.IndexByte(rest, ']')
			if closing < end {
				return nil, fmt.Errorf("%s has a [ without a ]", field)
			}
			s = step{rest[:end], rest[end+1 : closing], true}
			rest = strings.TrimPrefix(rest[closing+1:], ".")
		}
		if s.name == "" {
			return nil, fmt.Errorf("%s has an empty name", field)
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is no field")
	}
	return out, nil
}

// A place is a step with what the API knows of it.
type place struct {
	step
	of       reflect.Type // what the field holds: of a list or a map with a key, what an element holds
	mergeKey string       // of a list whose elements are merged by it; "" for one that is only replaced whole
	list     bool
}

// metadata is the part of a template beside the spec that may be changed.
type metadata struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// places takes a path apart and finds each part of it in the types of the API.
func places(field string) (all []place, meta bool, err error) {
	steps, err := parse(strings.TrimPrefix(strings.TrimPrefix(field, "spec."), wherever+"."))
	if err != nil {
		return nil, false, err
	}
	at := reflect.TypeFor[corev1.PodSpec]()
	if meta = steps[0].name == "annotations" || steps[0].name == "labels"; meta {
		at = reflect.TypeFor[metadata]()
	}
	for i, s := range steps {
		if i == 0 && s.name == ofContainer {
			s = step{"containers", "{container}", true}
		}
		if i == 1 && steps[0].name == ofContainer {
			s.name = map[string]string{entry: "command", words: "args"}[s.name]
			if s.name == "" {
				s.name = steps[1].name
			}
		}
		if at.Kind() == reflect.Map && !s.keyed { // limits.memory
			all, at = append(all, place{step: s, of: at.Elem()}), at.Elem()
			continue
		}
		f, ok := fieldOf(at, s.name)
		if !ok {
			return nil, meta, fmt.Errorf("%s: there is no %s", field, s.name)
		}
		p := place{step: s, of: f.Type}
		for p.of.Kind() == reflect.Pointer {
			p.of = p.of.Elem()
		}
		switch kind := p.of.Kind(); {
		case s.keyed && kind == reflect.Slice:
			p.list, p.of = true, p.of.Elem()
			if f.Tag.Get("patchStrategy") != "" {
				p.mergeKey = f.Tag.Get("patchMergeKey")
			}
		case s.keyed && kind == reflect.Map:
			p.of = p.of.Elem()
		case s.keyed:
			return nil, meta, fmt.Errorf("%s: %s is neither a list nor a map", field, s.name)
		}
		all, at = append(all, p), p.of
	}
	return all, meta, nil
}

// fieldOf is the field of a struct with a name in JSON; those of what is inlined count as well.
func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	if t.Kind() != reflect.Struct {
		return reflect.StructField{}, false
	}
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// isHole is the form of the name of what only a person can fill in.
var isHole = match.Lazy(`^[A-Z][A-Z_]*$`)

// raw marks a hole in JSON that must stand there without quotes: that of a number.
const raw = "@@"

var rawHole = match.Lazy(`"@@([A-Z_]+)"`)

// holeFor is a hole as the value of a field of a type: without quotes where that is no text.
func holeFor(name string, of reflect.Type) any {
	switch kind := of.Kind(); {
	case of == reflect.TypeFor[resource.Quantity](), of == reflect.TypeFor[metav1.Duration](), kind == reflect.String:
		return name
	case kind == reflect.Slice && of.Elem().Kind() == reflect.String:
		return []any{name}
	}
	return raw + name
}

// value is a text as JSON for a field of a type.
func value(text string, of reflect.Type) (any, error) {
	switch of {
	case reflect.TypeFor[resource.Quantity](), reflect.TypeFor[metav1.Duration]():
		return text, nil
	case reflect.TypeFor[intstr.IntOrString]():
		if n, err := strconv.Atoi(text); err == nil {
			return json.Number(strconv.Itoa(n)), nil
		}
		return text, nil
	}
	if of.Kind() == reflect.String {
		return text, nil
	}
	if of == reflect.TypeFor[[]string]() && !strings.HasPrefix(text, "[") {
		var list []any
		for _, word := range strings.Fields(text) {
			list = append(list, word)
		}
		return list, nil
	}
	v := reflect.New(of)
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v.Interface()); err != nil {
		return nil, fmt.Errorf("%q is no value for it: %w", text, err)
	}
	return plain([]byte(text))
}

// plain is JSON as maps, lists and texts, with its numbers as they are written.
func plain(data []byte) (any, error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var out any
	err := d.Decode(&out)
	return out, err
}

// Check says what is wrong with an edit, before any of its placeholders is filled in; nil where nothing is.
func (e Edit) Check() error {
	field := e.Field + e.Remove
	switch {
	case (e.Field == "") == (e.Remove == "") || (e.Value+e.Hole == "") == (e.Remove == ""):
		return errors.New("it wants field with value, hole or both, or remove alone")
	case e.Hole != "" && !isHole().MatchString(e.Hole) && !whole().MatchString(e.Hole):
		return fmt.Errorf("hole is %q, and its name is of capitals and _", e.Hole)
	case named().MatchString(field):
		return nil // the finding says where
	}
	all, _, err := places(field)
	if err != nil || e.Value == "" || placeholder().MatchString(e.Value) {
		return err
	}
	_, err = value(e.Value, all[len(all)-1].of)
	return err
}

var (
	placeholder = match.Lazy(`\{[a-z]+\}`)
	whole       = match.Lazy(`^\{[a-z]+\}$`)
	named       = match.Lazy(`^[^\[]*\{[a-z]+\}`) // a path in which a name is filled in, and not the key of an element
	isPath      = match.Lazy(`^[a-zA-Z][a-zA-Z0-9.]*$`)
)

// Fill is the edit with its placeholders filled in: in the parts of its path and in the texts of its value, never
// across them. Where one is not known, the edit's hole stands in its place. It is not ok where there is no hole.
func (e Edit) Fill(arg func(name string) (string, bool)) (out Edit, ok bool) {
	ok = true
	inPath := func(text string) string {
		return placeholder().ReplaceAllStringFunc(text, func(p string) string {
			v, known := arg(p[1 : len(p)-1])
			before, _, _ := strings.Cut(text, p)
			switch inKey := strings.Count(before, "[") > strings.Count(before, "]"); {
			case !known && e.Hole != "" && inKey:
				return e.Hole
			case !known, inKey && strings.ContainsAny(v, "[]"), !inKey && text != p && !isPath().MatchString(v):
				ok = false // what is no name, or no key, would be another path
			}
			return v
		})
	}
	out = Edit{Field: inPath(e.Field), Remove: inPath(e.Remove), Hole: e.Hole}
	known := true
	fill := func(text string) string {
		return placeholder().ReplaceAllStringFunc(text, func(p string) string {
			v, there := arg(p[1 : len(p)-1])
			known = known && there
			return v
		})
	}
	out.Hole = fill(e.Hole)
	if !known || out.Hole != "" && !isHole().MatchString(out.Hole) {
		out.Hole, known = "", true
	}
	switch v, err := plain([]byte(e.Value)); {
	case e.Value == "":
	case err == nil && (e.Value[0] == '{' || e.Value[0] == '[') && !whole().MatchString(e.Value):
		data, err := marshal(mapTexts(v, fill))
		out.Value, known = string(data), known && err == nil
	default:
		out.Value = fill(e.Value)
	}
	if known && out.Value != "" && !strings.Contains(out.Field, out.Hole) {
		out.Hole = ""
	}
	if !known {
		out.Value = ""
	}
	return out, ok && (out.Value+out.Hole+out.Remove != "")
}

// mapTexts replaces every text in plain JSON.
func mapTexts(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case []any:
		for i := range v {
			v[i] = mapTexts(v[i], f)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[f(k)] = mapTexts(v[k], f)
		}
		return out
	}
	return v
}
