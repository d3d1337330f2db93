package dump

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// kubectlList prints objects as `kubectl get -o json` prints a List.
func kubectlList(objects ...string) string {
	return "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        " + strings.Join(objects, ",\n        ") +
		"\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n"
}

// indented is a Pod as kubectl prints it in a List.
func indented(name string) string {
	return strings.ReplaceAll("{\n\"apiVersion\": \"v1\",\n\"kind\": \"Pod\",\n\"metadata\": {\n\"name\": \""+name+
		"\"\n}\n", "\n", "\n            ") + "\n        }"
}

func TestReadGoesOnBehindWhatIsBroken(t *testing.T) {
	pod := func(name string) string { return strings.ReplaceAll(yamlA, "name: a\n", "name: "+name+"\n") }
	for _, c := range []struct {
		name, file, text string
		objects, gaps    []string
	}{
		{"document", "x.yaml", yamlA + "---\nkind: Pod\n bad: [\n---\n" + yamlB, []string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.yaml:10: this is not YAML: mapping values are not allowed in this context"}},
		{"item", "x.yaml", "items:\n" + asItem(yamlA, "") + "- kind: Pod\n  metadata: {name: x\n" + asItem(yamlB, "") +
			"kind: List\n", []string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.yaml:9: this is not YAML: did not find expected ',' or '}'"}},
		{"item indented too little", "x.yaml", "items:\n" + asItem(yamlA, "    ") + "    - kind: Pod\n  metadata:\n" +
			asItem(yamlB, "    ") + "kind: List\n", []string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.yaml:9: this is not YAML: did not find expected <document start>"}},
		{"what stands behind the items", "x.yaml", "items:\n" + asItem(yamlA, "") + asItem(yamlB, "") +
			"kind: List\nmetadata: {\n", []string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.yaml:17: this is not YAML: did not find expected node content"}},
		{"truncated in the last item", "x.yaml", "apiVersion: v1\nitems:\n" + asItem(yamlA, "") + asItem(yamlB, "") +
			"- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: c\n  sp", []string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.yaml:17: the file ends in the middle of this List"}},
		{"truncated between items", "x.yaml", "apiVersion: v1\nitems:\n" + asItem(yamlA, "") + asItem(yamlB, ""),
			[]string{"Pod shop/a"},
			[]string{"x.yaml:10: the file ends in the middle of this List"}},
		{"alias of a password", "x.yaml", "kind: Secret\napiVersion: v1\nmetadata: {name: s}\ndata: {p: *hunter2}\n---\n" +
			yamlA, []string{"Pod shop/a"},
			[]string{"x.yaml:1: this is not YAML: a * refers to an anchor that is not there"}},
		{"no kind", "x.yaml", "a: 1\n---\n" + yamlA + "---\njust text\n", []string{"Pod shop/a"},
			[]string{"x.yaml:1: this has no kind, so it is no Kubernetes object", "x.yaml:11: this is no Kubernetes object"}},
		{"no name", "x.yaml", "kind: Pod\nmetadata: {generateName: x-}\n---\n" + yamlA, []string{"Pod shop/a"},
			[]string{"x.yaml:1: this Pod has no metadata.name"}},
		{"no kind in a v1 List", "x.json", `{"kind":"List","items":[` + bareA + "," + podB + "]}", []string{"Pod shop/b"},
			[]string{"x.json:1: this has no kind, so it is no Kubernetes object"}},
		{"wrong type in a field", "x.yaml", strings.Replace(yamlA, "nodeName: n1", "nodeName: [n1]", 1) + "---\n" + yamlB,
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.yaml:7: Pod: spec.nodeName is a list, and Kubernetes has something else there"}},
		{"wrong type in a field", "x.json", "\n{\"kind\": \"Pod\",\n\"metadata\": {\"name\": " +
			"\"a\",\n\"creationTimestamp\": \"yesterday\",\n\"namespace\": \"shop\"}}" + podB,
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{`x.json:4: Pod: metadata.creationTimestamp: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": ` +
				`cannot parse "yesterday" as "2006"`}},
		{"bad quantity", "x.yaml", "kind: PersistentVolumeClaim\nmetadata: {name: c}\nspec:\n  resources:\n    requests:\n " +
			"     storage: plenty\n  volumeName: v\n", []string{"PersistentVolumeClaim c"},
			[]string{"x.yaml:6: PersistentVolumeClaim: spec.resources.requests.storage: quantities must match the regular " +
				"expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"}},
		{"nested too deeply", "x.yaml", "kind: Pod\nmetadata: {name: x}\nspec: " + strings.Repeat("[", 500) +
			strings.Repeat("]", 500) + "\n---\n" + yamlA, []string{"Pod shop/a"},
			[]string{"x.yaml:1: it is nested too deeply for a Kubernetes object"}},
		{"nested too deeply", "x.json", `{"kind":"Pod","spec":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) +
			"}\n" + podA, []string{"Pod shop/a"},
			[]string{"x.json:1: this is not JSON: exceeded max depth"}},

		{"item", "x.json", kubectlList(podA, strings.Replace(indented("x"), `"x"`, `nope`, 1), podB),
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:5: this is not JSON: invalid character 'o' in literal null (expecting 'u')"}},
		{"item without end", "x.json", kubectlList(podA, strings.TrimSuffix(indented("x"), "}"), podB),
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:5: this is not JSON: invalid character '{' at start of string (expecting '\"')"}},
		{"comma missing", "x.json", strings.Replace(kubectlList(podA, podB), "}},\n", "}}\n", 1),
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:5: this is not JSON: invalid character '{' after array element (expecting ',' or ']')"}},
		{"comma too many", "x.json", strings.Replace(kubectlList(podA, podB), "}},\n", "}},,\n", 1),
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:5: this is not JSON: invalid character ',' at start of value"}},
		{"last item", "x.json", kubectlList(podA, strings.Replace(indented("x"), `"x"`, `nope`, 1)) + kubectlList(podB),
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:5: this is not JSON: invalid character 'o' in literal null (expecting 'u')"}},
		{"item of an array", "x.json", "[\n  " + podA + ",\n  {nope},\n  " + podB + "\n]\n",
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:3: this is not JSON: invalid character 'n' at start of string (expecting '\"')"}},
		{"line", "x.ndjson", podA + "\n" + podB[:50] + "\n" + podB + "\n", []string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.ndjson:2: this is not JSON: invalid character '\\n' in string (expecting non-control character)"}},
		{"lines between", "x.json", "==== START logs ====\n" + podA + "\n==== END ====\n" + podB,
			[]string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:1 and 1 more place like it: this is not JSON: invalid character '=' at start of value"}},
		{"truncated in an item", "x.json", kubectlList(podA, podB, podA)[:330], []string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:6: the file ends in the middle of this object"}},
		{"truncated behind the items", "x.json", kubectlList(podA, podB)[:300], []string{"Pod shop/a", "Pod shop/b"},
			[]string{"x.json:6: the file ends in the middle of this object"}},
		{"truncated in a value", "x.json", podA + podB[:70], []string{"Pod shop/a"},
			[]string{"x.json:1: the file ends in the middle of this object"}},
		{"scalars", "x.json", podA + ` 5 "x" null`, []string{"Pod shop/a"},
			[]string{"x.json:1 and 2 more places like it: a number is no Kubernetes object"}},
		{"binary", "x.json", "\x00\x01\x02\x03", []string{}, []string{"x.json: this is not text"}},
		{"binary", "x.yaml", "\x7fELF\x00\x01\x02\x03", []string{}, []string{"x.yaml: this is not text"}},
		{"not UTF-8", "x.yaml", "kind: Pod\nmetadata: {name: \xff}\n---\n" + yamlA, []string{"Pod shop/a"},
			[]string{"x.yaml:1: this is not YAML: invalid leading UTF-8 octet"}},
	} {
		t.Run(c.name+" "+c.file, func(t *testing.T) {
			s := mustRead(t, map[string]string{c.file: c.text, "other.yaml": pod("other")})
			expect(t, "objects", holds(s), append(c.objects, "Pod shop/other"))
			expect(t, "gaps", gaps(s), c.gaps)
			for _, g := range s.Gaps {
				if g.Needs.String() == "" {
					t.Errorf("%s: not told what to do", g.What.String())
				}
			}
		})
	}
}

func TestReadTruncatedAnywhere(t *testing.T) {
	text := kubectlList(podA, indented("x"), podB)
	for n := 1; n < len(strings.TrimSpace(text)); n++ {
		s := mustRead(t, map[string]string{"x.json": text[:n], "y.yaml": "kind: Node\nmetadata: {name: n}\n"})
		if len(s.Gaps) != 1 {
			t.Errorf("cut after %d bytes: gaps are %q", n, gaps(s))
		}
		whole := strings.Count(text[:n], "}}") + strings.Count(text[:n], "\n        }")
		if got := len(holds(s)) - 1; got != whole {
			t.Errorf("cut after %d bytes: %d objects, want %d", n, got, whole)
		}
	}
}

func TestReadFailingStream(t *testing.T) {
	s, err := ReadSources(time.Time{}, Source{Name: "stdin", R: io.MultiReader(strings.NewReader(podA+podB[:40]),
		iotest.ErrReader(io.ErrClosedPipe))})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "objects", holds(s), []string{"Pod shop/a"})
	if g := gaps(s); len(g) != 1 || !strings.Contains(g[0], "closed pipe") {
		t.Errorf("gaps are %q", g)
	}
}

func TestReadBeginningOfALargeYAMLFile(t *testing.T) {
	b := cluster.NewBuilder(time.Time{})
	r := newReader(b, nil, new(Progress))
	r.begin("x.yaml", time.Time{}, true)
	r.yaml(strings.NewReader(yamlA+"---\n"+yamlB), 0, int64(len(yamlA)+50))
	r.close()
	s := b.Snapshot()
	expect(t, "objects", holds(s), []string{"Pod shop/a"})
	expect(t, "gaps", gaps(s), []string{"x.yaml: it is larger than 0 MiB, and the rest of it was not read"})
}

// TestReadTellsOfEachFileOnce holds that what is broken in the same way is told once for each file.
func TestReadTellsOfEachFileOnce(t *testing.T) {
	broken := func(n int) string { return strings.Repeat(podA+"\n{broken\n", n) }
	s := mustRead(t, map[string]string{"a.ndjson": broken(50), "b.ndjson": broken(1),
		"values.yaml": yamlA + strings.Repeat("---\nreplicas: 1\n", 200)})
	expect(t, "gaps", gaps(s), []string{
		"a.ndjson:2 and 49 more places like it: this is not JSON: invalid character 'b' at start of value",
		"b.ndjson:2: this is not JSON: invalid character 'b' at start of value",
		"values.yaml:9 and 199 more places like it: this has no kind, so it is no Kubernetes object"})
}

func TestReadAliasBombs(t *testing.T) {
	bomb := "kind: Pod\nmetadata: {name: x}\na0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 9),
			", "))
	}
	merge := "kind: Pod\nmetadata: {name: x}\na0: &a0 {x: y}\n"
	for i := range 9 {
		merge += fmt.Sprintf("a%d: &a%d {<<: [%s]}\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i),
			9), ", "))
	}
	for name, text := range map[string]string{"aliases": bomb, "merge keys": merge,
		"alias of itself": "kind: Pod\nmetadata: {name: x}\na: &a [*a]\n", "merge of itself": "kind: Pod\na: &a {<<: *a}\n"} {
		start := time.Now()
		s := mustRead(t, map[string]string{"x.yaml": text + "---\n" + yamlA})
		expect(t, name, holds(s), []string{"Pod shop/a"})
		if len(s.Gaps) != 1 {
			t.Errorf("%s: gaps are %q", name, gaps(s))
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
	}
}

// repeat is a stream of a text n times over.
type repeat struct {
	text string
	n    int
	rest string
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n, r.rest = r.n-1, r.text
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func TestReadHostileStreamsEnd(t *testing.T) {
	for name, r := range map[string]*repeat{
		"one large value":   {text: `"` + strings.Repeat("x", 1<<16) + ` \n`, n: 3 << 10},
		"one large object":  {text: `{"a":` + "\n", n: 1 << 20},
		"no value":          {text: strings.Repeat("\n", 1<<16), n: 1 << 10},
		"open braces":       {text: "{\n", n: 1 << 20},
		"open brackets":     {text: "[\n", n: 1 << 20},
		"lists in lists":    {text: `{"items":[` + "\n", n: 1 << 16},
		"strings":           {text: "\"x\"\n", n: 1 << 20},
		"large envelope":    {text: `{"x":"` + strings.Repeat("x", 1<<20) + `","y":[1,2,3],` + "\n", n: 100},
		"items, no kind":    {text: `{"items":[{"metadata":{"name":"x"}}]}` + "\n", n: 1 << 12},
		"spaces before all": {text: "\n" + strings.Repeat(" ", 1<<16) + "{", n: 1 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			s, err := ReadSources(time.Time{}, Source{Name: "good", R: strings.NewReader(podA)},
				Source{Name: "bad", R: io.MultiReader(strings.NewReader(`{"apiVersion":"v1","kind":"x"}`), r)})
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Gaps) > 5 {
				t.Errorf("%d gaps", len(s.Gaps))
			}
			t.Logf("%s, %d gaps", time.Since(start), len(s.Gaps))
		})
	}
}

func TestReadHostileYAMLEnds(t *testing.T) {
	for name, text := range map[string]string{
		"open brackets": strings.Repeat("[", 1<<17),
		"open braces":   strings.Repeat("{", 1<<17),
		"dashes":        strings.Repeat("- ", 1<<16),
		"keys":          strings.Repeat("a: ", 1<<16),
		"questions":     strings.Repeat("? ", 1<<16),
		"indent":        indents(2000),
		"comments":      strings.Repeat("#\n", 1<<18) + "x",
		"marks":         strings.Repeat("---\nx\n", 1<<14),
		"anchors":       strings.Repeat("- &a *a\n", 1<<14),
		"quotes":        strings.Repeat("\"\n", 1<<16),
		"items":         "items:\n" + strings.Repeat("- \"\n", 1<<14) + "kind: List\n",
		"tabs":          strings.Repeat("\t", 1<<18),
		"tags":          strings.Repeat("!a ", 1<<16),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			s := mustRead(t, map[string]string{"x.yaml": "kind: Namespace\nmetadata: {name: x}\n---\n" + text, "y.yaml": yamlA})
			if _, p := cluster.Get[corev1.Pod](s, "shop", "a"); p != cluster.Present {
				t.Error("the other file was not read")
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %s", took)
			}
			t.Logf("%s, %d gaps", time.Since(start), len(s.Gaps))
		})
	}
}

func indents(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
