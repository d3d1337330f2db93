package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/redact"
	"github.com/kubestuck/stuck/internal/remedy"
	"sigs.k8s.io/yaml"
)

// written are the annotations, by the beginning of their names, that controllers write beside what people want.
var written = []string{"deployment.kubernetes.io/", "pv.kubernetes.io/", "volume.kubernetes.io/",
	"volume.beta.kubernetes.io/", "control-plane.alpha.kubernetes.io/", "deprecated.daemonset.template.generation"}

// Wanted is what is wanted of an object, without what the API server, the scheduler and controllers write beside it:
// two objects of which the same is wanted differ in nothing that a person wrote.
func Wanted(object map[string]any) map[string]any {
	out := maps.Clone(object)
	delete(out, "status")
	delete(out, "metadata")
	meta, _ := object["metadata"].(map[string]any)
	kept := map[string]any{}
	for _, field := range []string{"name", "namespace", "labels", "annotations"} {
		if v, ok := meta[field]; ok {
			kept[field] = v
		}
	}
	kind, _ := object["kind"].(string)
	if notes, ok := kept["annotations"].(map[string]any); ok {
		notes = maps.Clone(notes)
		maps.DeleteFunc(notes, func(name string, _ any) bool {
			return kind == "Pod" || kind == "Node" || // networks, node agents
				slices.ContainsFunc(written, func(w string) bool { return strings.HasPrefix(name, w) })
		})
		if kept["annotations"] = notes; len(notes) == 0 {
			delete(kept, "annotations")
		}
	}
	out["metadata"] = kept
	if spec, ok := object["spec"].(map[string]any); ok {
		spec = maps.Clone(spec)
		notes, _ := meta["annotations"].(map[string]any)
		bound(kind, spec, notes["pv.kubernetes.io/bound-by-controller"] != nil)
		out["spec"] = spec
	}
	return out
}

// bound takes out of a spec what the scheduler and the controllers of volumes write into it.
func bound(kind string, spec map[string]any, byController bool) {
	switch kind {
	case "Pod":
		delete(spec, "nodeName")
	case "PersistentVolumeClaim":
		if byController {
			delete(spec, "volumeName")
		}
	case "PersistentVolume":
		claim, ok := spec["claimRef"].(map[string]any)
		switch {
		case byController:
			delete(spec, "claimRef")
		case ok: // who made it says for whom, and the controller which one that is
			spec["claimRef"] = map[string]any{"namespace": claim["namespace"], "name": claim["name"]}
		}
	}
}

// State is a hash of what is wanted of an object.
func State(object map[string]any) string {
	data, err := json.Marshal(Wanted(object))
	if err != nil {
		return ""
	}
	return sum(data)
}

// Manifest is an object as it can be made anew: without what the API server sets.
func Manifest(object map[string]any) map[string]any {
	out := maps.Clone(object)
	delete(out, "status")
	meta, _ := object["metadata"].(map[string]any)
	meta = maps.Clone(meta)
	for _, field := range []string{"uid", "resourceVersion", "creationTimestamp", "generation", "managedFields",
		"selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"} {
		delete(meta, field)
	}
	out["metadata"] = meta
	return out
}

// Copy is an object of its own that is the same.
func Copy(object map[string]any) map[string]any {
	var out map[string]any
	data, err := json.Marshal(object)
	if err != nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&out) != nil {
		return nil
	}
	return out
}

// Changes make of what is wanted of one object what is wanted of another.
func Changes(from, to map[string]any) []remedy.Change {
	var out []remedy.Change
	between("", Copy(Wanted(from)), Copy(Wanted(to)), &out)
	return out
}

func between(path string, from, to any, out *[]remedy.Change) {
	if reflect.DeepEqual(from, to) {
		return
	}
	a, isMap := from.(map[string]any)
	b, areMaps := to.(map[string]any)
	if isMap && areMaps {
		names := maps.Clone(a)
		maps.Copy(names, b)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			at := path + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
			before, was := a[name]
			after, is := b[name]
			switch {
			case !is:
				*out = append(*out, remedy.Change{Op: "remove", Path: at})
			case !was:
				*out = append(*out, remedy.Change{Op: "add", Path: at, Value: after})
			default:
				between(at, before, after, out)
			}
		}
		return
	}
	x, isList := from.([]any)
	y, areLists := to.([]any)
	if isList && areLists && len(x) == len(y) {
		for i := range x {
			between(fmt.Sprintf("%s/%d", path, i), x[i], y[i], out)
		}
		return
	}
	*out = append(*out, remedy.Change{Op: "replace", Path: path, Value: to})
}

// Diff is how what is wanted of two objects differs, as lines of YAML with what stands around them. What looks like a
// credential is taken out.
func Diff(from, to map[string]any) string {
	return unified(yamlLines(from), yamlLines(to))
}

func yamlLines(object map[string]any) []string {
	if object == nil {
		return nil
	}
	data, err := yaml.Marshal(Wanted(object))
	if err != nil {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i := range lines {
		lines[i] = redact.Text(lines[i])
	}
	return lines
}

// around is how many lines are shown before and behind a change.
const around = 3

// unified is the difference of two texts, as diff -u shows it without its head.
func unified(a, b []string) string {
	same := func(i, j int) bool { return a[i] == b[j] }
	start := 0
	for start < len(a) && start < len(b) && same(start, start) {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && same(endA-1, endB-1) {
		endA, endB = endA-1, endB-1
	}
	var out []string
	last := -1 // the line of a that was shown last
	for _, e := range edits(a[start:endA], b[start:endB]) {
		at := start + e.at
		from := max(last+1, at-around)
		if e.mark == '+' {
			from = max(last+1, min(at, len(a))-around)
		}
		if last >= 0 && from > last+1 || last < 0 && from > 0 {
			if end := min(last+1+around, from); last >= 0 {
				out = shown(out, a, last+1, end)
				from = max(from, end)
			}
			if from > last+1 {
				out = append(out, "@@")
			}
		}
		out = shown(out, a, from, at)
		if e.mark == '-' {
			out, last = append(out, "-"+a[at]), at
			continue
		}
		out, last = append(out, "+"+e.text), max(last, at-1)
	}
	if len(out) == 0 {
		return ""
	}
	out = shown(out, a, last+1, min(last+1+around, len(a)))
	return strings.Join(out, "\n") + "\n"
}

func shown(out, a []string, from, to int) []string {
	for i := from; i < to; i++ {
		out = append(out, " "+a[i])
	}
	return out
}

// An edit is a line that goes, or one that comes before the line at a place.
type edit struct {
	mark byte
	at   int
	text string
}

// maxTable bounds the table of edits; what differs more is shown as one text in place of another.
const maxTable = 4_000_000

// edits are the fewest lines that make b of a, by their longest common subsequence.
func edits(a, b []string) []edit {
	var out []edit
	if len(a)*len(b) > maxTable {
		for i := range a {
			out = append(out, edit{'-', i, ""})
		}
		for _, line := range b {
			out = append(out, edit{'+', len(a), line})
		}
		return out
	}
	long := make([][]int, len(a)+1)
	for i := range long {
		long[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if long[i][j] = max(long[i+1][j], long[i][j+1]); a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || long[i+1][j] >= long[i][j+1]):
			out = append(out, edit{'-', i, ""})
			i++
		default:
			out = append(out, edit{'+', i, b[j]})
			j++
		}
	}
	return out
}
