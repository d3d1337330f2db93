// Package revision compares templates of Pods: what a workload's newest revision changed, and where a Pod differs from
// the template that it was made of.
//
// Values of environment variables are in no snapshot, so that a change of one is only known by its consequence: two
// revisions that differ in nothing else.
package revision

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// A Difference is one field in which two templates differ.
type Difference struct {
	Container string `json:"container,omitempty"` // whose field it is, where it is a container's
	Field     string `json:"field"`               // lists by name: image, env[HOST], volumes[data]
	Path      string `json:"path"`                // the same in the spec of the newer one: containers[0].image
	Old       string `json:"old,omitempty"`       // nothing where the field is new
	New       string `json:"new,omitempty"`       // nothing where it is gone
	Touches   bool   `json:"touches,omitempty"`   // it is of what the finding is about
}

// EnvValues is the Field of a change that is none of what a snapshot holds: values of environment variables.
const EnvValues = "env values"

// Withheld stands for the value of an environment variable.
const Withheld = "withheld"

// Whole is the Field of a change that adds or takes away a container.
const Whole = "container"

// keys are the fields by which the items of a list are told apart. Other lists are compared as a whole.
var keys = map[string]string{
	"containers": "name", "initContainers": "name", "env": "name", "volumes": "name", "volumeMounts": "mountPath",
	"volumeDevices": "devicePath", "ports": "containerPort", "imagePullSecrets": "name",
}

// Diff returns what differs between two specs of Pods, in the order of the fields' names, with those of containers in
// the order of the newer one.
func Diff(older, newer *corev1.PodSpec) []Difference {
	d := differ{}
	d.value(place{}, tree(older), tree(newer))
	return d.changes
}

// tree is a spec as JSON has it.
func tree(s *corev1.PodSpec) any {
	raw, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	var t map[string]any
	if json.Unmarshal(raw, &t) != nil {
		return nil
	}
	delete(t, "serviceAccount") // the old name of serviceAccountName, which is beside it
	return t
}

// place is where in a spec a comparison is.
type place struct{ container, field, path string }

func (p place) member(name string) place {
	return place{p.container, join(p.field, name), join(p.path, name)}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// item is an element of a list, which stands at an index in the newer spec; -1 where it does not.
func (p place) item(list, key string, index int) place {
	out := place{p.container, join(p.field, fmt.Sprintf("%s[%s]", list, key)), join(p.path, list)}
	if index >= 0 {
		out.path += fmt.Sprintf("[%d]", index)
	}
	if list == "containers" || list == "initContainers" {
		out.container, out.field = key, ""
	}
	return out
}

type differ struct{ changes []Difference }

func (d *differ) value(at place, older, newer any) {
	a, isMap := older.(map[string]any)
	b, both := newer.(map[string]any)
	if !isMap || !both {
		d.leaf(at, older, newer)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(union(a, b))) {
		x, y := a[name], b[name]
		if key := keys[name]; key != "" {
			d.list(at, name, key, x, y)
		} else {
			d.value(at.member(name), x, y)
		}
	}
}

func union(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// list compares two lists by a key of their items: the order is of no account.
func (d *differ) list(at place, name, key string, older, newer any) {
	was, is := byKey(older, key), byKey(newer, key)
	for _, k := range slices.SortedFunc(maps.Keys(union(any2(was), any2(is))), func(a, b string) int {
		return cmp.Or(cmp.Compare(index(is, a), index(is, b)), strings.Compare(a, b))
	}) {
		x, y := was[k], is[k]
		switch p := at.item(name, k, index(is, k)); {
		case x.value == nil || y.value == nil:
			d.leaf(p, x.value, y.value)
		default:
			d.value(p, x.value, y.value)
		}
	}
}

// indexed is an item of a list and where it stands.
type indexed struct {
	value any
	index int
}

func any2(m map[string]indexed) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// index is where an item stands; -1 where it is not in the list.
func index(m map[string]indexed, key string) int {
	if v, ok := m[key]; ok {
		return v.index
	}
	return -1
}

func byKey(list any, key string) map[string]indexed {
	out := map[string]indexed{}
	items, _ := list.([]any)
	for i, item := range items {
		if m, ok := item.(map[string]any); ok {
			out[fmt.Sprint(m[key])] = indexed{m, i}
		}
	}
	return out
}

// leaf records a difference of two values that are not compared any deeper.
func (d *differ) leaf(at place, older, newer any) {
	was, is := text(at, older), text(at, newer)
	if was == is {
		return
	}
	d.changes = append(d.changes, Difference{Container: at.container, Field: cmp.Or(at.field, Whole), Path: at.path,
		Old: was, New: is})
}

// text is a value in one line: a plain one as it is, a container by its image, an environment variable by where its
// value comes from, and all else as JSON.
func text(at place, v any) string {
	m, isMap := v.(map[string]any)
	switch {
	case v == nil:
		return ""
	case isMap && at.container != "" && at.field == "":
		return fmt.Sprint(m["image"])
	case isMap && strings.HasPrefix(at.field, "env["):
		if m["valueFrom"] == nil {
			return Withheld
		}
		v = m["valueFrom"]
	case isMap && strings.Contains(at.field, "["):
		v = without(m, "name") // it is told already
	}
	if s, ok := v.(string); ok {
		return s
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}

func without(m map[string]any, key string) map[string]any {
	m = maps.Clone(m)
	delete(m, key)
	return m
}
