package causes

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// TestArgs holds that what is taken out of a message is what a person would take out of it: whole words, nothing empty,
// no name of a function, no numbers of bytes.
func TestArgs(t *testing.T) { eachArg(t, false) }

// TestArgsLong lets all messages go on for longer, so that the limits of patterns cut them off.
func TestArgsLong(t *testing.T) { eachArg(t, true) }

func eachArg(t *testing.T, longer bool) {
	t.Helper()
	alone(t)
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		named := scalars(dump)
		s := read(t, dump)
		if longer {
			for _, e := range cluster.Objects[corev1.Event](s) {
				e.Message += ". It goes on for longer than any pattern takes" + strings.Repeat(", consequently", 50)
			}
		}
		for _, p := range diagnose.Run(s, cat, diagnose.Options{Named: true}).Problems {
			for _, f := range slices.Concat(p.Findings, p.Effects) {
				for name, value := range f.Args {
					if fault := faultOf(&f, value, named); fault != "" {
						t.Errorf("%s: {%s} %s: %q", f.Cause, name, fault, value)
					}
				}
			}
		}
	})
}

var (
	function = regexp.MustCompile(`^[\w.]+\(\)$`)
	bytesOf  = regexp.MustCompile(`\b\d{1,3}( \d{1,3}){8}`)
	dangling = regexp.MustCompile(`(?:[:,;=(\[{]|\s-|: \.)\s*(?:…|$)|\s(?:and|or|the|of|to|for|with|is|in|at)$|` +
		`^\s*[:,;)\]}]|…\w|\w…|\s/\s-`)
	computed = regexp.MustCompile(`^[\d.]+$|^[0-9a-f]{13}$`) // a number; the id that a program shows
	scalar   = regexp.MustCompile(`[^\s:{}\[\],'"]+`)
)

// scalars are the words of a dump that are no words of a message: names, mostly.
func scalars(dump fstest.MapFS) map[string]bool {
	out := map[string]bool{}
	for _, f := range dump {
		for line := range strings.Lines(string(f.Data)) {
			line, _, _ = strings.Cut(line, "message: ")
			for _, word := range scalar.FindAllString(line, -1) {
				out[word] = true
			}
		}
	}
	return out
}

// faultOf returns what is wrong with an argument; "" where nothing is. What an object is called is never wrong.
func faultOf(f *diagnose.Finding, value string, named map[string]bool) string {
	switch {
	case strings.TrimSpace(value) != value || value == "":
		return "is empty, or has space around it"
	case named[value]:
		return ""
	case function.MatchString(value):
		return "is the name of a function"
	case bytesOf.MatchString(value):
		return "is bytes in numbers"
	case dangling.MatchString(value) && said(f, value):
		return "ends or begins where nothing ends or begins"
	case strings.Contains(value, "…"): // what is left out may hold the other half of a pair
	case strings.Count(value, "(") != strings.Count(value, ")"), strings.Count(value, `"`)%2 != 0:
		return "has one bracket or quote of two"
	case computed.MatchString(value):
		return ""
	}
	for _, part := range strings.Split(value, "…") {
		if part = strings.TrimSpace(part); part != "" && !strings.Contains(part, "xxxx") && cutWord(f, part) {
			return "is cut out of a word"
		}
	}
	return ""
}

// said reports whether a text, or its parts where it was shortened, are in the evidence as they are.
func said(f *diagnose.Finding, text string) bool {
	head, _, _ := strings.Cut(text, " … ")
	return slices.ContainsFunc(f.Evidence, func(e cluster.Sign) bool {
		return strings.Contains(match.Plain(e.Message), head)
	})
}

// cutWord reports whether a text is in the evidence, and nowhere there between words.
func cutWord(f *diagnose.Finding, text string) bool {
	cut := false
	for _, e := range f.Evidence {
		message := strings.ToLower(strings.Join(strings.Fields(match.Plain(e.Message)), " "))
		message = strings.ReplaceAll(message, "%2f", "/")
		for at := 0; ; {
			i := strings.Index(message[at:], strings.ToLower(text))
			if i < 0 {
				break
			}
			from, to := at+i, at+i+len(text)
			if between(message, from) && between(message, to) {
				return false
			}
			cut, at = true, at+i+1
		}
	}
	return cut
}

// between reports whether no word goes across a place in a text.
func between(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	return at == 0 || at == len(text) || !word(before) || !word(after)
}

// TestCitedFields holds that what is cited of a field is what the field holds: a text that says "FIELD is VALUE" is
// made of it.
func TestCitedFields(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		s := read(t, dump)
		for _, p := range diagnose.Run(s, cat, diagnose.Options{Named: true}).Problems {
			for _, f := range slices.Concat(p.Findings, p.Effects) {
				for _, e := range f.Evidence {
					if e.Kind != cluster.SignField || e.Reason != diagnose.IsValue || e.Ref.Kind == "NodeFacts" {
						continue
					}
					held, ok := fieldOf(t, s.Get(e.Ref), e.Path)
					last := e.Path[strings.LastIndexByte(e.Path, '.')+1:]
					switch {
					case e.Message == "" || strings.HasPrefix(e.Message, last+" ") || e.Message == f.Container:
						t.Errorf("%s: %s %s is said to be %q", f.Cause, e.Ref, e.Path, e.Message)
					case ok && !strings.Contains(e.Message, held) && !sameTime(held, e.Message):
						t.Errorf("%s: %s %s is %q and said to be %q", f.Cause, e.Ref, e.Path, held, e.Message)
					}
				}
			}
		}
	})
}

// fieldOf is what a field of an object holds, where that is one word or number.
func fieldOf(t *testing.T, o any, path string) (string, bool) {
	t.Helper()
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var at any
	if err := json.Unmarshal(data, &at); err != nil {
		t.Fatal(err)
	}
	for _, step := range strings.Split(path, ".") {
		name, index, listed := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		m, ok := at.(map[string]any)
		if !ok {
			return "", false
		}
		if at = m[name]; listed {
			l, _ := at.([]any)
			i, err := strconv.Atoi(index)
			if err != nil || i >= len(l) {
				return "", false
			}
			at = l[i]
		}
	}
	switch at.(type) {
	case string, float64, bool:
		return fmt.Sprint(at), true
	}
	return "", false
}

// sameTime reports whether two texts are the same second, in whatever form.
func sameTime(a, b string) bool {
	at, err := time.Parse(time.RFC3339, a)
	return err == nil && strings.Contains(strings.Replace(b, " ", "T", 1), at.UTC().Format("2006-01-02T15:04:05"))
}
