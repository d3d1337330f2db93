package dump

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubestuck/stuck/internal/cluster"
)

// What a program of Go or `jq '.items[]'` after `kubectl get --raw` writes has no kind. Those that matter most are
// recognised by fields that no other kind has together.

// A shape is a kind, and the fields by which it is recognised: those that are there, and those that are not.
type shape struct {
	header
	has, not []string
}

var shapes = []shape{
	{header{"v1", "Pod"}, []string{"spec.containers"}, nil},
	{header{"v1", "Event"}, []string{"involvedObject", "reason"}, nil},
	{header{"events.k8s.io/v1", "Event"}, []string{"regarding", "reason"}, nil},
	{header{"v1", "Node"}, []string{"status.nodeInfo"}, nil},
	{header{"v1", "PersistentVolume"}, []string{"spec.capacity", "spec.accessModes"}, nil},
	{header{"v1", "PersistentVolumeClaim"}, []string{"spec.accessModes", "spec.resources"}, nil},
	{header{"storage.k8s.io/v1", "VolumeAttachment"}, []string{"spec.attacher", "spec.nodeName", "spec.source"}, nil},
	{header{"batch/v1", "CronJob"}, []string{"spec.jobTemplate", "spec.schedule"}, nil},
	{header{"batch/v1", "Job"}, []string{"spec.template", "spec.backoffLimit"}, nil},
	{header{"v1", "Service"}, []string{"spec.ports", "spec.selector", "status.loadBalancer"}, nil},
	{header{"apps/v1", "Deployment"}, []string{"spec.template", "spec.strategy"}, nil},
	{header{"apps/v1", "StatefulSet"}, []string{"spec.template", "spec.podManagementPolicy"}, nil},
	{header{"apps/v1", "DaemonSet"}, []string{"spec.template", "spec.updateStrategy"}, []string{"spec.replicas"}},
	{header{"apps/v1", "ReplicaSet"}, []string{"spec.template", "spec.selector.matchLabels", "spec.replicas"},
		[]string{"spec.strategy", "spec.updateStrategy", "spec.serviceName"}},
}

// shapeOf recognises an object that does not tell its kind, by its fields, else by the path of its file; none where it
// has no name, or could be of several kinds.
func shapeOf(raw jsontext.Value, file string) header {
	var fields, meta map[string]jsontext.Value
	if json.Unmarshal(raw, &fields, decoding) != nil || json.Unmarshal(fields["metadata"], &meta, decoding) != nil ||
		len(meta["name"]) == 0 {
		return header{}
	}
	for _, s := range shapes {
		has := func(path string) bool { return hasField(fields, path) }
		if !slices.ContainsFunc(s.not, has) && !slices.ContainsFunc(s.has, func(f string) bool { return !has(f) }) {
			return s.header
		}
	}
	return kindByPath(file)
}

// unnamed is what stands for a Pod's name and namespace where they were not copied. No Pod can have such a name.
const unnamed = `{"metadata":{"name":"(unknown)","namespace":"default"},`

// nameless reads a Pod of which the status alone was copied, or what stands below its metadata. It reports false for
// anything else.
func (d *decoder) nameless(raw jsontext.Value, at place) bool {
	var fields, status map[string]jsontext.Value
	if json.Unmarshal(raw, &fields, decoding) != nil || fields["metadata"] != nil {
		return false
	}
	whole := jsontext.Value(unnamed + `"status":` + string(raw) + "}")
	if status = fields; fields["status"].Kind() == '{' {
		whole = jsontext.Value(unnamed + string(raw[bytes.IndexByte(raw, '{')+1:]))
		if status = nil; json.Unmarshal(fields["status"], &status, decoding) != nil {
			return false
		}
	}
	if status["containerStatuses"] == nil && status["initContainerStatuses"] == nil &&
		(status["phase"] == nil || status["qosClass"] == nil) {
		return false
	}
	p := new(corev1.Pod)
	if d.into(p, whole, header{"v1", "Pod"}, at) {
		cluster.Trim(p)
		d.put(found{kind: "Pod", object: p, trimmed: true, told: tableTold, origin: at.Origin})
	}
	return true
}

// hasField reports whether an object has a field: its path, with dots.
func hasField(fields map[string]jsontext.Value, path string) bool {
	first, rest, deeper := bytes.Cut([]byte(path), []byte("."))
	v, ok := fields[string(first)]
	if !ok || !deeper {
		return ok
	}
	var inner map[string]jsontext.Value
	return v.Kind() == '{' && json.Unmarshal(v, &inner, decoding) == nil && hasField(inner, string(rest))
}

// shapedJSON reports whether a text plainly holds JSON of objects that do not tell their kind.
func shapedJSON(head []byte) bool {
	has := func(field string) bool { return bytes.Contains(head, []byte(`"`+field+`"`)) }
	return has("metadata") && (has("containers") || has("involvedObject") || has("regarding")) ||
		has("containerStatuses") || has("phase") && has("qosClass")
}

// shapedYAML is the same of YAML, where the fields stand at the beginning of lines.
func shapedYAML(head []byte) bool {
	var meta, body, status bool
	for line := range bytes.Lines(head) {
		meta = meta || bytes.HasPrefix(line, []byte("metadata:"))
		body = body || bytes.HasPrefix(line, []byte("spec:")) || bytes.HasPrefix(line, []byte("involvedObject:")) ||
			bytes.HasPrefix(line, []byte("regarding:"))
		word := bytes.TrimSpace(line)
		status = status || bytes.Equal(word, []byte("containerStatuses:")) || bytes.HasPrefix(word, []byte("qosClass: "))
	}
	return meta && body || status && !meta && bytes.Contains(head, []byte("phase: "))
}
