package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
)

// A mutation is one fault that can be switched on at a place of a file: what is written before and behind the code
// there. In both, # stands for the fault's number.
type mutation struct {
	file          *source
	kind, what    string
	from, to      int // the bytes of the file that before and behind go around
	before, after string
	number        int // 0 where it does not compile, or is not wanted
}

func (m *mutation) String() string {
	line := m.file.files.File(m.file.tree.Pos()).Line(m.file.tree.FileStart + token.Pos(m.from))
	return fmt.Sprintf("%s:%d: %s: %s", m.file.name, line, m.kind, m.what)
}

// node notes the faults that can be put at a node of the tree.
func (s *source) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		return n.Tok == token.VAR || n.Tok == token.TYPE
	case *ast.TypeSpec, *ast.ArrayType:
		return false
	case *ast.FuncDecl:
		s.function(n.Type, n.Body)
	case *ast.FuncLit:
		s.function(n.Type, n.Body)
	case *ast.BinaryExpr:
		s.binary(n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			s.wrap("condition", n, "(fault.On(#) != (", "))", "without its !")
		}
	case *ast.IfStmt:
		s.wrap("condition", n.Cond, "(fault.On(#) || (", "))", "always")
		s.wrap("condition", n.Cond, "(!fault.On(#) && (", "))", "never")
	case *ast.KeyValueExpr:
		s.field(s.text(n.Key), n.Value)
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if sel, ok := left.(*ast.SelectorExpr); ok && len(n.Lhs) == len(n.Rhs) {
				s.named(sel.Sel.Name, n.Rhs[i])
			}
		}
	case *ast.SelectorExpr:
		s.certainty(n)
	case *ast.Ident:
		if n.Name == "true" || n.Name == "false" {
			s.wrap("condition", n, "(fault.On(#) != ", ")", "turned round")
		}
	case *ast.BasicLit:
		s.literal(n)
	case *ast.BlockStmt:
		s.statements(n.List)
	case *ast.CaseClause:
		s.statements(n.Body)
	}
	return true
}

// wrap notes a fault around a node.
func (s *source) wrap(kind string, n ast.Node, before, after, what string) {
	s.all = append(s.all, &mutation{file: s, kind: kind, what: short(s.text(n)) + " " + what,
		from: s.offset(n.Pos()), to: s.offset(n.End()), before: before, after: after})
}

// binary turns a comparison round, makes && of || and || of &&, and takes one side of either away.
func (s *source) binary(n *ast.BinaryExpr) {
	x, y := s.text(n.X), s.text(n.Y)
	switch n.Op {
	case token.EQL, token.NEQ, token.LSS, token.GEQ, token.GTR, token.LEQ:
		s.wrap("comparison", n, "(fault.On(#) != (", "))", "turned round")
	case token.LAND:
		s.wrap("condition", n, "(", " || fault.On(#) && ("+x+" || "+y+"))", "with ||")
	case token.LOR:
		s.wrap("condition", n, "((", ") && (!fault.On(#) || "+x+" && "+y+"))", "with &&")
	}
	if !s.hard {
		return
	}
	switch n.Op {
	case token.LSS, token.GTR:
		s.wrap("boundary", n, "(", " || fault.On(#) && "+x+" == "+y+")", "or equal")
	case token.LEQ, token.GEQ:
		s.wrap("boundary", n, "(", " && !(fault.On(#) && "+x+" == "+y+"))", "and not equal")
	case token.LAND:
		s.wrap("half", n.X, "(fault.On(#) || (", "))", "left out of "+short(s.text(n)))
		s.wrap("half", n.Y, "(fault.On(#) || (", "))", "left out of "+short(s.text(n)))
	case token.LOR:
		s.wrap("half", n.X, "(!fault.On(#) && (", "))", "left out of "+short(s.text(n)))
		s.wrap("half", n.Y, "(!fault.On(#) && (", "))", "left out of "+short(s.text(n)))
	}
}

// field leaves a field or an entry out of what is built.
func (s *source) field(key string, v ast.Expr) {
	if s.named(key, v) || key == "Cause" || key == "Evidence" {
		return
	}
	if lit, ok := v.(*ast.CompositeLit); ok && lit.Type == nil {
		return // its type stands elsewhere
	}
	if t, ok := s.typeOf(v); ok {
		s.wrap("field", v, "fault.Zero["+t+"](#, ", ")", "left out as "+key)
	}
}

