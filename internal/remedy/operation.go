package remedy

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
)

// What an operation does to an object.
const (
	VerbPatch    = "patch"    // changes fields of it
	VerbReplace  = "replace"  // deletes it and makes it anew, with patches
	VerbDelete   = "delete"   // deletes it
	VerbCreate   = "create"   // makes it
	VerbRollback = "rollback" // gives a workload the template of an earlier revision
)

// Forms of patches. The last three are words of kubectl, of which a patch is made once the object is known.
const (
	Strategic = "strategic"
	Merge     = "merge"
	JSONPatch = "json"
	images    = "images"    // {"app":"IMAGE"}: of containers by their names
	resources = "resources" // {"container":"app","limits":{…}}: of a container, or of all
	untaint   = "untaint"   // {"key":…,"effect":…}: of a node
)

// A Patch is a change of an object.
type Patch struct {
	Type string          `json:"type"`
	Body json.RawMessage `json:"body"`
}

// An Operation is what one command does, as the API server takes it.
type Operation struct {
	Verb    string      `json:"verb"`              // one of those above
	Object  cluster.Ref `json:"object"`            // what it is done to
	Patches []Patch     `json:"patches,omitempty"` // of a patch and a replace
	// of a rollback: the number of the revision
	Revision int64 `json:"revision,omitempty"`
	// of a create: the CronJob whose template a Job is made of
	From string `json:"from,omitempty"`
	// of a create: its fields beside name and namespace
	Body json.RawMessage `json:"body,omitempty"`
	// of a delete: for how many seconds it may end by itself; nil for as long as it says
	Grace *int64 `json:"grace,omitempty"`
}

// Operations are what a command of a step does, where it is done through the API server alone. A command is the form in
// which steps are written, in the catalogue and here, so this is no guess: every word of it is one that was written
// there, or an argument of its type, and what is no such word is not read. Not ok where a part of it is done
// elsewhere, on a node or in an editor, or reads only.
func Operations(command string) (ops []Operation, ok bool) {
	for line := range strings.Lines(command) {
		for one := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), " && ") {
			op, ok := operation(one)
			if !ok {
				return nil, false
			}
			ops = append(ops, op)
		}
	}
	return ops, len(ops) > 0
}

// operation reads one command, or the pipeline that writes an object out, changes it and puts it back.
func operation(text string) (Operation, bool) {
	var all []call
	for _, part := range splitPipe(text) {
		if said, ok := strings.CutPrefix(part, "echo '"); ok && len(all) == 0 && strings.HasSuffix(said, "'") {
			all = append(all, call{words: []string{strings.TrimSuffix(said, "'")}}) // what the next one reads
			continue
		}
		c, ok := readCall(part)
		if !ok {
			return Operation{}, false
		}
		all = append(all, c)
	}
	switch {
	case len(all) == 1:
		return all[0].operation()
	case len(all) == 2 && all[1].verb == "create":
		return all[1].creation(all[0])
	case len(all) < 2 || all[0].verb != "get" || all[0].flags["output"] != "yaml":
		return Operation{}, false
	}
	op, ok := all[0].on(VerbReplace)
	last := all[len(all)-1]
	ok = ok && last.verb == "replace" && last.flags["force"] == "true" && last.flags["filename"] == "-"
	if text := last.flags["grace-period"]; text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		op.Grace, ok = &n, ok && err == nil && n >= 0
	}
	for _, c := range all[1 : len(all)-1] {
		p, isPatch := c.change()
		ok = ok && isPatch && c.flags["local"] == "true" && c.flags["filename"] == "-" && c.flags["output"] == "yaml"
		op.Patches = append(op.Patches, p)
	}
	return op, ok
}

// creation is a create of the one object that is said before it: echo 'JSON' | kubectl create -f -
func (c call) creation(said call) (Operation, bool) {
	var body map[string]any
	if len(said.words) != 1 || said.verb != "" || json.Unmarshal([]byte(said.words[0]), &body) != nil {
		return Operation{}, false
	}
	kind, _ := body["kind"].(string)
	meta, _ := body["metadata"].(map[string]any)
	name, _ := meta["name"].(string)
	c.words = append([]string{kind, name}, c.words...)
	op, ok := c.on(VerbCreate)
	op.Body = json.RawMessage(said.words[0])
	return op, ok && c.flags["filename"] == "-" && c.only("filename") && kind == op.Object.Kind &&
		body["apiVersion"] == cluster.KindOf(kind).APIVersion() && meta["namespace"] == nil
}

// splitPipe takes a pipeline apart. What is in quotes holds no pipe: see [argument.Patch].
func splitPipe(text string) []string { return strings.Split(text, " | ") }

