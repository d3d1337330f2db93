package remedy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/redact"
	corev1 "k8s.io/api/core/v1"
)

// marshal writes JSON as people read it: what HTML would read as a tag stays.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// A patch is a strategic merge patch of a template that edits make, by what the template holds now.
type patch struct {
	of   *corev1.PodSpec // nil where it is not known
	spec map[string]any  // what edits touch of it, as they leave it: a list that is replaced whole is taken from it
	out  map[string]any  // the patch of the spec
	meta map[string]any  // the patch of the template's metadata
}

// newPatch begins a patch of a Pod's spec, which may not be known.
func newPatch(spec *corev1.PodSpec) *patch {
	return &patch{of: spec, spec: map[string]any{}, out: map[string]any{}, meta: map[string]any{}}
}

// now is the spec with what an edit of a place touches in it: a Pod may be of thousands of containers.
func (p *patch) now(at place, numbers bool) map[string]any {
	f, ok := fieldOf(reflect.TypeFor[corev1.PodSpec](), at.name)
	if !ok || p.of == nil {
		return p.spec
	}
	v := reflect.ValueOf(p.of).Elem().FieldByIndex(f.Index)
	_, there := p.spec[at.name]
	merged := at.keyed && at.list && at.mergeKey != ""
	switch {
	case v.IsZero():
	case merged && !there:
		p.spec[at.name] = make([]any, v.Len()) // of which each is nil that no edit touches
		p.element(at, v, numbers)
	case merged:
		p.element(at, v, numbers)
	case !there:
		p.spec[at.name] = plainOf(v)
	}
	return p.spec
}

// element puts the element of a list into the spec that a place means.
func (p *patch) element(at place, v reflect.Value, numbers bool) {
	list, _ := p.spec[at.name].([]any)
	key, ok := fieldOf(at.of, at.mergeKey)
	for i := range min(v.Len(), len(list)) {
		is := numbers && strconv.Itoa(i) == at.key
		if !numbers && ok {
			is = keyText(v.Index(i).FieldByIndex(key.Index)) == at.key
		}
		if is && list[i] == nil {
			list[i] = plainOf(v.Index(i))
		}
	}
}

// plainOf is a part of a spec as JSON has it; nil where there is no JSON of it.
func plainOf(v reflect.Value) any {
	data, err := json.Marshal(v.Interface())
	if err != nil {
		return nil
	}
	out, err := plain(data)
	if err != nil {
		return nil
	}
	return out
}

// add lays an edit over the patch.
func (p *patch) add(e Edit) error {
	field := e.Field
	if e.Remove != "" {
		field = e.Remove
	}
	all, meta, err := places(field)
	if err != nil {
		return err
	}
	var v any
	switch {
	case e.Hole != "" && e.Value == "":
		v = holeFor(e.Hole, all[len(all)-1].of)
	case e.Remove == "":
		if v, err = value(e.Value, all[len(all)-1].of); err != nil {
			return err
		}
	}
	if meta {
		return change(map[string]any{}, p.meta, all, v, false)
	}
	now := p.now(all[0], numbered(field))
	if e.Remove != "" && p.of != nil && !p.has(now, all, numbered(field)) {
		return nil
	}
	return change(now, p.out, all, v, numbered(field))
}

// has reports whether there is anything at a place.
func (p *patch) has(now map[string]any, left []place, numbers bool) bool {
	at, rest := left[0], left[1:]
	here, ok := now[at.name]
	switch {
	case !ok:
		return false
	case at.keyed && at.list && at.mergeKey != "":
		list, _ := here.([]any)
		_, element, err := find(list, at, numbers)
		return err == nil && element != nil && (len(rest) == 0 || p.has(element, rest, numbers))
	case at.keyed && at.list:
		list, _ := here.([]any)
		i, err := strconv.Atoi(at.key)
		if err != nil || i < 0 || i >= len(list) {
			return false
		}
		element, _ := list[i].(map[string]any)
		return len(rest) == 0 || p.has(element, rest, numbers)
	case at.keyed:
		inner, _ := here.(map[string]any)
		_, ok = inner[at.key]
		return ok
	case len(rest) == 0:
		return true
	}
	inner, _ := here.(map[string]any)
	return p.has(inner, rest, numbers)
}

// empty reports whether nothing changes.
func (p *patch) empty() bool { return len(p.out)+len(p.meta) == 0 }

// numbered reports whether a path has numbers for the elements of lists, as evidence has.
func numbered(field string) bool { return len(field) > 5 && field[:5] == "spec." }

// change writes a value, nil to take it away, into the patch at the places that are left; now is what is there now.
func change(now, out map[string]any, left []place, v any, numbers bool) error {
	at, rest := left[0], left[1:]
	if !at.keyed {
		if len(rest) == 0 {
			out[at.name] = v
			now[at.name] = v
			return nil
		}
		inner, ok := out[at.name].(map[string]any)
		if !ok {
			inner = map[string]any{}
			out[at.name] = inner
		}
		here, _ := now[at.name].(map[string]any)
		if here == nil {
			here = map[string]any{}
			now[at.name] = here
		}
		return change(here, inner, rest, v, numbers)
	}
	if !at.list {
		return change(now, out, append([]place{{step: step{name: at.name}}, {step: step{name: at.key}, of: at.of}},
			rest...), v, numbers)
	}
	list, _ := now[at.name].([]any)
	if at.mergeKey == "" {
		whole, err := inList(list, at, rest, v)
		now[at.name], out[at.name] = whole, whole
		return err
	}
	key, element, err := find(list, at, numbers)
	if err != nil {
		return err
	}
	if element == nil && len(rest) > 0 && at.name != "env" || element == nil && v == nil {
		return fmt.Errorf("%s has no element %s", at.name, at.key)
	}
	if element == nil {
		element = map[string]any{at.mergeKey: key}
		now[at.name] = append(list, element)
	}
	inner := inPatch(out, at, key)
	switch object, isObject := v.(map[string]any); {
	case len(rest) > 0:
		return change(element, inner, rest, v, numbers)
	case v == nil:
		inner["$patch"] = "delete"
	case isObject:
		for k := range object {
			inner[k], element[k] = object[k], object[k]
		}
	default:
		return fmt.Errorf("%s[%s] holds no single value", at.name, at.key)
	}
	return nil
}

