package remedy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A Change is one operation of a JSON patch (RFC 6902), of those that are made here: add, remove, replace, test,
// move.
type Change struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
	From  string `json:"from,omitempty"`
}

// MarshalJSON writes a change; a value that is false, null or empty is one all the same.
func (c Change) MarshalJSON() ([]byte, error) {
	out := map[string]any{"op": c.Op, "path": c.Path}
	switch c.Op {
	case "remove":
	case "move":
		out["from"] = c.From
	default:
		out["value"] = c.Value
	}
	return json.Marshal(out)
}

func applyJSON(object map[string]any, body json.RawMessage) error {
	var all []Change
	if err := json.Unmarshal(body, &all); err != nil {
		return err
	}
	for _, c := range all {
		if c.Op == "move" {
			if err := c.take(object); err != nil {
				return err
			}
		}
		keys, err := pointer(c.Path)
		if err != nil {
			return err
		}
		if _, err := c.apply(object, keys); err != nil {
			return err
		}
	}
	return nil
}

// take makes of a move the addition of what it takes away.
func (c *Change) take(object map[string]any) error {
	keys, err := pointer(c.From)
	if err != nil {
		return err
	}
	var at any = object
	for _, key := range keys {
		switch in := at.(type) {
		case map[string]any:
			at = in[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(in) {
				return fmt.Errorf("%s: there is no element %s", c.From, key)
			}
			at = in[i]
		}
	}
	c.Op, c.Value = "add", at
	_, err = Change{Op: "remove", Path: c.From}.apply(object, keys)
	return err
}

// pointer takes the path of a change apart.
func pointer(path string) ([]string, error) {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return nil, fmt.Errorf("%q is no path", path)
	}
	keys := strings.Split(rest, "/")
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for i := range keys {
		keys[i] = unescape.Replace(keys[i])
	}
	return keys, nil
}

// apply changes what stands at the keys below a value, and returns the value.
func (c Change) apply(at any, keys []string) (any, error) {
	last := len(keys) == 1
	switch at := at.(type) {
	case map[string]any:
		inner, there := at[keys[0]]
		switch {
		case !last && !there, last && !there && c.Op != "add":
			return at, fmt.Errorf("%s: there is no %s", c.Path, keys[0])
		case last && c.Op == "remove":
			delete(at, keys[0])
			return at, nil
		case last && c.Op == "test":
			return at, c.compare(inner)
		case last:
			at[keys[0]] = c.Value
			return at, nil
		}
		changed, err := c.apply(inner, keys[1:])
		at[keys[0]] = changed
		return at, err
	case []any:
		i, err := strconv.Atoi(keys[0])
		if keys[0] == "-" {
			i, err = len(at), nil
		}
		if err != nil || i < 0 || i > len(at) || i == len(at) && (!last || c.Op != "add") {
			return at, fmt.Errorf("%s: there is no element %s", c.Path, keys[0])
		}
		switch {
		case last && c.Op == "add":
			return slices.Insert(slices.Clone(at), i, c.Value), nil
		case last && c.Op == "remove":
			return slices.Delete(slices.Clone(at), i, i+1), nil
		case last && c.Op == "test":
			return at, c.compare(at[i])
		case last:
			at[i] = c.Value
			return at, nil
		}
		changed, err := c.apply(at[i], keys[1:])
		at[i] = changed
		return at, err
	}
	return at, fmt.Errorf("%s: %s is in nothing", c.Path, keys[0])
}

// compare is the error where a test does not hold.
func (c Change) compare(there any) error {
	if reflect.DeepEqual(normal(there), normal(c.Value)) {
		return nil
	}
	return fmt.Errorf("%s is something else now", c.Path)
}

// normal is a value with numbers of one type.
func normal(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if json.Unmarshal(data, &out) != nil {
		return v
	}
	return out
}
