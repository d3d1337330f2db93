package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

const sample = `package sample

import "strings"

func find(s string, n int) (string, bool) {
	args := map[string]string{"name": s}
	if n < 10 && s != "" {
		args["size"] = "small"
	}
	if strings.HasPrefix(s, "x") {
		return "", false
	}
	return args["size"], true
}
`

// TestFaults holds that the faults of a sample are found, and that what is written with all of them in it compiles.
func TestFaults(t *testing.T) {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, "sample.go", sample, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &source{name: "sample.go", src: []byte(sample), files: files, tree: tree, imports: importsOf(tree)}
	s.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	r := &room{path: "sample", sources: []*source{s}, importer: importer.ForCompiler(files, "source", nil)}
	if s.pkg, err = (&types.Config{Importer: r.importer}).Check("sample", files, []*ast.File{tree}, s.info); err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, s.noteMap)
	ast.Inspect(tree, s.node)
	var said []string
	for i, m := range s.all {
		m.number = i + 1
		said = append(said, m.String())
	}
	text := strings.Join(said, "\n")
	for _, want := range []string{
		`sample.go:7: condition: n < 10 && s != "" with ||`, "sample.go:7: comparison: n < 10 turned round",
		"sample.go:7: number: 10 made 11", `sample.go:8: string: "small" replaced`,
		`sample.go:8: statement: args["size"] = "small" taken away`, `sample.go:11: return: return "", false taken away`,
		"sample.go:11: condition: false turned round", `sample.go:10: condition: strings.HasPrefix(s, "x") never`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no fault %s", want)
		}
	}
	if strings.Contains(text, "sample.go:13: return") {
		t.Error("the last return is taken away, which does not compile")
	}
	if gone := r.check(); gone > 0 {
		t.Errorf("%d of the faults do not compile", gone)
	}
	if t.Failed() {
		t.Log(text)
	}
}