// named empties a variant, and drops or replaces a blame.
func (s *source) named(name string, v ast.Expr) bool {
	switch name {
	case "Variant":
		s.wrap("variant", v, "fault.Zero[string](#, ", ")", "emptied")
	case "Blame":
		s.wrap("blame", v, "fault.Zero[cluster.Ref](#, ", ")", "dropped")
		s.wrap("blame", v, "fault.Pick(#, ", `, cluster.Ref{Kind: "Node", Name: "elsewhere"})`, "replaced")
	default:
		return false
	}
	return true
}

func (s *source) certainty(n *ast.SelectorExpr) {
	other := map[string]string{"diagnose.Likely": "diagnose.Proven", "diagnose.Proven": "diagnose.Likely"}[s.text(n)]
	if other != "" {
		s.wrap("certainty", n, "fault.Pick(#, ", ", "+other+")", "made "+other)
	}
}

// literal changes a number by one, and a string: one that becomes an argument, or with -hard any.
func (s *source) literal(n *ast.BasicLit) {
	t, ok := s.typeOf(n)
	if !ok {
		return
	}
	switch n.Kind {
	case token.STRING:
		if s.hard || s.inMap(n.Pos()) {
			s.wrap("string", n, "fault.Pick["+t+"](#, ", `, "elsewhere")`, "replaced")
		}
	case token.INT:
		v, err := strconv.ParseInt(n.Value, 0, 64)
		if err != nil {
			return
		}
		for _, wrong := range []int64{v + 1, v - 1} {
			if wrong >= 0 {
				s.wrap("number", n, "fault.Pick["+t+"](#, ", fmt.Sprintf(", %d)", wrong), fmt.Sprint("made ", wrong))
			}
		}
	}
}

// inMap reports whether a literal stands in a map of strings: there it becomes an argument of a finding.
func (s *source) inMap(p token.Pos) bool {
	for _, m := range s.maps {
		if m.Pos() <= p && p < m.End() {
			return true
		}
	}
	return false
}

// statements takes single statements away: a call, an assignment, a continue, a whole if or loop.
func (s *source) statements(list []ast.Stmt) {
	for _, st := range list {
		switch st := st.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt, *ast.IfStmt, *ast.RangeStmt, *ast.ForStmt:
		case *ast.AssignStmt:
			if st.Tok == token.DEFINE {
				continue
			}
		default:
			continue
		}
		s.wrap("statement", st, "if !fault.On(#) { ", " }", "taken away")
	}
}

// function takes away what a function returns: the value, or where the code would go on, the return.
func (s *source) function(f *ast.FuncType, body *ast.BlockStmt) {
	if body == nil || len(body.List) == 0 {
		return
	}
	last := body.List[len(body.List)-1]
	ast.Inspect(body, func(n ast.Node) bool {
		r, ok := n.(*ast.ReturnStmt)
		if !ok {
			_, nested := n.(*ast.FuncLit)
			return !nested
		}
		if r.Pos() < last.Pos() || f.Results == nil {
			s.wrap("return", r, "if !fault.On(#) { ", " }", "taken away")
		}
		if len(r.Results) == 1 && !s.zero(r.Results[0]) {
			t := s.text(f.Results.List[0].Type)
			s.wrap("return", r, "if fault.On(#) { var none "+t+"; return none }; ", "", "with nothing")
		}
		return true
	})
}

// zero reports whether an expression is nothing as it stands.
func (s *source) zero(e ast.Expr) bool {
	switch s.text(e) {
	case "nil", "false", "true", `""`, "0":
		return true
	}
	return false
}

// typeOf is how the type of an expression is written in this file; not ok where it cannot be.
func (s *source) typeOf(e ast.Expr) (string, bool) {
	tv, ok := s.info.Types[e]
	if !ok || tv.Type == nil || tv.IsType() {
		return "", false
	}
	if b, ok := tv.Type.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		if b.Kind() == types.UntypedNil {
			return "", false
		}
		return types.Default(b).String(), true
	}
	known := true
	text := types.TypeString(tv.Type, func(p *types.Package) string {
		if p == s.pkg {
			return ""
		}
		name, ok := s.imports[p.Path()]
		known = known && ok
		return name
	})
	return text, known
}

// importsOf are the names under which a file knows other packages, by their paths.
func importsOf(f *ast.File) map[string]string {
	out := map[string]string{}
	for _, i := range f.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out[p] = path.Base(p)
		if i.Name != nil {
			out[p] = i.Name.Name
		}
	}
	return out
}
