package message

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var slot = regexp.MustCompile(`\{(\w[\w-]*)[^}]*\}`)

// TestTable holds that every message has both languages, with the same arguments in them.
func TestTable(t *testing.T) {
	if len(Codes()) < 100 {
		t.Fatalf("only %d messages", len(Codes()))
	}
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	if n != len(table) {
		t.Errorf("%d codes stand twice", n-len(table))
	}
	for code, text := range table {
		if text.en == "" || text.zh == "" {
			t.Errorf("%s lacks a language", code)
		}
		if strings.ContainsFunc(text.en, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s: no English: %s", code, text.en)
		}
		if en, zh := slots(text.en), slots(text.zh); !slices.Equal(en, zh) {
			t.Errorf("%s: %v in English, %v in Chinese", code, en, zh)
		}
		if strings.ContainsAny(strings.ReplaceAll(text.en+text.zh, "!=", ""), "!！") {
			t.Errorf("%s shouts", code)
		}
		if text.zh == "Pod" {
			continue // as Kubernetes calls it, in any language
		}
		rest := slot.ReplaceAllString(text.zh, "")
		if strings.ContainsFunc(rest, unicode.IsLetter) &&
			!strings.ContainsFunc(rest, func(r rune) bool { return r > 0x2000 }) {
			t.Errorf("%s: no Chinese: %s", code, text.zh)
		}
	}
}

func slots(s string) []string {
	var out []string
	for _, m := range slot.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}
