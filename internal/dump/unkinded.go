package dump

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/kubestuck/stuck/internal/cluster"
)

// What tells no kind may still be known: an object that a watch brings, several results in one object, and what a
// support bundle keeps in a file or a folder that is named after the resource.

// resourceAliases are short names of resources that bundles use.
var resourceAliases = map[string]string{"pvcs": "PersistentVolumeClaim", "pvs": "PersistentVolume"}

// plainName is a name without what programs put between its words: persistent-volumes.
func plainName(name string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(name))
}

// kindNamed is the kind that a file, a folder or a key is named after, in the plural or the singular.
func kindNamed(name string) header {
	name = plainName(name)
	for _, k := range cluster.Kinds {
		if name == k.Resource() || name == strings.ToLower(k.Name) || resourceAliases[name] == k.Name {
			return header{k.APIVersion(), k.Name}
		}
	}
	return header{}
}

// kindByPath is the kind that the last part of a path is named after that is named after one: Insights keeps
// config/pod/NAMESPACE/NAME.json, Replicated's bundles cluster-resources/pods/NAMESPACE.json.
func kindByPath(file string) header {
	file = strings.TrimSuffix(file, path.Ext(file))
	for file != "" && file != "." && file != "/" {
		if h := kindNamed(path.Base(file)); h.kind != "" {
			return h
		}
		file = path.Dir(file)
	}
	return header{}
}

// wrapped decodes what holds objects and is none: {"type": "ADDED", "object": {…}} of a watch, {"pods": …, "events":
// …}. It reports whether it was such.
func (d *decoder) wrapped(raw jsontext.Value, at place, depth int) bool {
	var fields map[string]jsontext.Value
	if depth > maxDepth/10 || json.Unmarshal(raw, &fields, decoding) != nil {
		return false
	}
	if kind, object := fields["type"], fields["object"]; len(kind) > 0 && object.Kind() == '{' {
		switch string(kind) {
		case `"ADDED"`, `"MODIFIED"`:
			d.json(object, header{}, at, depth+1)
		case `"DELETED"`, `"BOOKMARK"`, `"ERROR"`: // it is not there, or says nothing
			d.put(found{list: true})
		default:
			return false
		}
		return true
	}
	some := false
	for _, k := range cluster.Kinds { // in an order of their own
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			h, value := kindNamed(name), fields[name]
			if h.kind != k.Name {
				continue
			}
			switch value.Kind() {
			case '{':
				some = true
				d.json(value, header{}, at, depth+1)
			case '[':
				var items []jsontext.Value
				if json.Unmarshal(value, &items, decoding) != nil {
					continue
				}
				some = true
				for _, item := range items {
					d.json(item, header{h.apiVersion, h.kind + "List"}, at, depth+1)
				}
				d.put(found{list: true})
			}
		}
	}
	return some
}
