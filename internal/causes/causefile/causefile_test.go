package causefile

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestReadSaysAllThatIsWrong(t *testing.T) {
	fsys := fstest.MapFS{"own/cause.yaml": {Data: []byte(`stage: volumes
blame: [Pod]
selfHealing: perhaps
sings: []
signs: {message: x}
title: {en: 5, zh: 无, fr: non}
title: {en: Again}
fix:
- {do: Nothing}
variants:
  some: {titel: x}
en:
  title: The old form
`)}, "empty/cause.yaml": {}, "odd/cause.yaml": {Data: []byte("a: b: c")}}
	_, err := Read(fsys)
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("%v is no Faults", err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, f.Error())
	}
	want := []string{
		`empty/cause.yaml:1: there is nothing in it`,
		`odd/cause.yaml: this is no YAML: mapping values are not allowed in this context`,
		`own/cause.yaml:2: blame wants a text, and this is a list`,
		`own/cause.yaml:3: selfHealing wants true or false, and this is "perhaps"`,
		`own/cause.yaml:4: sings is not known; known here: stage, blame, explains, selfHealing, fallback, signs, hints, title, why, confirm, fix, variants`,
		`own/cause.yaml:5: signs wants a list, and this is a block of keys`,
		`own/cause.yaml:6: title.en wants a text, and this is 5, which needs quotes to be a text`,
		`own/cause.yaml:6: title.fr is not known; known here: en, zh`,
		`own/cause.yaml:7: title is there twice`,
		`own/cause.yaml:9: fix[0].do wants keys with values, and this is "Nothing"`,
		`own/cause.yaml:11: variants.some.titel is not known; known here: title, why, confirm, fix, variants`,
		`own/cause.yaml:12: en: is the old form, one block for each language; ` + newForm,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
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
