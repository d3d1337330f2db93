package stuck_test

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"golang.org/x/tools/go/packages"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// readers are the packages that read objects of a Snapshot.
var readers = []string{"./internal/causes/...", "./internal/diagnose", "./internal/pod", "./internal/placement",
	"./internal/remedy", "./internal/revision", "./internal/workload", "./internal/rollout", "./internal/render",
	"./internal/cluster"}

// reads is what the program reads of the objects of a Snapshot.
type reads struct {
	fields map[string]string            // Type.Field: a place that reads it
	keys   map[string]map[string]string // of the maps that a snapshot keeps in part: the keys, with a place each
	whole  map[string][]string          // functions that read such a map in another way
}

// partly are the maps of which some keys are kept, and by which list.
var partly = map[string]map[string]bool{
	"Annotations": cluster.Annotations, "VolumeAttributes": cluster.VolumeAttributes,
}

// TestNothingIsReadThatIsNotKept compares what a Snapshot keeps of objects with what causes, and the rooms that they
// stand on, read: nobody reads what is taken out, and no annotation or attribute is kept for nobody.
func TestNothingIsReadThatIsNotKept(t *testing.T) {
	r := readsOf(t)
	exempt := map[string]string{
		"Lifecycle.PostStart": "that there is a hook is kept", "ObjectMeta.Annotations": "kept by key",
		"CSIPersistentVolumeSource.VolumeAttributes": "kept by key",
		"ObjectMeta.ManagedFields":                   "kept where they say who changed a spec",
		"Node.Status":                                "", "NodeStatus.Images": "kept where a Pod asks for one",
		"ContainerImage.Names": "tags are kept", "Secret.Data": "the keys are kept", "ConfigMap.Data": "the keys are kept",
		"ConfigMap.BinaryData": "the keys are kept", "ControllerRevision.Data": "the template is kept",
		"Event.EventTime": "told by FirstTimestamp", "Event.Series": "told by Count and LastTimestamp",
		"Secret.StringData": "told by Data",
	}
	lost := takenOut()
	if len(lost) < 10 || !slices.Contains(lost, "HTTPGetAction.HTTPHeaders") {
		t.Fatalf("what is taken out is not found: %s", lost)
	}
	for _, field := range lost {
		if _, ok := exempt[field]; !ok && r.fields[field] != "" {
			t.Errorf("%s is taken out of every object (internal/cluster/clean.go), and read at %s", field, r.fields[field])
		}
	}
	for name, kept := range partly {
		for key, place := range r.keys[name] {
			if !kept[key] {
				t.Errorf("%s reads the %s %q, which a Snapshot does not keep (internal/cluster/kept.go)", place, name, key)
			}
		}
		for key := range kept {
			if r.keys[name][key] == "" && key != cluster.Withheld {
				t.Errorf("nothing reads the %s %q: a Snapshot need not keep it (internal/cluster/kept.go)", name, key)
			}
		}
	}
	// metaOf compares annotations of two templates, of which Withheld says whether what is left out is the same;
	// wantedPod gives a Pod those of its template; the others are what keeps them.
	want := []string{"keepAnnotations", "metaOf", "wantedPod", "withhold"}
	if got := slices.Compact(slices.Sorted(slices.Values(r.whole["Annotations"]))); !slices.Equal(got, want) {
		t.Errorf("annotations are read as a whole by %s, want %s", got, want)
	}
}

// readsOf finds what the readers read.
func readsOf(t *testing.T) reads {
	t.Helper()
	all, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax |
		packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports}, readers...)
	if err != nil {
		t.Fatal(err)
	}
	r := reads{map[string]string{}, map[string]map[string]string{"Annotations": {}, "VolumeAttributes": {}},
		map[string][]string{}}
	for _, p := range all {
		for _, e := range p.Errors {
			t.Fatal(e)
		}
		cleans := strings.HasSuffix(p.PkgPath, "internal/cluster")
		for _, f := range p.Syntax {
			file := p.Fset.Position(f.Pos()).Filename
			if own := cleans && (strings.HasSuffix(file, "clean.go") || strings.HasSuffix(file, "trim.go")); own {
				continue
			}
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok {
					r.function(p, fn, cleans && strings.HasSuffix(file, "kept.go"))
				}
			}
		}
	}
	return r
}

