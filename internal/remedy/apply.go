package remedy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// For returns a patch as the API server takes it for an object: what kubectl makes of its words by what the object
// holds.
func (p Patch) For(object map[string]any) (Patch, error) {
	var out any
	switch p.Type {
	case images:
		var wanted map[string]string
		if err := json.Unmarshal(p.Body, &wanted); err != nil {
			return p, err
		}
		changed := map[string][]any{}
		for name, image := range wanted {
			list := listOf(object, name)
			if list == "" {
				return p, fmt.Errorf("there is no container %s", name)
			}
			changed[list] = append(changed[list], map[string]any{"name": name, "image": image})
		}
		out = inTemplate(object, changed)
	case resources:
		var wanted struct {
			Container        string
			Limits, Requests map[string]string
		}
		if err := json.Unmarshal(p.Body, &wanted); err != nil {
			return p, err
		}
		set := map[string]any{}
		if wanted.Limits != nil {
			set["limits"] = wanted.Limits
		}
		if wanted.Requests != nil {
			set["requests"] = wanted.Requests
		}
		changed := map[string][]any{}
		for _, name := range containerNames(object, "containers") {
			if wanted.Container == "" || wanted.Container == name {
				changed["containers"] = append(changed["containers"], map[string]any{"name": name, "resources": set})
			}
		}
		if len(changed) == 0 {
			return p, fmt.Errorf("there is no container %s", wanted.Container)
		}
		out = inTemplate(object, changed)
	case untaint:
		return withoutTaint(p, object)
	default:
		return p, nil
	}
	body, err := marshal(out)
	return Patch{Strategic, body}, err
}

// withoutTaint makes the patch that takes a taint off a node.
func withoutTaint(p Patch, node map[string]any) (Patch, error) {
	var off struct{ Key, Effect string }
	if err := json.Unmarshal(p.Body, &off); err != nil {
		return p, err
	}
	spec, _ := node["spec"].(map[string]any)
	taints, _ := spec["taints"].([]any)
	left := slices.DeleteFunc(slices.Clone(taints), func(t any) bool {
		taint, _ := t.(map[string]any)
		return taint["key"] == off.Key && (off.Effect == "" || taint["effect"] == off.Effect)
	})
	if len(left) == len(taints) {
		return p, fmt.Errorf("there is no taint %s", off.Key)
	}
	var value any
	if len(left) > 0 {
		value = left
	}
	body, err := marshal(map[string]any{"spec": map[string]any{"taints": value}})
	return Patch{Merge, body}, err
}

// TemplateOf is the template of the Pods of an object, the Pod itself where it is one; nil where it has none.
func TemplateOf(object map[string]any) map[string]any {
	spec, _ := object["spec"].(map[string]any)
	switch object["kind"] {
	case "Pod":
		return object
	case "CronJob":
		job, _ := spec["jobTemplate"].(map[string]any)
		spec, _ = job["spec"].(map[string]any)
	}
	template, _ := spec["template"].(map[string]any)
	return template
}

// inTemplate is the patch that changes lists of containers where an object keeps them.
func inTemplate(object map[string]any, changed map[string][]any) map[string]any {
	spec := map[string]any{}
	for list, elements := range changed {
		spec[list] = elements
	}
	pod := map[string]any{"spec": spec}
	switch object["kind"] {
	case "Pod":
		return pod
	case "CronJob":
		job := map[string]any{"spec": map[string]any{"template": pod}}
		return map[string]any{"spec": map[string]any{"jobTemplate": job}}
	}
	return map[string]any{"spec": map[string]any{"template": pod}}
}

func containerNames(object map[string]any, list string) []string {
	spec, _ := TemplateOf(object)["spec"].(map[string]any)
	all, _ := spec[list].([]any)
	var out []string
	for _, c := range all {
		m, _ := c.(map[string]any)
		name, _ := m["name"].(string)
		out = append(out, name)
	}
	return out
}