// A call is one call of kubectl.
type call struct {
	verb      string // with what follows it: "rollout undo"
	namespace string
	words     []string // beside flags
	flags     map[string]string
}

// doubles are the verbs of two words.
var doubles = []string{"rollout", "set", "create"}

// flagNames are the flags that are read, with a short form where there is one; of those without a value it is true.
var flagNames = map[string]string{"-n": "namespace", "-p": "patch", "-o": "output", "-f": "filename",
	"-c": "containers"}

var switches = []string{"force", "local", "overwrite"}

// readCall reads a call of kubectl.
func readCall(text string) (call, bool) {
	words, ok := readWords(text)
	if !ok || len(words) < 2 || words[0] != "kubectl" {
		return call{}, false
	}
	c := call{flags: map[string]string{}}
	for i := 1; i < len(words); i++ {
		w := words[i]
		name, value, has := strings.Cut(w, "=")
		switch long := flagNames[name]; {
		case !strings.HasPrefix(w, "-") || w == "-":
			c.words = append(c.words, w)
			continue
		case long != "":
			name = long
		case strings.HasPrefix(name, "--"):
			name = name[2:]
		default:
			return call{}, false
		}
		switch {
		case has:
		case slices.Contains(switches, name):
			value = "true"
		case i+1 < len(words):
			i++
			value = words[i]
		default:
			return call{}, false
		}
		c.flags[name] = value
	}
	if len(c.words) > 0 {
		c.verb, c.words = c.words[0], c.words[1:]
	}
	if slices.Contains(doubles, c.verb) && len(c.words) > 0 {
		c.verb, c.words = c.verb+" "+c.words[0], c.words[1:]
	}
	c.namespace = c.flags["namespace"]
	delete(c.flags, "namespace")
	return c, c.verb != ""
}

// readWords takes a command apart: words that mean themselves in every shell, and what is in single quotes.
func readWords(text string) ([]string, bool) {
	var out []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimLeft(text, " ") {
		if rest, quoted := strings.CutPrefix(text, "'"); quoted {
			word, after, closed := strings.Cut(rest, "'")
			if !closed || after != "" && after[0] != ' ' {
				return nil, false
			}
			out, text = append(out, word), after
			continue
		}
		end := strings.IndexByte(text, ' ')
		if end < 0 {
			end = len(text)
		}
		if strings.ContainsFunc(text[:end], func(r rune) bool { return !isPlain(r) }) {
			return nil, false
		}
		out, text = append(out, text[:end]), text[end:]
	}
	return out, true
}

// isPlain reports whether a word that holds a rune means itself.
func isPlain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/:@+=,%", r)
}

// kindOf is the kind that a word names as kubectl takes it: deployment, pods, pv.
func kindOf(word string) (cluster.Kind, bool) {
	word = strings.ToLower(word) // {kind} of a cause is ConfigMap
	short := map[string]string{"pv": "persistentvolume", "pvc": "persistentvolumeclaim", "cm": "configmap"}
	if long := short[word]; long != "" {
		word = long
	}
	for _, k := range cluster.Kinds {
		if k.Group != cluster.Group && (word == strings.ToLower(k.Name) || word == k.Resource()) {
			return k, true
		}
	}
	return cluster.Kind{}, false
}

// object is the one that the words of a call name: TYPE/NAME, or TYPE NAME. Nothing is done to a Secret here.
func (c call) object() (cluster.Ref, []string, bool) {
	if len(c.words) == 0 {
		return cluster.Ref{}, nil, false
	}
	kind, name, slash := strings.Cut(c.words[0], "/")
	rest := c.words[1:]
	if !slash && len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	k, known := kindOf(kind)
	if !known || name == "" || k.Name == "Secret" || k.Name == "Event" || k.Namespaced != (c.namespace != "") {
		return cluster.Ref{}, nil, false
	}
	return cluster.Ref{Kind: k.Name, Namespace: c.namespace, Name: name}, rest, cluster.Possible(name)
}

// on is an operation on the one object that the words of a call name, and nothing else.
func (c call) on(verb string) (Operation, bool) {
	ref, rest, ok := c.object()
	return Operation{Verb: verb, Object: ref}, ok && len(rest) == 0
}

// only reports whether a call has no flags but these.
func (c call) only(flags ...string) bool {
	for name := range c.flags {
		if !slices.Contains(flags, name) {
			return false
		}
	}
	return true
}

// patched is an operation that changes the object that the words of a call name.
func (c call) patched(form string, body any) (Operation, bool) {
	op, ok := c.on(VerbPatch)
	data, err := marshal(body)
	op.Patches = []Patch{{form, data}}
	return op, ok && err == nil
}

