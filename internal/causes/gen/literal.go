package main

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// catalogue is the catalogue as Go: a program that parsed a hundred YAML files whenever it starts would be slow to start.
func catalogue(all []*diagnose.Cause) []byte {
	var b bytes.Buffer
	b.WriteString(head + "\t\"github.com/kubestuck/stuck/internal/match\"\n)\n\n// builtin makes the causes that are built in, without their Find funcs, ordered by id.\nfunc builtin() []*diagnose.Cause {\n\treturn []*diagnose.Cause{\n")
	for _, c := range all {
		fmt.Fprintf(&b, "\t\t%s(),\n", funcName(c.ID))
	}
	b.WriteString("\t}\n}\n")
	for _, c := range all {
		plain := *c
		plain.Find = nil
		fmt.Fprintf(&b, "\nfunc %s() *diagnose.Cause {\n\treturn &", funcName(c.ID))
		literal(&b, reflect.ValueOf(plain))
		b.WriteString("\n}\n")
	}
	return b.Bytes()
}

// funcName is the Go name of a cause: secret-missing is causeSecretMissing.
func funcName(id string) string {
	name := "cause"
	for _, part := range strings.Split(id, "-") {
		name += strings.ToUpper(part[:1]) + part[1:]
	}
	return name
}

// literal writes a value as a Go literal, one element to a line, and leaves out what is zero.
func literal(b *bytes.Buffer, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		b.WriteString(strconv.Quote(v.String()))
	case reflect.Bool:
		fmt.Fprint(b, v.Bool())
	case reflect.Slice:
		fmt.Fprintf(b, "%s{\n", v.Type())
		for i := range v.Len() {
			literal(b, v.Index(i))
			b.WriteString(",\n")
		}
		b.WriteString("}")
	case reflect.Map:
		fmt.Fprintf(b, "%s{\n", v.Type())
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			fmt.Fprintf(b, "%q: ", k.String())
			literal(b, v.MapIndex(k))
			b.WriteString(",\n")
		}
		b.WriteString("}")
	case reflect.Struct:
		fmt.Fprintf(b, "%s{\n", v.Type())
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				fmt.Fprintf(b, "%s: ", v.Type().Field(i).Name)
				literal(b, v.Field(i))
				b.WriteString(",\n")
			}
		}
		b.WriteString("}")
	default:
		panic(fmt.Sprintf("gen: no literal for %s", v.Type()))
	}
}
