package remedy

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Names that stand at the beginning of a field for what the Pod's spec decides.
const (
	ofContainer = "container" // the container that a finding is about
	wherever    = "any"       // wherever it is set: in a container, or for the whole Pod
	entry       = "entry"     // of a container: the word that names the program to start
	words       = "words"     // of a container: what the program is given
)

// Resolve returns the edits with what begins with container. and any. as fields of the Pod. The container has a name,
// or is the only one.
func (t *Target) Resolve(name string, edits []Edit) []Edit {
	if name == "" && t.Spec != nil && len(t.Spec.Containers) == 1 {
		name = t.Spec.Containers[0].Name
	}
	var out []Edit
	for _, e := range edits {
		for _, field := range t.fields(name, e.Field+e.Remove) {
			one := e
			if one.Field = field; e.Remove != "" {
				one.Field, one.Remove = "", field
			}
			out = append(out, one)
		}
	}
	return out
}

// fields are those of the Pod that a field of an edit stands for.
func (t *Target) fields(name, field string) []string {
	head, rest, _ := strings.Cut(field, ".")
	switch head {
	case ofContainer:
		at, c := t.container(name)
		switch rest {
		case entry:
			rest = entryOf(c)
		case words:
			if rest = "args"; c != nil && len(c.Args) == 0 && len(c.Command) > 0 {
				rest = "command"
			}
		}
		return []string{at + "." + rest}
	case wherever:
		return t.wherever(name, rest)
	}
	return []string{field}
}

// container is the path of a container, and the container where it is known.
func (t *Target) container(name string) (string, *corev1.Container) {
	if t.Spec != nil {
		for i := range t.Spec.InitContainers {
			if c := &t.Spec.InitContainers[i]; c.Name == name {
				return "initContainers[" + name + "]", c
			}
		}
		for i := range t.Spec.Containers {
			if c := &t.Spec.Containers[i]; c.Name == name {
				return "containers[" + name + "]", c
			}
		}
	}
	if name == "" {
		name = "{container}" // which nothing fills in
	}
	return "containers[" + name + "]", nil
}

// entryOf is the field of a container that names its program. Where a word beside it is none that a command may hold,
// all of them have to be named.
func entryOf(c *corev1.Container) string {
	field, list := "command", []string(nil)
	switch {
	case c != nil && len(c.Command) > 0:
		list = c.Command
	case c != nil && len(c.Args) > 0:
		field, list = "args", c.Args
	}
	if len(list) == 0 || !plainPatch(list) {
		return field
	}
	return field + "[0]"
}

// wherever are the places where a field is set: of the Pod and of its containers, or of the one with a name. Where it
// is set nowhere, it is that container's, or else the Pod's.
func (t *Target) wherever(name, rest string) []string {
	var out []string
	p := newPatch(t.Spec)
	set := func(field string) bool {
		all, _, err := places(field)
		return err == nil && p.has(p.now(all[0], false), all, false)
	}
	if t.Spec != nil {
		for _, c := range slices.Concat(t.Spec.InitContainers, t.Spec.Containers) {
			if at, _ := t.container(c.Name); (name == "" || name == c.Name) && set(at+"."+rest) {
				out = append(out, at+"."+rest)
			}
		}
	}
	switch {
	case set(rest):
		out = append(out, rest)
	case len(out) == 0 && name != "":
		at, _ := t.container(name)
		out = append(out, at+"."+rest)
	case len(out) == 0:
		out = append(out, rest)
	}
	return out
}