// find is the element of a list that a place means, with the value of its merge key; none where it is not there yet.
func find(list []any, at place, numbers bool) (key any, element map[string]any, err error) {
	if numbers {
		i, err := strconv.Atoi(at.key)
		if err != nil || i < 0 || i >= len(list) {
			return nil, nil, fmt.Errorf("%s has no element %s", at.name, at.key)
		}
		element, _ = list[i].(map[string]any)
		if element[at.mergeKey] == nil {
			return nil, nil, fmt.Errorf("%s[%s] has no %s", at.name, at.key, at.mergeKey)
		}
		return element[at.mergeKey], element, nil
	}
	for _, e := range list {
		if m, ok := e.(map[string]any); ok && keyText(m[at.mergeKey]) == at.key {
			return m[at.mergeKey], m, nil
		}
	}
	if n, err := strconv.Atoi(at.key); err == nil && at.mergeKey == "containerPort" {
		return json.Number(strconv.Itoa(n)), nil, nil
	}
	return at.key, nil, nil
}

// keyText is a merge key as paths have it.
func keyText(key any) string {
	switch key := key.(type) {
	case string:
		return key
	case reflect.Value:
		if key.Kind() == reflect.String {
			return key.String()
		}
	}
	return fmt.Sprint(key) // of what a reflect.Value holds, too
}

// inPatch is the element with a key in a list of the patch, which is put there where it is not.
func inPatch(out map[string]any, at place, key any) map[string]any {
	list, _ := out[at.name].([]any)
	for _, e := range list {
		if m, ok := e.(map[string]any); ok && keyText(m[at.mergeKey]) == keyText(key) {
			return m
		}
	}
	m := map[string]any{at.mergeKey: key}
	out[at.name] = append(list, m)
	return m
}

// inList changes an element of a list that is only replaced whole, and returns all of it. A number behind its end, or
// a + in place of it, adds one.
func inList(list []any, at place, rest []place, v any) ([]any, error) {
	i, err := strconv.Atoi(at.key)
	if at.key == "+" {
		i, err = len(list), nil
	}
	if err != nil || i < 0 || i > len(list) {
		return nil, fmt.Errorf("%s has no element %s", at.name, at.key)
	}
	list = slices.Clone(list)
	if len(rest) == 0 {
		if v == nil && i < len(list) {
			return slices.Delete(list, i, i+1), nil
		}
		return append(list[:i], append([]any{v}, list[min(i+1, len(list)):]...)...), nil
	}
	if i == len(list) {
		list = append(list, map[string]any{})
	}
	element, _ := list[i].(map[string]any)
	if element == nil {
		return nil, fmt.Errorf("%s[%s] has no fields", at.name, at.key)
	}
	whole := map[string]any{}
	for k, v := range element {
		whole[k] = v
	}
	list[i] = whole
	return list, set(whole, rest, v)
}

// set changes a field deep in what is replaced whole.
func set(now map[string]any, left []place, v any) error {
	at, rest := left[0], left[1:]
	if at.keyed && at.list {
		list, _ := now[at.name].([]any)
		whole, err := inList(list, at, rest, v)
		now[at.name] = whole
		return err
	}
	name := at.name
	if at.keyed {
		inner, _ := now[name].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
			now[name] = inner
		}
		now, name = inner, at.key
	}
	switch inner, _ := now[name].(map[string]any); {
	case len(rest) == 0 && v == nil:
		delete(now, name)
	case len(rest) == 0:
		now[name] = v
	default:
		if inner == nil {
			inner = map[string]any{}
			now[name] = inner
		}
		return set(inner, rest, v)
	}
	return nil
}

// template is the patch of a template; nothing is in it that does not change.
func (p *patch) template() map[string]any {
	out := map[string]any{}
	if len(p.out) > 0 {
		out["spec"] = p.out
	}
	if len(p.meta) > 0 {
		out["metadata"] = p.meta
	}
	return out
}

// quotable is JSON as it stands in a command, but for holes that are no texts.
func quotable(v any) string {
	data, err := marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}

// plainPatch reports whether a patch is one that a command may hold, and holds nothing that a Snapshot has in place of
// a credential: that would be written over the credential.
func plainPatch(v any) bool {
	text := quotable(v)
	return argument.Patch.Holds(text) && !strings.Contains(text, redact.Redacted)
}

// quoted is JSON for a command, with holes as a person fills them in. It holds no single quotes: see [argument.Patch].
func quoted(v any) string { return "'" + rawHole().ReplaceAllString(quotable(v), "$1") + "'" }
