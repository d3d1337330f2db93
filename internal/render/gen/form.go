package main

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
)

// maker makes schemas of Go types.
type maker struct {
	*source
	names map[string]string // of structs that have a schema, by package and type
	defs  object            // of all structs but the roots
}

// structure is the schema of a struct.
func (m *maker) structure(dir, typ, name string) (object, error) {
	p, err := m.read(dir)
	if err != nil {
		return nil, err
	}
	d := p.types[typ]
	if d == nil {
		return nil, fmt.Errorf("%s has no type %s", dir, typ)
	}
	fields, err := m.properties(dir, d)
	if err != nil {
		return nil, err
	}
	properties, required := object{}, []string{}
	for _, f := range fields {
		if f.doc == "" {
			return nil, fmt.Errorf("%s.%s has no comment: the schema has to say what it is", name, f.name)
		}
		form, err := m.form(f.dir, f.in, f.typ)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", name, f.name, err)
		}
		if f.required {
			required = append(required, f.name)
		}
		properties = append(properties, member{f.name, decorate(form, name+"."+f.name, f.doc)})
	}
	return object{{"description", sentence(d.doc)}, {"type", "object"}, {"properties", properties}, {"required", required},
		{"additionalProperties", false}}, nil
}

var subject = regexp.MustCompile(`^(?:An? )?\w+ (?:is|names|counts) `)

// sentence is the comment of a type without the type's name: "A Waiter is a Pod that …" is "A Pod that …".
func sentence(doc string) string {
	doc = subject.ReplaceAllString(doc, "")
	if doc == "" {
		return ""
	}
	return strings.ToUpper(doc[:1]) + doc[1:]
}

// decorate adds to the schema of a field what it is for and what it may hold.
func decorate(form object, field, doc string) object {
	out := object{{"description", doc}}
	if v := values[field]; len(v) == 1 {
		return append(out, member{"const", v[0]})
	} else if len(v) > 1 {
		return append(out, member{"enum", v})
	}
	return append(out, form...)
}

// form is the schema of a type.
func (m *maker) form(dir string, d *decl, t ast.Expr) (object, error) {
	switch t := t.(type) {
	case *ast.StarExpr:
		return m.orNull(dir, d, t.X)
	case *ast.ArrayType:
		items, err := m.form(dir, d, t.Elt)
		return object{{"type", "array"}, {"items", items}}, err
	case *ast.MapType:
		of, err := m.form(dir, d, t.Value)
		return object{{"type", "object"}, {"additionalProperties", of}}, err
	}
	of, name, ok := named(dir, d, t)
	switch {
	case of == "time" && name == "Time":
		return object{{"type", "string"}, {"format", "date-time"}}, nil
	case ok && strings.HasPrefix(of, "internal/"):
		return m.declared(of, name)
	}
	switch name {
	case "string":
		return object{{"type", "string"}}, nil
	case "bool":
		return object{{"type", "boolean"}}, nil
	case "int", "int32", "int64":
		return object{{"type", "integer"}}, nil
	case "float64":
		return object{{"type", "number"}}, nil
	case "any":
		return object{}, nil
	}
	return nil, fmt.Errorf("no schema for %s", of+"."+name)
}

func (m *maker) orNull(dir string, d *decl, t ast.Expr) (object, error) {
	form, err := m.form(dir, d, t)
	if err != nil {
		return nil, err
	}
	if len(form) == 0 { // anything, null included
		return form, nil
	}
	if form[0].name == "type" {
		return append(object{{"type", []any{form[0].value, "null"}}}, form[1:]...), nil
	}
	return object{{"anyOf", []object{form, {{"type", "null"}}}}}, nil
}

// declared is the schema of a type of this module: of a struct a reference to its own, of another that of what it is
// made of.
func (m *maker) declared(dir, typ string) (object, error) {
	p, err := m.read(dir)
	if err != nil {
		return nil, err
	}
	d := p.types[typ]
	if d == nil {
		return nil, fmt.Errorf("%s has no type %s", dir, typ)
	}
	if _, ok := d.spec.Type.(*ast.StructType); !ok {
		return m.form(dir, d, d.spec.Type)
	}
	name := m.names[dir+"."+typ]
	if name == "" {
		name = strings.ToUpper(typ[:1]) + typ[1:]
		m.names[dir+"."+typ] = name
		at := len(m.defs)
		m.defs = append(m.defs, member{name, nil})
		form, err := m.structure(dir, typ, name)
		if err != nil {
			return nil, err
		}
		m.defs[at].value = form
	}
	return object{{"$ref", "#/$defs/" + name}}, nil
}
