package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

const module = "github.com/kubestuck/stuck/"

// source reads the packages of the module, each when it is first asked for.
type source struct {
	root     string
	packages map[string]*pkg
}

// pkg is the types of a package, and what each of its files imports.
type pkg struct {
	path  string
	types map[string]*decl
}

type decl struct {
	spec    *ast.TypeSpec
	doc     string
	imports map[string]string // paths below the module, or whole, by name
}

func (s *source) read(dir string) (*pkg, error) {
	if p := s.packages[dir]; p != nil {
		return p, nil
	}
	files, err := filepath.Glob(filepath.Join(s.root, dir, "*.go"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no Go files in %s: %w", dir, fs.ErrNotExist)
	}
	p := &pkg{dir, map[string]*decl{}}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.add(f)
	}
	s.packages[dir] = p
	return p, nil
}

func (p *pkg) add(f *ast.File) {
	imports := map[string]string{}
	for _, i := range f.Imports {
		full, _ := strconv.Unquote(i.Path.Value)
		name := path.Base(full)
		if i.Name != nil {
			name = i.Name.Name
		}
		imports[name] = strings.TrimPrefix(full, module)
	}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			if t, ok := s.(*ast.TypeSpec); ok {
				p.types[t.Name.Name] = &decl{t, text(t.Doc, g.Doc), imports}
			}
		}
	}
}

var link = regexp.MustCompile(`\[([A-Za-z][\w.]*)\]`)

// text is the first comment that is there, in one line and without Go's links.
func text(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if s := strings.Join(strings.Fields(g.Text()), " "); s != "" {
			return link.ReplaceAllString(s, "$1")
		}
	}
	return ""
}

// A property is a field of a struct as JSON has it.
type property struct {
	name     string
	doc      string
	typ      ast.Expr
	in       *decl
	dir      string
	required bool
}

// properties are the fields of a struct in their order, with those of embedded structs in their place. Of two with
// one name the outer one counts.
func (s *source) properties(dir string, d *decl) ([]property, error) {
	st, ok := d.spec.Type.(*ast.StructType)
	if !ok {
		return nil, fmt.Errorf("%s.%s is no struct", dir, d.spec.Name)
	}
	own := map[string]property{}
	var all []property
	for _, f := range st.Fields.List {
		if len(f.Names) == 0 {
			inner, err := s.embedded(dir, d, f.Type)
			if err != nil {
				return nil, err
			}
			all = append(all, inner...)
			continue
		}
		name, options, _ := strings.Cut(tag(f), ",")
		if !f.Names[0].IsExported() || tag(f) == "-" { // no part of the form
			continue
		}
		if name == "" {
			return nil, fmt.Errorf("%s.%s: field %s has no name in JSON", dir, d.spec.Name, f.Names[0])
		}
		p := property{name, text(f.Doc, f.Comment), f.Type, d, dir, !strings.Contains(options, "omit")}
		own[name] = p
		all = append(all, p)
	}
	return outermost(all, own), nil
}

// outermost puts the outer one in the place of the first of that name, with the comment of the inner one where it
// has none.
func outermost(all []property, own map[string]property) []property {
	var out []property
	seen := map[string]bool{}
	for _, p := range all {
		if seen[p.name] {
			continue
		}
		seen[p.name] = true
		if o, ok := own[p.name]; ok {
			if o.doc == "" {
				o.doc = p.doc
			}
			p = o
		}
		out = append(out, p)
	}
	return out
}

func (s *source) embedded(dir string, d *decl, t ast.Expr) ([]property, error) {
	of, name, ok := named(dir, d, t)
	if !ok {
		return nil, fmt.Errorf("%s.%s embeds what is no struct of this module", dir, d.spec.Name)
	}
	p, err := s.read(of)
	if err != nil {
		return nil, err
	}
	if p.types[name] == nil {
		return nil, fmt.Errorf("%s has no type %s", of, name)
	}
	return s.properties(of, p.types[name])
}

// named is the package and the name of a type; false for types of the language.
func named(dir string, d *decl, t ast.Expr) (of, name string, ok bool) {
	switch t := t.(type) {
	case *ast.Ident:
		return dir, t.Name, ast.IsExported(t.Name) || !basic[t.Name]
	case *ast.SelectorExpr:
		if x, ok := t.X.(*ast.Ident); ok {
			return d.imports[x.Name], t.Sel.Name, true
		}
	}
	return "", "", false
}

var basic = map[string]bool{"string": true, "int": true, "int32": true, "int64": true, "float64": true, "bool": true,
	"any": true}

func tag(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	raw, _ := strconv.Unquote(f.Tag.Value)
	return reflect.StructTag(raw).Get("json")
}