// operation is what a call does to an object.
func (c call) operation() (Operation, bool) {
	switch c.verb {
	case "patch", "set image", "set resources":
		p, ok := c.change()
		if c.verb == "set image" {
			c.words = c.words[:max(len(c.words)-1, 0)]
		}
		op, on := c.on(VerbPatch)
		op.Patches = []Patch{p}
		return op, ok && on && c.flags["local"] == ""
	case "delete":
		return c.deletion()
	case "rollout undo":
		op, ok := c.on(VerbRollback)
		n, err := strconv.ParseInt(c.flags["to-revision"], 10, 64)
		op.Revision = n
		return op, ok && err == nil && n > 0 && c.only("to-revision")
	case "scale":
		n, err := strconv.Atoi(c.flags["replicas"])
		op, ok := c.patched(Merge, map[string]any{"spec": map[string]any{"replicas": n}})
		return op, ok && err == nil && n >= 0 && c.only("replicas")
	case "cordon", "uncordon":
		c.words = append([]string{"node"}, c.words...)
		op, ok := c.patched(Merge, map[string]any{"spec": map[string]any{"unschedulable": c.verb == "cordon"}})
		return op, ok && c.only()
	case "label", "annotate":
		return c.marks()
	case "taint":
		return c.untaint()
	case "create serviceaccount":
		c.words = append([]string{"serviceaccount"}, c.words...)
		op, ok := c.on(VerbCreate)
		op.Body = json.RawMessage("{}")
		return op, ok && c.only()
	case "create job":
		c.words = append([]string{"job"}, c.words...)
		op, ok := c.on(VerbCreate)
		from, isCronJob := strings.CutPrefix(c.flags["from"], "cronjob/")
		op.From = from
		return op, ok && isCronJob && cluster.Possible(from) && c.only("from")
	}
	return Operation{}, false
}

// change is the patch of a call that patches or sets.
func (c call) change() (Patch, bool) {
	switch c.verb {
	case "patch":
		form := c.flags["type"]
		if form == "" {
			form = Strategic
		}
		body := c.flags["patch"]
		return Patch{form, json.RawMessage(body)}, json.Valid([]byte(body)) &&
			slices.Contains([]string{Strategic, Merge, JSONPatch}, form) &&
			c.only("type", "patch", "local", "filename", "output")
	case "set image":
		if len(c.words) == 0 {
			return Patch{}, false
		}
		container, image, ok := strings.Cut(c.words[len(c.words)-1], "=")
		body, err := marshal(map[string]string{container: image})
		return Patch{images, body}, ok && err == nil && c.only("local", "filename", "output")
	case "set resources":
		out := map[string]any{"container": c.flags["containers"]}
		for _, list := range []string{"limits", "requests"} {
			if c.flags[list] == "" {
				continue
			}
			amounts := map[string]string{}
			for pair := range strings.SplitSeq(c.flags[list], ",") {
				name, amount, ok := strings.Cut(pair, "=")
				if !ok {
					return Patch{}, false
				}
				amounts[name] = amount
			}
			out[list] = amounts
		}
		body, err := marshal(out)
		return Patch{resources, body}, err == nil && len(out) > 1 &&
			c.only("containers", "limits", "requests", "local", "filename", "output")
	}
	return Patch{}, false
}

// deletion is a delete of one object.
func (c call) deletion() (Operation, bool) {
	op, ok := c.on(VerbDelete)
	if text := c.flags["grace-period"]; text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		op.Grace, ok = &n, ok && err == nil && n >= 0
	}
	return op, ok && c.only("grace-period", "force", "wait")
}

// marks is a label or an annotation that is set.
func (c call) marks() (Operation, bool) {
	if len(c.words) == 0 {
		return Operation{}, false
	}
	last := len(c.words) - 1
	key, value, ok := strings.Cut(c.words[last], "=")
	c.words = c.words[:last]
	field := map[string]string{"label": "labels", "annotate": "annotations"}[c.verb]
	op, on := c.patched(Merge, map[string]any{"metadata": map[string]any{field: map[string]any{key: value}}})
	return op, ok && on && key != "" && c.only("overwrite")
}

// untaint is a taint that is taken off a node: kubectl taint nodes NODE KEY[=VALUE][:EFFECT]-.
func (c call) untaint() (Operation, bool) {
	if len(c.words) == 0 {
		return Operation{}, false
	}
	last := len(c.words) - 1
	taint, off := strings.CutSuffix(c.words[last], "-")
	c.words = c.words[:last]
	key, effect, _ := strings.Cut(taint, ":")
	key, _, _ = strings.Cut(key, "=")
	op, ok := c.patched(untaint, map[string]string{"key": key, "effect": effect})
	return op, ok && off && key != "" && c.only()
}
