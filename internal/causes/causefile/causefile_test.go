package causefile

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
)

// read is what is wrong with the files, in English and Chinese.
func read(t *testing.T, fsys fstest.MapFS, builtin ...*diagnose.Cause) (en, zh []string) {
	t.Helper()
	_, err := Read(fsys, builtin...)
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("%v is no Faults", err)
	}
	for _, f := range faults {
		en, zh = append(en, f.Message().In("en")), append(zh, f.Message().In("zh"))
	}
	return en, zh
}

func TestForm(t *testing.T) {
	got, zh := read(t, fstest.MapFS{"own/cause.yaml": {Data: []byte(`stage: volumes
blame: [Pod]
selfHealing: perhaps
sings: []
signs: {message: x}
title: {en: 5, zh: 无, fr: non}
title: {en: Again}
fix:
- Nothing
- {do: Nothing}
variants:
  some: {titel: x}
en:
  title: The old form
`)}, "empty/cause.yaml": {}, "odd/cause.yaml": {Data: []byte("a: b: c")}, "list/cause.yaml": {Data: []byte("- a")}})
	want := []string{
		`empty/cause.yaml:1: there is nothing in it`,
		`list/cause.yaml:1: list/cause.yaml wants keys with values, and this is a list`,
		`odd/cause.yaml: this is no YAML: mapping values are not allowed in this context`,
		`own/cause.yaml:1: it has neither signs nor hints, so nothing finds it`,
		`own/cause.yaml:1: why is missing`,
		`own/cause.yaml:2: blame wants a text, and this is a list`,
		`own/cause.yaml:3: selfHealing wants true or false, and this is "perhaps"`,
		`own/cause.yaml:4: sings is not known; known here: stage, also, blame, explains, selfHealing, fallback, signs, ` +
			`hints, certainty, args, title, why, confirm, fix, variants`,
		`own/cause.yaml:5: signs wants a list, and this is a block of keys`,
		`own/cause.yaml:6: title.en wants a text, and this is 5, which needs quotes to be a text`,
		`own/cause.yaml:6: title.fr is not known; known here: en, zh`,
		`own/cause.yaml:7: title is there twice`,
		`own/cause.yaml:9: fix[0] wants keys with values, and this is "Nothing"`,
		`own/cause.yaml:10: fix[1].do wants keys with values, and this is "Nothing"`,
		`own/cause.yaml:12: variants.some.titel is not known; known here: when, title, why, confirm, fix, variants`,
		`own/cause.yaml:13: en: is the old form, one block for each language; write the languages side by side: ` +
			`title: {en: …, zh: …}, why: {en: …, zh: …}, and each step once: {do: {en: …, zh: …}, run: …, risk: …}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := `own/cause.yaml:5：signs 应当是列表，这里却是带键的块`; !slices.Contains(zh, want) {
		t.Errorf("no %s in %q", want, zh)
	}
}

// whole is a cause with nothing wrong.
const whole = `stage: volumes
blame: Secret
certainty: proven
signs:
- {kind: event|waiting, message: 'vault has no "(?P<secret>[^"]+)"(?P<word>: sealed)?'}
title: {en: 'Vault has no {secret}', zh: 'Vault 里没有 {secret}'}
why: {en: It is not there., zh: 它不在。}
confirm:
- {do: {en: Look., zh: 看一下。}, run: 'vault read {secret}'}
fix:
- {do: {en: Write it., zh: 写进去。}, run: 'vault write {secret}', risk: none}
- {do: {en: Move Pods., zh: 迁走 Pod。}, run: 'kubectl drain {node} --ignore-daemonsets', risk: disruptive}
`

func TestWhole(t *testing.T) {
	if _, err := Read(fstest.MapFS{"own/cause.yaml": {Data: []byte(whole)}}); err != nil {
		t.Error(err)
	}
}

// knownHere are the arguments that the texts of whole may name, beside some.
func knownHere(more ...string) string {
	all := append([]string{"{secret}"}, more...)
	for _, a := range diagnose.Arguments {
		if a.Stage == "" && argument.Of(a.Name) != argument.Text {
			all = append(all, "{"+a.Name+"}")
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// TestFaults breaks a whole cause in one place at a time.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"stage: volumes\n", "", "1: stage is missing: one of " + strings.Join(stages(), ", ")},
		{"stage: volumes", "stage: volume", `1: stage is "volume", which is none of ` + strings.Join(stages(), ", ")},
		{"blame: Secret", "blame: Vault",
			`2: blame is "Vault", which is none of ` + strings.Join(diagnose.BlameKinds(), ", ")},
		{"proven", "sure", `3: certainty is "sure", which is none of proven, likely`},
		{"certainty: proven", "args: [secret]",
			"3: args names what find.go sets, and there is none: named groups of the patterns need not be named here"},
		{"certainty: proven", "explains: [nothing]", `3: explains[0] is "nothing", and there is no cause of this id`},
		{"certainty: proven", "explains: [own]", "3: it explains itself in a circle: own → own"},
		{"event|waiting", "event|wait", `5: signs[0].kind is "wait", which is none of ` + strings.Join(SignKinds, ", ")},
		{"event|waiting", "field", `5: signs[0].kind is "field", which is none of ` + strings.Join(SignKinds, ", ")},
		{"event|waiting", "event|", "5: signs[0].kind has an empty part between its |"},
		{"]+)", "]++)", "5: signs[0].message: character 30 (…++): invalid nested repetition operator"},
		{"- {kind", "- {message: '(?P<the_key>x)'}\n- {kind",
			"5: signs[0].message has a group the_key: names of groups are small letters and digits, and begin with a letter"},
		{`vault has no "(?P<secret>[^"]+)"(?P<word>: sealed)?`, `(?P<secret>(?P<word>.*))`,
			"5: signs[0].message matches every message"},
		{"- {kind", "- {}\n- {kind", "5: signs[0] is empty and would match everything"},
		{", zh: 'Vault 里没有 {secret}'", "", "6: title has no text in the language zh"},
		{"'Vault has no {secret}'", "''", "6: title has no text in the language en"},
		{"有 {secret}'}", "有'}", "6: title names {secret} in one language only"},
		{"title: {en: 'Vault has no {secret}', zh: 'Vault 里没有 {secret}'}\n", "", "1: title is missing"},
		{"why: {en: It is not there., zh: 它不在。}", "why: {}", "7: why is missing"},
		{"en: It is not there.", "en: '[[It is not there.'", "7: why.en has a [[ or ]] without its partner"},
		{"read {secret}", "read {key}",
			"9: confirm[0].run names {key}, which nothing fills; known here: " + knownHere("{have}", "{word}")},
		{"'vault read {secret}'", "'vault read {word}'", "9: confirm[0].run names {word}, which is free text, and no " +
			"command is filled with that; these have a type: " + knownHere()},
		{"run: 'vault write {secret}', risk: none", "set: [{field: image, value: x}]",
			"11: fix[0].set[0]: image: there is no image"},
		{"run: 'vault write {secret}'", "run: vault, restart: pod",
			"11: fix[0] says more than one of run, set, restart, logs and describe"},
		{"run: 'vault write {secret}', risk: none", "restart: all",
			`11: fix[0].restart is "all", which is none of ` + strings.Join(diagnose.Restarts, ", ")},
		{"read {secret}'", "read {secret}', risk: none",
			"9: confirm[0].risk is of steps under fix: those under confirm only look"},
		{", risk: none", "", "11: fix[0].risk is missing: one of none, low, disruptive, data-loss"},
		{"risk: none", "risk: slight", `11: fix[0].risk is "slight", which is none of none, low, disruptive, data-loss`},
		{"do: {en: Write it., zh: 写进去。}, ", "", "11: fix[0].do is missing"},
		{"risk: disruptive", "risk: low",
			"12: fix[1].risk is low, and what its command does is disruptive: write that, or say why it is not so here: " +
				"because: {en: …, zh: …}"},
		{"risk: disruptive}", "risk: disruptive}\nvariants:\n  odd: {title: {en: Odd, zh: 奇怪}}",
			"14: variants are chosen by a find.go, and there is none: make odd a cause of its own"},
	} {
		data := strings.Replace(whole, c.old, c.new, 1)
		if data == whole {
			t.Errorf("%q is not there to be broken", c.old)
			continue
		}
		got, _ := read(t, fstest.MapFS{"own/cause.yaml": {Data: []byte(data)}})
		if diff := cmp.Diff([]string{"own/cause.yaml:" + c.want}, got); diff != "" {
			t.Errorf("%q -> %q: %s", c.old, c.new, diff)
		}
	}
}

