package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const faultPackage = "github.com/kubestuck/stuck/internal/casetest/mutate/fault"

// skipped are packages below internal/causes that are no cause: they read and write the catalogue.
var skipped = []string{"internal/causes", "internal/causes/gen", "internal/causes/causefile"}

// A source is one Go file with the faults that can be put into it.
type source struct {
	name    string // below the module
	src     []byte
	files   *token.FileSet
	tree    *ast.File
	pkg     *types.Package
	info    *types.Info
	imports map[string]string
	maps    []ast.Node // where literals become arguments of findings
	hard    bool
	all     []*mutation
}

func (s *source) offset(p token.Pos) int { return s.files.Position(p).Offset }

func (s *source) text(n ast.Node) string { return string(s.src[s.offset(n.Pos()):s.offset(n.End())]) }

// write returns the file with its numbered faults in it,
// and for each byte of that the one of the file that it stands at.
func (s *source) write() ([]byte, []int) {
	type edit struct {
		at    int
		order [3]int // what ends comes before what begins; what is outer begins first and ends last
		text  string
	}
	var edits []edit
	for i, m := range s.all {
		if m.number == 0 {
			continue
		}
		fill := func(t string) string { return strings.ReplaceAll(t, "#", strconv.Itoa(m.number)) }
		edits = append(edits, edit{m.from, [3]int{1, -m.to, i}, fill(m.before)})
		edits = append(edits, edit{m.to, [3]int{0, -m.from, -i}, fill(m.after)})
	}
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.at, b.at), slices.Compare(a.order[:], b.order[:]))
	})
	var out bytes.Buffer
	var from []int
	put := func(t []byte, at, step int) {
		out.Write(t)
		for i := range t {
			from = append(from, at+i*step)
		}
	}
	done := 0
	if len(edits) > 0 {
		done = s.offset(s.tree.Name.End())
		put(s.src[:done], 0, 1)
		put([]byte(`; import "`+faultPackage+`"`), done, 0)
	}
	for _, e := range edits {
		put(s.src[done:e.at], done, 1)
		put([]byte(e.text), e.at, 0)
		done = e.at
	}
	put(s.src[done:], done, 1)
	return out.Bytes(), from
}

// A room is a package whose files get faults.
type room struct {
	path     string
	sources  []*source
	importer types.Importer
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// open reads the packages that patterns name.
func open(patterns []string, hard bool) ([]*room, error) {
	exports := map[string]string{}
	deps, err := list(append([]string{"-deps", faultPackage}, patterns...))
	if err != nil {
		return nil, err
	}
	for _, p := range deps {
		exports[p.ImportPath] = p.Export
	}
	named, err := list(patterns)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	imp := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	var out []*room
	for _, p := range named {
		if slices.Contains(skipped, strings.TrimPrefix(p.ImportPath, "github.com/kubestuck/stuck/")) {
			continue
		}
		r := &room{path: p.ImportPath, importer: imp}
		if err := r.read(files, p, hard); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func list(args []string) ([]listed, error) {
	cmd := exec.Command("go", append([]string{"list", "-export", "-json=ImportPath,Dir,Export,GoFiles"}, args...)...)
	cmd.Stderr = os.Stderr
	data, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", strings.Join(args, " "), err)
	}
	var out []listed
	for d := json.NewDecoder(bytes.NewReader(data)); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
}

func (r *room) read(files *token.FileSet, p listed, hard bool) error {
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	var trees []*ast.File
	for _, name := range p.GoFiles {
		full := filepath.Join(p.Dir, name)
		text, err := os.ReadFile(full)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(files, full, text, 0)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(wd, full)
		if err != nil {
			return err
		}
		trees = append(trees, tree)
		s := &source{name: rel, src: text, files: files, tree: tree, imports: importsOf(tree), hard: hard}
		r.sources = append(r.sources, s)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	pkg, err := (&types.Config{Importer: r.importer}).Check(p.ImportPath, files, trees, info)
	if err != nil {
		return err
	}
	for _, s := range r.sources {
		s.pkg, s.info = pkg, info
		ast.Inspect(s.tree, s.noteMap)
		ast.Inspect(s.tree, s.node)
	}
	return nil
}

// noteMap notes where a map of strings is built or filled.
func (s *source) noteMap(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if _, ok := n.Type.(*ast.MapType); ok {
			s.maps = append(s.maps, n)
		}
	case *ast.AssignStmt:
		if _, ok := n.Lhs[0].(*ast.IndexExpr); ok {
			s.maps = append(s.maps, n)
		}
	}
	return true
}

// check takes away the faults of a room that do not compile, and returns how many they are.
func (r *room) check() int {
	gone := 0
	for {
		files := token.NewFileSet()
		var trees []*ast.File
		from := map[string][]int{}
		byName := map[string]*source{}
		for _, s := range r.sources {
			text, at := s.write()
			tree, err := parser.ParseFile(files, s.name, text, 0)
			if err != nil {
				panic(fmt.Sprint("mutate wrote what is no Go: ", err))
			}
			trees = append(trees, tree)
			from[s.name], byName[s.name] = at, s
		}
		dropped := false
		conf := types.Config{Importer: r.importer, Error: func(err error) {
			e, ok := err.(types.Error)
			if !ok || e.Soft {
				return
			}
			at := files.Position(e.Pos)
			if byName[at.Filename].drop(from[at.Filename][at.Offset]) {
				dropped = true
				gone++
			}
		}}
		if _, err := conf.Check(r.path, files, trees, nil); err == nil {
			return gone
		} else if !dropped {
			panic(fmt.Sprint("mutate cannot tell which fault does not compile: ", err))
		}
	}
}

// drop takes the number from the innermost fault around a byte; where none is, from the nearest one: a return that is
// missing is said of the end of the function, and a type that does not fit of the sign before the number.
func (s *source) drop(at int) bool {
	var in *mutation
	away := func(m *mutation) int { return max(m.from-at, at-m.to, 0) }
	for _, m := range s.all {
		if m.number > 0 && (in == nil || away(m) < away(in) ||
			away(m) == away(in) && m.to-m.from < in.to-in.from) {
			in = m
		}
	}
	if in == nil {
		return false
	}
	in.number = 0
	return true
}

// short is the first line of a text, cut.
func short(s string) string {
	s, rest, more := strings.Cut(s, "\n")
	if r := []rune(s); len(r) > 60 {
		s, more = string(r[:60]), true
	}
	if more || rest != "" {
		s += " …"
	}
	return s
}
