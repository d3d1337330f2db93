package causes

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// strings of a cause's Go code: all of them, and those that are a finding's variant.
type literals struct{ all, variants []string }

// literalsOf reads the Go code in a folder.
func literalsOf(t *testing.T, folder string) literals {
	t.Helper()
	var out literals
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				out.all = append(out.all, text(n)...)
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Variant" {
					out.variants = append(out.variants, text(n.Value)...)
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if s, ok := to.(*ast.SelectorExpr); ok && s.Sel.Name == "Variant" && i < len(n.Rhs) {
						out.variants = append(out.variants, text(n.Rhs[i])...)
					}
				}
			}
			return true
		})
	}
	return out
}

// text is what a string literal says.
func text(n ast.Expr) []string {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return nil
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil || s == "" {
		return nil
	}
	return []string{s}
}

// TestFindersSetWhatIsDeclared holds that a find.go names the arguments that its cause.yaml says it sets, that each of
// these is in some text, and that the variants of both are the same.
func TestFindersSetWhatIsDeclared(t *testing.T) {
	shared := slices.Concat(literalsOf(t, "../diagnose").all, literalsOf(t, "../pod").all)
	for _, c := range All() {
		code := literalsOf(t, c.ID)
		used := placeholders(c)
		for _, a := range c.Args {
			if !slices.Contains(code.all, a) && !slices.Contains(shared, a) {
				t.Errorf("%s: args names %s, and nothing in its Go code sets it", c.ID, a)
			}
			if !slices.Contains(used, a) {
				t.Errorf("%s: args names %s, and no text uses it", c.ID, a)
			}
		}
		has := func(name string) bool {
			return slices.ContainsFunc(c.Variants, func(v diagnose.Variant) bool { return v.Name == name })
		}
		for _, v := range code.variants {
			if !has(v) {
				t.Errorf("%s: its Go code chooses the variant %s, and no text has it", c.ID, v)
			}
		}
		for _, v := range c.Variants {
			if !slices.Contains(code.all, v.Name) && !slices.Contains(shared, v.Name) {
				t.Errorf("%s: nothing in its Go code chooses the variant %s", c.ID, v.Name)
			}
		}
	}
}

// TestArgumentsHaveTypes holds that every argument is declared, which says whether it may fill a command: those of
// patterns, of texts, and those that Go code sets.
func TestArgumentsHaveTypes(t *testing.T) {
	seen := map[string]bool{}
	check := func(where, arg string) {
		if seen[arg] = true; !argument.Declared(arg) {
			t.Errorf("%s: the argument %s is not declared in internal/argument", where, arg)
		}
	}
	for _, a := range diagnose.Arguments {
		check("diagnose.Arguments", a.Name)
	}
	group := regexp.MustCompile(`\(\?P?<(\w+)>`)
	for _, c := range All() {
		for _, p := range slices.Concat(c.Signs, c.Hints) {
			for _, m := range group.FindAllStringSubmatch(p.Message, -1) {
				check(c.ID, m[1])
			}
		}
		for _, a := range slices.Concat(c.Args, placeholders(c)) {
			check(c.ID, a)
		}
		for _, a := range argsSet(t, c.ID) {
			check(c.ID, a)
		}
	}
	for _, a := range argsSet(t, "../diagnose") {
		check("diagnose", a)
	}
	for _, typ := range argument.Types {
		for _, a := range argument.NamesOf(typ) {
			if !seen[a] {
				t.Errorf("internal/argument declares %s, and no cause has it", a)
			}
		}
	}
}

// argsSet are the arguments that the Go code in a folder sets or reads: args["node"], m.Args["node"].
func argsSet(t *testing.T, folder string) []string {
	t.Helper()
	var out []string
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if x, ok := n.(*ast.IndexExpr); ok && strings.HasSuffix(strings.ToLower(types.ExprString(x.X)), "args") {
				out = append(out, text(x.Index)...)
			}
			return true
		})
	}
	return out
}

// placeholders are the arguments that the texts of a cause name.
func placeholders(c *diagnose.Cause) []string {
	var b strings.Builder
	for _, in := range texts(c) {
		t := in.text
		b.WriteString(t.Title.EN + t.Why.EN)
		for _, s := range slices.Concat(t.Confirm, t.Fix) {
			b.WriteString(s.Do.EN + s.Run + s.Because.EN)
			for _, e := range s.Set {
				b.WriteString(e.Field + e.Value + e.Hole + e.Remove)
			}
		}
	}
	return diagnose.Placeholders(b.String())
}

// TestNothingToFillIn refuses what make cause leaves to be written.
func TestNothingToFillIn(t *testing.T) {
	for _, pattern := range []string{"*/*.yaml", "*/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(data), "TODO") {
				t.Errorf("%s still has a TODO", file)
			}
			if n := strings.Count(string(data), "\n"); strings.HasSuffix(file, ".yaml") && n >= 500 {
				t.Errorf("%s has %d lines: put variants into files of their own", file, n)
			}
		}
	}
}
