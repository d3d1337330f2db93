package e2e

import (
	"bytes"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"
)

// Owners are what the Pod of a fault can be made by instead.
var Owners = []string{"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"}

// ownedBy puts the one Pod among objects into the template of another kind; with "" the objects stay as they are. It
// reports whether that can be: there is one Pod, and it has no name that others need.
func ownedBy(objects, kind string) (string, bool, error) {
	if kind == "" {
		return objects, true, nil
	}
	var out []string
	pods := 0
	for _, doc := range strings.Split(objects, "\n---\n") {
		var o map[string]any
		if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
			return "", false, err
		}
		if o["kind"] == "Pod" {
			pods++
			owned, err := yaml.Marshal(owned(o, kind))
			if err != nil {
				return "", false, err
			}
			doc = string(bytes.TrimSpace(owned))
		}
		out = append(out, doc)
	}
	return strings.Join(out, "\n---\n"), pods == 1, nil
}

// owned is an object of a kind whose template is a Pod.
func owned(pod map[string]any, kind string) map[string]any {
	meta, _ := pod["metadata"].(map[string]any)
	spec, _ := pod["spec"].(map[string]any)
	name := fmt.Sprint(meta["name"])
	labels := map[string]any{"app": name}
	for k, v := range mapOf(meta["labels"]) {
		labels[k] = v
	}
	template := map[string]any{"metadata": map[string]any{"labels": labels}, "spec": spec}
	if annotations := mapOf(meta["annotations"]); len(annotations) > 0 {
		template["metadata"].(map[string]any)["annotations"] = annotations
	}
	of := map[string]any{"selector": map[string]any{"matchLabels": map[string]any{"app": name}}, "template": template}
	version := "apps/v1"
	switch kind {
	case "StatefulSet":
		of["serviceName"] = name
	case "Job", "CronJob":
		version = "batch/v1"
		delete(of, "selector")
		if spec["restartPolicy"] == nil || spec["restartPolicy"] == "Always" {
			spec["restartPolicy"] = "OnFailure"
		}
		of["backoffLimit"] = 20
		if kind == "CronJob" {
			of = map[string]any{"schedule": "* * * * *", "concurrencyPolicy": "Forbid",
				"jobTemplate": map[string]any{"spec": of}}
		}
	}
	return map[string]any{"apiVersion": version, "kind": kind, "metadata": map[string]any{"name": name}, "spec": of}
}

func mapOf(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}