// listOf is the list of containers that has one of a name; "" for none.
func listOf(object map[string]any, name string) string {
	for _, list := range []string{"containers", "initContainers"} {
		if slices.Contains(containerNames(object, list), name) {
			return list
		}
	}
	return ""
}

// schemas are the types of the kinds that are changed before they are made anew.
var schemas = map[string]reflect.Type{"Pod": reflect.TypeFor[corev1.Pod](), "Job": reflect.TypeFor[batchv1.Job](),
	"CronJob": reflect.TypeFor[batchv1.CronJob](), "Deployment": reflect.TypeFor[appsv1.Deployment](),
	"StatefulSet": reflect.TypeFor[appsv1.StatefulSet](), "DaemonSet": reflect.TypeFor[appsv1.DaemonSet](),
	"ReplicaSet":            reflect.TypeFor[appsv1.ReplicaSet](),
	"ReplicationController": reflect.TypeFor[corev1.ReplicationController]()}

// Apply changes an object as the API server would. It is for what is made anew: what can be changed in place, the API
// server changes.
func (p Patch) Apply(object map[string]any) error {
	p, err := p.For(object)
	if err != nil {
		return err
	}
	if p.Type == JSONPatch {
		return applyJSON(object, p.Body)
	}
	body, err := plain(p.Body)
	if err != nil {
		return err
	}
	patch, ok := body.(map[string]any)
	if !ok {
		return fmt.Errorf("the patch is no object")
	}
	kind, _ := object["kind"].(string)
	of := schemas[kind]
	if p.Type == Merge {
		of = nil
	}
	merge(object, patch, of)
	return nil
}

// merge lays a patch over an object: what is null in it goes, and lists are merged by their keys where the type has
// any; without a type, lists are replaced.
func merge(object, patch map[string]any, of reflect.Type) {
	for name, value := range patch {
		key, element := "", reflect.Type(nil)
		if of != nil {
			key, element = mergeKeyOf(of, name)
		}
		switch v := value.(type) {
		case nil:
			delete(object, name)
		case map[string]any:
			inner, _ := object[name].(map[string]any)
			if inner == nil {
				inner = map[string]any{}
				object[name] = inner
			}
			merge(inner, v, element)
		case []any:
			if key == "" {
				object[name] = v
				continue
			}
			list, _ := object[name].([]any)
			object[name] = mergeList(list, v, key, element)
		default:
			object[name] = v
		}
	}
}

// mergeList lays the elements of a patch over those of a list that have the same key.
func mergeList(list, patch []any, key string, of reflect.Type) []any {
	list = slices.Clone(list)
	for _, e := range patch {
		change, _ := e.(map[string]any)
		i := slices.IndexFunc(list, func(o any) bool {
			m, _ := o.(map[string]any)
			return fmt.Sprint(m[key]) == fmt.Sprint(change[key])
		})
		switch {
		case change["$patch"] == "delete" && i >= 0:
			list = slices.Delete(list, i, i+1)
		case change["$patch"] == "delete":
		case i < 0:
			made := map[string]any{}
			merge(made, change, of)
			list = append(list, made)
		default:
			inner, _ := list[i].(map[string]any)
			merge(inner, change, of)
		}
	}
	return list
}

// mergeKeyOf is the key by which a list is merged, where a field is one, and the type of what is in it.
func mergeKeyOf(of reflect.Type, name string) (key string, element reflect.Type) {
	f, ok := fieldOf(of, name)
	if !ok {
		return "", nil
	}
	element = f.Type
	for element.Kind() == reflect.Pointer || element.Kind() == reflect.Slice {
		element = element.Elem()
	}
	if element.Kind() != reflect.Struct {
		return "", nil
	}
	if f.Tag.Get("patchStrategy") != "" {
		key = f.Tag.Get("patchMergeKey")
	}
	return key, element
}
