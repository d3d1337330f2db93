package message

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestUses holds every message.Of in the tree, and every say, against the table: the code is there, and the arguments
// are those that its texts have. What hands arguments on (a spread slice, a code that is put together) is held by the
// code alone.
func TestUses(t *testing.T) {
	calls := 0
	literals := map[string]bool{}
	eachSource(t, func(name string, f *ast.File, set *token.FileSet) {
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, err := strconv.Unquote(l.Value); err == nil {
					literals[text] = true
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || !isOf(call.Fun) || len(call.Args) == 0 || call.Ellipsis.IsValid() {
				return true
			}
			code, ok := literal(call.Args[0])
			if !ok {
				return true
			}
			calls++
			at := set.Position(call.Pos())
			words, known := table[code]
			if !known {
				t.Errorf("%s: no message has the code %s", at, code)
				return true
			}
			if got := argumentNames(call.Args[1:]); !slices.Equal(got, slots(words.en)) {
				t.Errorf("%s: %s gets %v, and says %v", at, code, got, slots(words.en))
			}
			return true
		})
	})
	if calls < 150 {
		t.Errorf("only %d uses were found", calls)
	}
	for code := range table {
		if !strings.HasPrefix(code, "flag.") && !strings.HasPrefix(code, "help.") && !used(code, literals) {
			t.Errorf("nobody says %s", code)
		}
	}
}

// used reports whether a code, or all but its last part, which some code puts behind it, is written anywhere.
func used(code string, literals map[string]bool) bool {
	for {
		if literals[code] || literals[code+"."] {
			return true
		}
		i := strings.LastIndexByte(code, '.')
		if i < 0 {
			return false
		}
		code = code[:i]
	}
}

func isOf(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if s.Sel.Name == "say" { // a renderer's, which says it in the language of its page
		return true
	}
	p, ok := s.X.(*ast.Ident)
	return ok && p.Name == "message" && s.Sel.Name == "Of"
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

func argumentNames(args []ast.Expr) []string {
	var out []string
	for i := 0; i < len(args); i += 2 {
		name, _ := literal(args[i])
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func eachSource(t *testing.T, do func(name string, f *ast.File, set *token.FileSet)) {
	t.Helper()
	set := token.NewFileSet()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
			strings.HasPrefix(name, "../message/") {
			return err
		}
		f, err := parser.ParseFile(set, name, nil, 0)
		if err == nil {
			do(name, f, set)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