// TestFaultsOfFolders holds what is wrong with the folder rather than with the file.
func TestFaultsOfFolders(t *testing.T) {
	fsys := fstest.MapFS{"Own_cause/cause.yaml": {Data: []byte(whole)}, "secret-missing/cause.yaml": {Data: []byte(whole)}}
	got, _ := read(t, fsys, &diagnose.Cause{ID: "secret-missing"})
	want := []string{
		`Own_cause/cause.yaml: the folder's name is the cause's id, and "Own_cause" is none: ` +
			`small letters, digits and - between them, at most 63`,
		`secret-missing/cause.yaml: a built-in cause has the id secret-missing: rename the folder`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestFindDecides holds what is different where a find.go stands beside the file.
func TestFindDecides(t *testing.T) {
	joins := strings.Replace(whole, "certainty: proven\n", "args: [key, node]\ncertainty: proven\n", 1) +
		"variants:\n  Odd: {title: {en: Odd, zh: 奇怪}}\n  bare: {why: {en: 'Key {key}', zh: '键 {key}'}}\n" +
		"  deep: {when: {en: a, zh: b}, variants: {x: {}}}\n"
	got, _ := read(t, fstest.MapFS{"own/find.go": {}, "own/cause.yaml": {Data: []byte(joins)}})
	want := []string{
		"own/cause.yaml:3: args[1] names node, which is known without: leave it out",
		"own/cause.yaml:4: certainty is for causes that have no find.go: that says it of each finding",
		`own/cause.yaml:15: "Odd" is no name of a variant: small letters, digits and - between them, at most 63`,
		"own/cause.yaml:16: variants.bare has neither title nor when, so nothing says when it holds",
		"own/cause.yaml:17: variants.deep: a variant has no variants",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestMessages holds that every fault that the code names has words.
func TestMessages(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`(?:\.fault\((?:d\.lines\["\w+"\]|[^"\n]*), |message\.Of\()"(?:cause\.)?([a-z-]+)"`)
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllSubmatch(source, -1) {
			if found++; !message.Known("cause." + string(m[1])) {
				t.Errorf("%s: no words for cause.%s", file, m[1])
			}
		}
	}
	for _, code := range slotFaults {
		if !message.Known("cause." + code) {
			t.Errorf("no words for cause.%s", code)
		}
	}
	if found < 30 {
		t.Errorf("only %d faults", found)
	}
}

func TestUnfold(t *testing.T) {
	for in, want := range map[string]string{
		"空间 不足":           "空间不足",
		"节点 n1 空间不足":      "节点 n1 空间不足",
		"停了。 kubelet 会重试": "停了。kubelet 会重试",
		"端口 （NFSv3）":      "端口（NFSv3）",
		"the end ":        "the end ",
		" 开头":             " 开头",
	} {
		if got := unfold(in); got != want {
			t.Errorf("unfold(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestVariantsInFilesOfTheirOwn reads a cause of several files. What is wrong has the file and the line in which it is.
func TestVariantsInFilesOfTheirOwn(t *testing.T) {
	cause := `stage: volumes
blame: Pod
signs: [{kind: event, reason: Own}]
title: {en: a, zh: 甲}
why: {en: a, zh: 甲}
fix: [{do: {en: a, zh: 甲}, risk: none}]
variants:
  one: {when: {en: one, zh: 一}, why: {en: a, zh: 甲}}`
	more := "two: {when: {en: two, zh: 二}, why: {en: b, zh: 乙}}\n"
	got, err := Read(fstest.MapFS{
		"own/find.go":            {},
		"own/cause.yaml":         {Data: []byte(cause)},
		"own/variants-more.yaml": {Data: []byte(more)},
		"own/values.yaml":        {Data: []byte("- no file of a cause")},
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, v := range got[0].Variants {
		names = append(names, v.Name)
	}
	if diff := cmp.Diff([]string{"one", "two"}, names); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
	for data, want := range map[string]string{
		"\n" + more + "tow: 5\n": "own/variants.yaml:3: variants.tow wants keys with values, and this is 5, " +
			"which needs quotes to be a text",
		more + "one: {}\n": "own/variants.yaml:2: variants.one is there twice",
		"- a\n": "own/variants.yaml:1: own/variants.yaml wants keys with values, " +
			"and this is a list",
		"a: b: c": "own/variants.yaml: this is no YAML: " +
			"mapping values are not allowed in this context",
		"": "own/variants.yaml:1: there is nothing in it",
		strings.Repeat("#\n", Longest/2+1): "own/variants.yaml: " +
			"it is no plain file of at most 256 kB, so it is not read",
	} {
		got, _ := read(t, fstest.MapFS{"own/cause.yaml": {Data: []byte(cause)}, "own/find.go": {},
			"own/variants.yaml": {Data: []byte(data)}})
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%.20q (-want +got):\n%s", data, diff)
		}
	}
}
