package causes

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// form is the schema of reports in docs.
func form(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("..", "..", "docs", "report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func reportJSON(t *testing.T, r *diagnose.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := render.JSON(&b, r, render.Options{Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReportsHaveTheForm holds every report, and every line of -w, of all that is known against the schema in docs.
func TestReportsHaveTheForm(t *testing.T) {
	alone(t)
	cat, schema := catalogue(t), form(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		r := diagnose.Run(read(t, dump), cat, diagnose.Options{})
		if err := schema.Validate(decoded(t, reportJSON(t, r))); err != nil {
			t.Error(err)
		}
		var b bytes.Buffer
		for _, c := range new(diagnose.Changes).Next(r) {
			if err := render.ChangeJSON(&b, &c, r, render.Options{Lang: "zh"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := render.GapsJSON(&b, r); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(b.Bytes()) {
			if err := schema.Validate(decoded(t, line)); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestFormIsExact adds a field to each object of a report, and takes each away that is required: the schema must
// refuse it.
func TestFormIsExact(t *testing.T) {
	c, err := casetest.Load("secret-missing/volume.txtar")
	if err != nil {
		t.Fatal(err)
	}
	schema, report := form(t), reportJSON(t, diagnose.Run(read(t, c.Dump()), catalogue(t), diagnose.Options{}))
	whole := decoded(t, report).(map[string]any)
	if err := schema.Validate(whole); err != nil {
		t.Fatal(err)
	}
	required := requiredFields(t)
	problem := whole["problems"].([]any)[0].(map[string]any)
	finding := problem["findings"].([]any)[0].(map[string]any)
	objects := map[string]map[string]any{"Report": whole, "Problem": problem, "Finding": finding,
		"Evidence": finding["evidence"].([]any)[0].(map[string]any), "Step": problem["confirm"].([]any)[0].(map[string]any),
		"Fix": problem["fix"].([]any)[0].(map[string]any), "Ref": problem["blame"].(map[string]any),
		"Pods": whole["pods"].(map[string]any)}
	for name, o := range objects {
		before := maps.Clone(o)
		o["surprise"] = "x"
		if schema.Validate(whole) == nil {
			t.Errorf("a %s may have a field that the schema does not know", name)
		}
		delete(o, "surprise")
		if len(required[name]) == 0 {
			t.Errorf("no field of a %s is required", name)
		}
		for _, field := range required[name] {
			delete(o, field)
			if schema.Validate(whole) == nil {
				t.Errorf("a %s may lack %s", name, field)
			}
			o[field] = before[field]
		}
	}
	if err := schema.Validate(whole); err != nil {
		t.Errorf("the report is not whole again: %v", err)
	}
}

// requiredFields are the fields that the schema requires, by the name of the object.
func requiredFields(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Defs map[string]struct{ Required []string } `json:"$defs"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for name, d := range s.Defs {
		out[name] = slices.Clone(d.Required)
	}
	return out
}
