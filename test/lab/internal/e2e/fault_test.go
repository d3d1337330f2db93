package e2e

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	core "k8s.io/api/core/v1"
)

// TestFaults holds every file in faults/ to its form, so that a run does not fail half-way for a misspelt field.
func TestFaults(t *testing.T) {
	faults, err := Load("../../faults")
	if err != nil {
		t.Fatal(err)
	}
	smoke := 0
	for _, f := range faults {
		if f.Smoke {
			smoke++
		}
		if f.Smoke && f.Alone && f.Heal == "" {
			t.Errorf("%s breaks the node and does not heal it", f.Name)
		}
		if strings.Contains(f.Objects, "namespace: "+f.Name) {
			t.Errorf("%s names its namespace: use $NS", f.Name)
		}
		filled := f.fill("r1", "/lab")
		for doc := range strings.SplitSeq(filled.Objects, "\n---\n") {
			var o struct{ Kind string }
			if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
			if o.Kind != "Pod" {
				continue
			}
			if err := yaml.UnmarshalStrict([]byte(doc), new(core.Pod)); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
		if strings.Contains(filled.Objects+filled.Before+filled.Break+filled.Heal, "$NS") {
			t.Errorf("%s: $NS is left", f.Name)
		}
	}
	if len(faults) < 80 || smoke < 15 {
		t.Errorf("%d faults, of which CI runs %d: want 80 and 15 at least", len(faults), smoke)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{"about: x\n", "about: x\nshown: ['(']\n", "about: x\nshown: [y]\nhow: z\n",
		"shown: [x]\n", "about: x\nshown: [y]\nsays: ['(']\n", "about: x\nshown: [y]\ncure: 1\n"} {
		if _, err := parse([]byte(bad)); err == nil {
			t.Errorf("parse took %q", bad)
		}
	}
}

func TestSelect(t *testing.T) {
	all := []Fault{{Name: "a", Smoke: true}, {Name: "b", Alone: true, Versions: []string{"137"}}, {Name: "c"}}
	names := func(fs []Fault) (out []string) {
		for _, f := range fs {
			out = append(out, f.Name)
		}
		return out
	}
	for _, c := range []struct {
		version string
		choice  Choice
		want    []string
	}{
		{"137", Choice{}, []string{"a", "b", "c"}},
		{"134", Choice{}, []string{"a", "c"}},
		{"137", Choice{Smoke: true}, []string{"a"}},
		{"137", Choice{Names: []string{"b"}}, []string{"b"}},
		{"137", Choice{Alone: true}, []string{"b"}},
		{"137", Choice{Namespaced: true}, []string{"a", "c"}},
	} {
		got, err := Select(slices.Clone(all), c.version, c.choice)
		if err != nil || !slices.Equal(names(got), c.want) {
			t.Errorf("Select(%v) = %v, %v", c, names(got), err)
		}
	}
	if _, err := Select(slices.Clone(all), "134", Choice{Names: []string{"b"}}); err == nil {
		t.Error("a fault of another version was taken")
	}
}

func TestCompare(t *testing.T) {
	got, err := parseReport([]byte(`{"problems":[{"cause":"x","blame":{"kind":"Node","name":"n1"}},` +
		`{"cause":"y","blame":{"kind":"Pod","namespace":"s","name":"p"}}],"pods":{"missing":2}}`))
	if err != nil {
		t.Fatal(err)
	}
	got.exit = 1
	x, y := Expectation{Cause: "x", Blame: "Node/n1"}, Expectation{Cause: "z|y", Blame: "Pod/s/p"}
	for _, c := range []struct {
		want    []Expectation
		missing int
		right   bool
	}{{[]Expectation{x, y}, 2, true}, {[]Expectation{x, y}, 1, false}, {[]Expectation{y, x}, 2, false},
		{[]Expectation{x}, 2, false}, {nil, 2, false},
		{[]Expectation{x, {Cause: "y", Blame: "Pod/s/q"}}, 2, false}} {
		if err := compare(Fault{Expect: c.want, Missing: c.missing}, got); (err == nil) != c.right {
			t.Errorf("compare(%v) = %v", c.want, err)
		}
	}
	if got.exit = 0; compare(Fault{Expect: []Expectation{x, y}, Missing: 2}, got) == nil {
		t.Error("problems with exit code 0 were taken for right")
	}
}

func TestUnwrap(t *testing.T) {
	screen := "   Why  the Pod\n   waits\n   > failed to\n   > pull\n"
	if got := unwrap(screen); got != "Why the Pod waits failed to pull" {
		t.Errorf("unwrap = %q", got)
	}
}

func TestUnseen(t *testing.T) {
	lines := []string{"Pod/app Pending", "Event Pod/app Failed: no"}
	if got := unseen([]string{"Failed: .*no", "Pending"}, lines); got != "" {
		t.Errorf("unseen = %q", got)
	}
	if got := unseen([]string{"Pending.*Failed"}, lines); got == "" {
		t.Error("two lines were taken for one")
	}
}
