package main

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// catalogue is the catalogue as Go: a program that parsed a hundred YAML files whenever it starts would be slow to
// start. There is neither a map nor a call in it, so that the compiler lays it out and nothing of it runs.
func catalogue(all []*diagnose.Cause, examples map[string]example) []byte {
	var b bytes.Buffer
	b.WriteString(head + "\t\"github.com/kubestuck/stuck/internal/match\"\n" +
		"\t\"github.com/kubestuck/stuck/internal/remedy\"\n)\n\n" +
		"// builtin are the causes that are built in, without their Find funcs, ordered by id.\n" +
		"var builtin = []diagnose.Cause{\n")
	for _, c := range all {
		literal(&b, reflect.ValueOf(*c), true)
		b.WriteString(",\n")
	}
	b.WriteString("}\n\n// examples are what the cases show of the causes, ordered by id.\nvar examples = []Example{\n")
	for _, c := range all {
		e, ok := examples[c.ID]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "{ID: %q, Status: []Word{", c.ID)
		counted(&b, e.status)
		b.WriteString("}, Reasons: []Word{")
		counted(&b, e.reasons)
		b.WriteString("}, Messages: []string{\n")
		for _, m := range e.messages {
			fmt.Fprintf(&b, "%q,\n", m)
		}
		b.WriteString("}},\n")
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// counted writes words with how often each is there.
func counted(b *bytes.Buffer, words map[string]int) {
	for _, w := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(b, "{%q, %d}, ", w, words[w])
	}
}

// literal writes a value as a Go literal without what is zero, and without its type where that is known from around
// it. What has nothing but texts in it stands on one line.
func literal(b *bytes.Buffer, v reflect.Value, known bool) {
	if t := v.Type(); !known && (v.Kind() == reflect.Slice || v.Kind() == reflect.Struct) {
		b.WriteString(t.String())
	}
	switch v.Kind() {
	case reflect.String:
		b.WriteString(strconv.Quote(v.String()))
	case reflect.Bool:
		fmt.Fprint(b, v.Bool())
	case reflect.Slice:
		b.WriteString("{" + lineBreak(v))
		for i := range v.Len() {
			literal(b, v.Index(i), true)
			b.WriteString("," + lineBreak(v))
		}
		b.WriteString("}")
	case reflect.Struct:
		b.WriteString("{" + lineBreak(v))
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() && f.Kind() != reflect.Func {
				fmt.Fprintf(b, "%s: ", v.Type().Field(i).Name)
				literal(b, f, false)
				b.WriteString("," + lineBreak(v))
			}
		}
		b.WriteString("}")
	default:
		panic(fmt.Sprintf("gen: no literal for %s", v.Type()))
	}
}

// lineBreak is what stands behind each part of a value.
func lineBreak(v reflect.Value) string {
	var parts reflect.Type
	if v.Kind() == reflect.Slice {
		parts = v.Type().Elem()
	}
	for i := 0; v.Kind() == reflect.Struct && i < v.NumField(); i++ {
		if k := v.Field(i).Kind(); k == reflect.Slice {
			parts = v.Field(i).Type()
		}
	}
	if parts == nil || parts.Kind() == reflect.String {
		return ""
	}
	return "\n"
}