// function notes what one function reads.
func (r *reads) function(p *packages.Package, fn *ast.FuncDecl, keeps bool) {
	byKey := map[ast.Expr]bool{}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IndexExpr:
			if name := mapName(n.X); partly[name] != nil {
				if v := p.TypesInfo.Types[n.Index].Value; v != nil && v.Kind() == constant.String {
					byKey[selector(n.X)] = true
					r.keys[name][constant.StringVal(v)] = p.Fset.Position(n.Pos()).String()
				}
			}
		case *ast.SelectorExpr:
			place := p.Fset.Position(n.Pos()).String()
			if s := p.TypesInfo.Selections[n]; s != nil && s.Kind() == types.FieldVal && !keeps {
				r.fields[owner(s)+"."+n.Sel.Name] = place
			}
			if name := mapName(n); partly[name] != nil && !byKey[n] {
				r.whole[name] = append(r.whole[name], fn.Name.Name)
			}
		}
		return true
	})
}

// mapName is the name of the map that an expression is: o.Annotations, o.GetAnnotations().
func mapName(e ast.Expr) string {
	if s := selector(e); s != nil {
		return strings.TrimPrefix(s.(*ast.SelectorExpr).Sel.Name, "Get")
	}
	return ""
}

func selector(e ast.Expr) ast.Expr {
	if call, ok := e.(*ast.CallExpr); ok {
		e = call.Fun
	}
	if s, ok := e.(*ast.SelectorExpr); ok {
		return s
	}
	return nil
}

// owner is the type that has the field that is selected, which may be embedded in the one that is named.
func owner(s *types.Selection) string {
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		t = deref(t).Underlying().(*types.Struct).Field(i).Type()
	}
	if named, ok := deref(t).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// takenOut are the fields, as Type.Field, that an object of no kind has any more in a Snapshot.
func takenOut() []string {
	lost := map[string]bool{}
	for _, k := range cluster.Kinds {
		o := k.New()
		fill(reflect.ValueOf(o).Elem(), "x", 0)
		full := k.New()
		fill(reflect.ValueOf(full).Elem(), "x", 0)
		cluster.Clean(o)
		compare(reflect.ValueOf(full).Elem(), reflect.ValueOf(o).Elem(), lost)
	}
	var out []string
	for field := range lost {
		out = append(out, field)
	}
	slices.Sort(out)
	return out
}

// TestNoFieldKeepsACredential puts a credential into every field of every kind that holds a text, whatever it is for.
func TestNoFieldKeepsACredential(t *testing.T) {
	for _, text := range []string{"token=hunter2x y", "https://u:hunter2x@host/path", "Authorization: Bearer hunter2x"} {
		for _, k := range cluster.Kinds {
			o := k.New()
			fill(reflect.ValueOf(o).Elem(), text, 0)
			b := cluster.NewBuilder(time.Time{})
			b.Add(k.Name, o)
			raw, err := json.Marshal(b.Snapshot().OfKind(k.Name))
			if err != nil {
				t.Fatal(err)
			}
			if i := strings.Index(string(raw), "hunter2x"); i >= 0 {
				t.Errorf("%s keeps %q: …%s", k.Name, text, raw[max(0, i-80):i+8])
			}
			if !strings.Contains(string(raw), "REDACTED") {
				t.Errorf("%s had no %q", k.Name, text)
			}
		}
	}
}

// fill gives every field a value, and those of texts this one.
func fill(v reflect.Value, text string, depth int) {
	if depth > 16 || !v.CanSet() || v.Type() == reflect.TypeFor[metav1.Time]() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text, depth+1)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte("{}"))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text, depth+1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, "x", depth+1)
		fill(value, text, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text, depth+1)
		}
	}
}

// compare notes the fields of one value that are empty in the other.
func compare(full, left reflect.Value, lost map[string]bool) {
	switch full.Kind() {
	case reflect.Pointer:
		if !full.IsNil() && !left.IsNil() {
			compare(full.Elem(), left.Elem(), lost)
		}
	case reflect.Slice:
		for i := range min(full.Len(), left.Len()) {
			compare(full.Index(i), left.Index(i), lost)
		}
	case reflect.Struct:
		for i := range full.NumField() {
			f := full.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			if !full.Field(i).IsZero() && left.Field(i).IsZero() {
				lost[full.Type().Name()+"."+f.Name] = true
				continue
			}
			compare(full.Field(i), left.Field(i), lost)
		}
	}
}
