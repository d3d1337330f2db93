// Command gen makes docs/report.schema.json, the JSON Schema of what -o json writes, from the Go types that are
// written and their comments. Run it by go generate ./internal/render.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// page is the file that is made, seen from package render.
const page = "../../docs/report.schema.json"

func main() {
	data, err := schema("../..")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(page, data, 0o644); err != nil {
		log.Fatal(err)
	}
}

// about is what the schema says of itself.
const about = "What kubectl stuck -o json writes (a Report), and a line of what -w -o json writes (a Change). " +
	"It is exact: this version writes no other field, and every required one. " +
	"A later version only adds fields and values, so a program should ignore what it does not know."

// The types that are written, by the names that they have here.
var roots = []struct{ name, of string }{{"Report", "document"}, {"Change", "changed"}}

// values are what a field may hold where its Go type does not say so: by the name of the type and of the field.
var values = map[string][]string{
	"Report.apiVersion": {"stuck.dev/v1alpha1"},
	"Report.kind":       {"Report"},
	"Change.apiVersion": {"stuck.dev/v1alpha1"},
	"Change.kind":       {"Change"},
	"Change.change":     {diagnose.Opened, diagnose.Changed, diagnose.Solved, diagnose.Replaced, "gaps"},
	"Problem.stage":     stages(),
	"Problem.certainty": {diagnose.Proven, diagnose.Likely},
	"Finding.stage":     stages(),
	"Finding.certainty": {diagnose.Proven, diagnose.Likely},
	"Waiter.stage":      stages(),
	"Fix.risk":          diagnose.Risks,
	"Evidence.kind": {cluster.SignEvent, cluster.SignWaiting, cluster.SignTerminated, cluster.SignRejected,
		cluster.SignCondition, cluster.SignAttachment, cluster.SignField, cluster.SignLog, cluster.SignStall},
}

func stages() []string {
	var out []string
	for _, s := range pod.Stages {
		out = append(out, string(s))
	}
	return out
}

// schema makes the schema of the module whose root is in a folder.
func schema(root string) ([]byte, error) {
	m := &maker{source: &source{root: root, packages: map[string]*pkg{}}, names: map[string]string{}}
	forms := object{}
	for _, r := range roots {
		m.names["internal/render."+r.of] = r.name
		forms = append(forms, member{r.name, nil})
	}
	var any []object
	for i, r := range roots {
		form, err := m.structure("internal/render", r.of, r.name)
		if err != nil {
			return nil, err
		}
		forms[i].value = form
		any = append(any, object{{"$ref", "#/$defs/" + r.name}})
	}
	all := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "stuck.dev/v1alpha1"},
		{"description", about},
		{"oneOf", any},
		{"$defs", append(forms, m.defs...)},
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(all)
	return b.Bytes(), err
}
