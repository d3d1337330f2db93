package stuck_test

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const module = "github.com/kubestuck/stuck/"

// layers holds which of our packages a package may import, and what else it must not. Arrows point down only.
var layers = map[string]struct {
	may []string // our own packages, by their path below the module
	not []string // anything else, by the start of its path
	why string
}{
	"internal/redact": {
		not: slices.Concat(pure, []string{"k8s.io"}),
		why: "everything that enters a Snapshot goes through it, so it imports nothing of ours",
	},
	"internal/cluster": {
		may: []string{"internal/cluster", "internal/message", "internal/redact"},
		not: pure,
		why: "a Snapshot is what is known: whoever collects stands left of it",
	},
	"internal/pasted": {
		not: pure,
		why: "it reads what kubectl prints for people, from wherever it comes",
	},
	"internal/dump": {
		may: []string{"internal/applog", "internal/cluster", "internal/match", "internal/message", "internal/pasted",
			"internal/nodelog"},
		not: pure,
		why: "it turns text into a Snapshot and back: where the text is, and what time it is, its caller says",
	},
	"internal/anonymize": {
		may: []string{"internal/cluster", "internal/match"},
		not: pure,
		why: "it makes one Snapshot of another: where from and where to is not its business",
	},
	"internal/message": {
		not: slices.Concat(pure, []string{"k8s.io"}),
		why: "whoever has something to tell imports it, so it imports nothing of ours",
	},
	"internal/argument": {
		may: []string{"internal/match"},
		not: slices.Concat(pure, []string{"k8s.io"}),
		why: "it compares values with types, wherever they come from",
	},
	"internal/match": {
		not: slices.Concat(pure, []string{"k8s.io"}),
		why: "it compares text with patterns, whoever said it",
	},
	"internal/pod": {
		may: []string{"internal/cluster", "internal/match"},
		not: pure,
		why: "it reads one Pod: what other objects say of it is joined in diagnose",
	},
	"internal/applog": {
		may: []string{"internal/match"},
		not: slices.Concat(pure, []string{"k8s.io"}),
		why: "it reads lines that any program may write: what they mean for a Pod is decided above",
	},
	"internal/revision": {
		may: []string{"internal/cluster"},
		not: pure,
		why: "it compares templates: what a difference means is for diagnose to say",
	},
	"internal/workload": {
		may: []string{"internal/cluster"},
		not: pure,
		why: "it reads one object that makes Pods: what other objects say of it is joined in diagnose",
	},
	"internal/placement": {
		may: []string{"internal/match"},
		not: pure,
		why: "it compares Pods with nodes as the scheduler does, whoever has read them",
	},
	"internal/remedy": {
		may: []string{"internal/argument", "internal/cluster", "internal/match", "internal/message", "internal/redact"},
		not: pure,
		why: "it makes commands: who runs them, and against what, is decided above",
	},
	"internal/plan": {
		may: []string{"internal/cluster", "internal/message", "internal/redact", "internal/remedy", "internal/rollout"},
		not: pure,
		why: "a plan is what was agreed to: whoever makes it of a cluster, and carries it out, stands above it",
	},
	"internal/cure": {
		may: []string{"internal/cluster", "internal/live", "internal/message", "internal/plan", "internal/remedy",
			"internal/revision"},
		not: []string{"os"},
		why: "it does what a plan says: what is to be done, and whether somebody agrees, is decided above",
	},
	"internal/diagnose": {
		may: []string{
			"internal/remedy",
			"internal/applog", "internal/argument", "internal/cluster", "internal/match", "internal/placement",
			"internal/pod", "internal/workload", "internal/message", "internal/revision"},
		not: pure,
		why: "a diagnosis is a function: the same dump gives the same report, years later",
	},
	"internal/causes": {
		may: []string{
			"internal/applog", "internal/argument", "internal/cluster", "internal/match", "internal/placement",
			"internal/pod", "internal/workload", "internal/diagnose", "internal/causes", "internal/message",
			"internal/remedy", "internal/revision"},
		not: pure,
		why: "a cause decides from the snapshot alone",
	},
	"internal/nodelog": {
		may: []string{"internal/cluster", "internal/match", "internal/redact"},
		not: pure,
		why: "it reads lines, from wherever they come",
	},
	"internal/node": {
		may: []string{"internal/cluster", "internal/match", "internal/message", "internal/nodelog", "internal/node"},
		not: []string{"k8s.io/client-go"},
		why: "it reads the node that it runs on, and needs no API server for that",
	},
	"internal/node/pkgdb": {
		not: []string{"os", "os/exec", "k8s.io"},
		why: "it reads a package manager's files from any root, and knows nothing of Kubernetes",
	},
	"internal/rollout": {
		may: []string{"internal/cluster", "internal/pod"},
		not: pure,
		why: "it answers from a Snapshot: whoever asks again and again stands above it",
	},
	"internal/live": {
		may: []string{
			"internal/cluster", "internal/match", "internal/message", "internal/pod", "internal/redact",
			"internal/revision", "internal/workload", "internal/nodelog"},
		why: "it collects: it neither diagnoses nor shows",
	},
	"internal/agent": {
		may: []string{
			"internal/cluster", "internal/message", "internal/pod", "internal/diagnose", "internal/causes",
			"internal/match", "internal/node", "internal/nodelog", "internal/render"},
		not: []string{"k8s.io/client-go/informers", "k8s.io/client-go/kubernetes", "k8s.io/client-go/tools/cache"},
		why: "it runs on every node: it knows one kind of object, and has to be small",
	},
	"internal/casefile": {
		may: []string{
			"internal/cluster", "internal/dump", "internal/diagnose", "internal/match", "internal/message",
			"internal/render", "internal/revision"},
		not: []string{"os", "testing", "k8s.io/client-go", "net/http"},
		why: "a case is text: it is run for a site's own causes, too, where nothing is a test of ours",
	},
	"internal/page": {
		may: []string{"internal/cluster", "internal/diagnose", "internal/message", "internal/pod", "internal/render"},
		not: pure,
		why: "a page is made of a Report alone, so that a saved one makes the same",
	},
	"internal/web": {
		not: []string{"os", "k8s.io"},
		why: "it decides who is answered: what stands on the page is made above, so it imports nothing of ours",
	},
	"internal/mcp": {
		may: []string{"internal/diagnose", "internal/render"},
		not: []string{"os", "k8s.io", "net"},
		why: "it turns questions and answers into a protocol: who finds the answers stands beside it",
	},
	"internal/render": {
		may: []string{
			"internal/argument", "internal/cluster", "internal/match", "internal/pod", "internal/diagnose",
			"internal/message", "internal/remedy", "internal/revision"},
		not: []string{"os", "k8s.io/client-go", "net/http"},
		why: "a Report stands alone: it can be shown without the catalogue",
	},
}

// pure is what no package imports whose outcome follows from its arguments alone.
var pure = []string{"os", "context", "k8s.io/client-go", "net/http"}

// TestArrowsPointDown holds the imports of every package against the layers.
func TestArrowsPointDown(t *testing.T) {
	walk(t, func(path string) {
		dir := filepath.ToSlash(filepath.Dir(path))
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(dir, "/gen") {
			return
		}
		for prefix, l := range layers {
			if dir != prefix && !strings.HasPrefix(dir, prefix+"/") {
				continue
			}
			for _, imp := range imports(t, path) {
				ours, isOurs := strings.CutPrefix(imp, module)
				switch {
				case isOurs && !slices.ContainsFunc(l.may, func(p string) bool {
					return ours == p || strings.HasPrefix(ours, p+"/")
				}):
					t.Errorf("%s imports %s: %s", path, imp, l.why)
				case slices.ContainsFunc(l.not, func(p string) bool { return imp == p || strings.HasPrefix(imp, p+"/") }):
					t.Errorf("%s imports %s: %s", path, imp, l.why)
				}
			}
		}
	})
}

// TestDepth keeps the longest chain of imports among our packages short: who reads one reads all below it.
func TestDepth(t *testing.T) {
	below := map[string][]string{}
	walk(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		for _, imp := range imports(t, path) {
			if ours, ok := strings.CutPrefix(imp, module); ok {
				below[dir] = append(below[dir], ours)
			}
		}
	})
	const most = 7
	for dir := range below {
		if chain := longestChain(dir, below); len(chain)-1 > most {
			t.Errorf("%s: %d imports deep, more than %d", strings.Join(chain, " > "), len(chain)-1, most)
		}
	}
}

func longestChain(dir string, below map[string][]string) []string {
	var longest []string
	for _, imp := range below[dir] {
		if c := longestChain(imp, below); len(c) > len(longest) {
			longest = c
		}
	}
	return append([]string{dir}, longest...)
}

// TestExportedNamesAreDocumented holds that whoever uses a package finds a word on everything in it.
func TestExportedNamesAreDocumented(t *testing.T) {
	walk(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") || strings.Contains(source(t, path), "DO NOT EDIT") {
			return
		}
		for _, name := range undocumented(parse(t, path)) {
			t.Errorf("%s: %s has no comment", path, name)
		}
	})
}

// undocumented returns the exported names at the top of a file that have no comment, neither of their own nor of the
// group that they are in. Methods that the standard library gives their meaning need none.
func undocumented(f *ast.File) []string {
	known := []string{"String", "Error", "Unwrap", "Len", "Less", "Swap", "Read", "Write", "Close"}
	var names []string
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			of := ""
			if d.Recv != nil {
				of = strings.TrimPrefix(types.ExprString(d.Recv.List[0].Type), "*")
			}
			if d.Name.IsExported() && d.Doc == nil && (of == "" || ast.IsExported(of) && !slices.Contains(known, d.Name.Name)) {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
						names = append(names, s.Name.Name)
					}
				case *ast.ValueSpec:
					for _, n := range s.Names {
						if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
							names = append(names, n.Name)
						}
					}
				}
			}
		}
	}
	return names
}

// clockless are the rooms that know no time but that of the snapshot.
var clockless = []string{"cluster", "dump", "anonymize", "argument", "match", "pod", "diagnose", "causes"}

// TestNoClock looks for the time of day where it must not be asked: Snapshot.At is the time.
func TestNoClock(t *testing.T) {
	walk(t, func(path string) {
		dir := filepath.ToSlash(path)
		if strings.HasSuffix(path, "_test.go") || !slices.ContainsFunc(clockless,
			func(room string) bool { return strings.HasPrefix(dir, "internal/"+room+"/") }) {
			return
		}
		src := source(t, path)
		for _, call := range []string{"time.Now(", "time.Since(", "time.Until("} {
			if strings.Contains(src, call) {
				t.Errorf("%s calls %s): a saved dump would be diagnosed otherwise tomorrow", path, call)
			}
		}
	})
}

// makers are the calls with which a path becomes a request, and the only files that have them.
var makers = map[string][]string{
	// the agent writes one object, its own node's; cure takes its paths from place.go
	"AbsPath": {"internal/live/place.go", "internal/agent/write.go", "internal/cure/client.go"},
	"Suffix":  nil, "RequestURI": nil, "SubResource": nil, "NamespaceIfScoped": nil, "VersionedParams": nil,
	"JoinPath": nil, "NewRequest": nil,
	"NewRequestWithContext": {"internal/live/proxy.go"}, // of a URL that place.go made
}

// TestOnePlaceMakesPaths holds that no other place makes the path of a request: what a Pod or an Event names would lead
// anywhere.
func TestOnePlaceMakesPaths(t *testing.T) {
	n := 0
	walk(t, func(path string) {
		slash := filepath.ToSlash(path)
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(slash, "internal/") ||
			strings.HasPrefix(slash, "internal/livetest/") {
			return
		}
		ast.Inspect(parse(t, path), func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.SelectorExpr:
				if in, made := makers[node.Sel.Name]; made {
					if n++; !slices.Contains(in, slash) {
						t.Errorf("%s calls %s: internal/live/place.go makes the paths of all requests", path, node.Sel.Name)
					}
				}
			case *ast.CompositeLit: // &url.URL{Path: …}
				if types.ExprString(node.Type) == "url.URL" && slices.ContainsFunc(node.Elts, func(e ast.Expr) bool {
					kv, ok := e.(*ast.KeyValueExpr)
					return ok && types.ExprString(kv.Key) == "Path"
				}) {
					t.Errorf("%s makes a URL of a path", path)
				}
			}
			return true
		})
	})
	if n < 3 {
		t.Errorf("only %d calls were found", n)
	}
}

// TestExpressionsCompile compiles the expressions that a program only compiles when it needs them.
func TestExpressionsCompile(t *testing.T) {
	n := 0
	walk(t, func(path string) {
		ast.Inspect(parse(t, path), func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || !slices.Contains([]string{"match.Lazy", "match.MustExpr"}, types.ExprString(call.Fun)) {
				return true
			}
			n++
			v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, types.ExprString(call.Args[0]))
			if err != nil || v.Value == nil {
				t.Errorf("%s: %s is no constant, so nothing compiles it before a user does", path, types.ExprString(call))
				return true
			}
			if _, err := regexp.Compile(constant.StringVal(v.Value)); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			return true
		})
	})
	if n < 50 {
		t.Errorf("only %d expressions were found", n)
	}
}

// TestNothingCompilesAtStart holds that a program compiles an expression when it needs it: whoever asks for one answer
// would else wait for all.
func TestNothingCompilesAtStart(t *testing.T) {
	walk(t, func(path string) {
		if dir := filepath.ToSlash(path); strings.HasSuffix(path, "_test.go") || strings.Contains(dir, "/gen/") ||
			strings.HasPrefix(dir, "internal/demo/") {
			return
		}
		for _, d := range parse(t, path).Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				v, ok := s.(*ast.ValueSpec)
				if ok && slices.ContainsFunc(v.Values, func(e ast.Expr) bool {
					call, ok := e.(*ast.CallExpr)
					return ok && types.ExprString(call.Fun) == "regexp.MustCompile"
				}) {
					t.Errorf("%s: %s is compiled at start; match.Lazy is not", path, v.Names[0].Name)
				}
			}
		}
	})
}

// TestNames keeps names away that say nothing of what a package is for, and functions that run before main.
func TestNames(t *testing.T) {
	walk(t, func(path string) {
		for _, part := range strings.Split(filepath.ToSlash(path), "/") {
			if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "manager"},
				strings.TrimSuffix(part, ".go")) {
				t.Errorf("%s: %s says nothing of what is in it", path, part)
			}
		}
		if strings.Contains(source(t, path), "\nfunc init()") {
			t.Errorf("%s has an init function: what runs before main cannot be left out or tested", path)
		}
	})
}

// TestForTestsOnly keeps out of the programs what only tests need.
func TestForTestsOnly(t *testing.T) {
	walk(t, func(path string) {
		for _, imp := range imports(t, path) {
			if !strings.HasSuffix(path, "_test.go") && strings.HasPrefix(imp, "github.com/santhosh-tekuri/jsonschema") {
				t.Errorf("%s imports %s: reports are held against their schema in tests, not in the program", path, imp)
			}
		}
	})
}

// TestSizes keeps files and functions short enough to be read without turning pages, and lines short enough to be read
// side by side with what they were before.
func TestSizes(t *testing.T) {
	goFiles(t, []string{".", "cmd", "internal", "release", "test"}, func(path string) {
		src := source(t, path)
		if strings.Contains(src, "DO NOT EDIT") || strings.HasPrefix(filepath.Base(path), "zz_generated") {
			return
		}
		most := 499
		switch {
		case strings.HasPrefix(filepath.ToSlash(path), "cmd/"):
			most = 60
		case strings.HasSuffix(path, "find.go"):
			most = 120
		}
		if n := strings.Count(src, "\n"); n > most {
			t.Errorf("%s has %d lines, more than %d", path, n, most)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		recorded := recordedLines(fset, f)
		for i, line := range strings.Split(src, "\n") {
			directive := strings.HasPrefix(line, "//go:") // may not be broken
			if n := utf8.RuneCountInString(line); n > 120 && !directive && !recorded[i+1] {
				t.Errorf("%s:%d has %d columns, more than 120", path, i+1, n)
			}
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				if n := lines(fset, d) - tableLines(fset, d, path); n > 80 {
					t.Errorf("%s: %s has %d lines, more than 80", path, d.Name.Name, n)
				}
			}
		}
	})
}

// recordedLines are those of texts over several lines: a line of a log is one line, however long it is.
func recordedLines(fset *token.FileSet, f *ast.File) map[int]bool {
	out := map[int]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && lines(fset, l) > 1 {
			for i := range lines(fset, l) {
				out[fset.Position(l.Pos()).Line+i] = true
			}
		}
		return true
	})
	return out
}

// tableLines counts the lines of a test's tables, which are read one entry at a time.
func tableLines(fset *token.FileSet, d *ast.FuncDecl, path string) (n int) {
	ast.Inspect(d, func(node ast.Node) bool {
		l, ok := node.(*ast.CompositeLit)
		if ok && strings.HasSuffix(path, "_test.go") {
			n += lines(fset, l) - 1
		}
		return !ok
	})
	return n
}

func lines(fset *token.FileSet, n ast.Node) int {
	return fset.Position(n.End()).Line - fset.Position(n.Pos()).Line + 1
}

// TestNothingOfThisMachine keeps out of the tree what only one machine knows.
func TestNothingOfThisMachine(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("git", "ls-files").Output()
	if err != nil {
		t.Skip("not a git checkout")
	}
	for _, file := range strings.Fields(string(out)) {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for _, p := range []string{wd, home + "/go/", home + "/.cache"} {
			if len(p) > 6 && strings.Contains(string(data), p) {
				t.Errorf("%s names %s", file, p)
			}
		}
	}
}

func walk(t *testing.T, do func(path string)) {
	t.Helper()
	goFiles(t, []string{"cmd", "internal"}, do)
}

// goFiles calls do for the Go files below the roots; of the root "." only with those that lie directly in it.
func goFiles(t *testing.T, roots []string, do func(path string)) {
	t.Helper()
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if root == "." && path != "." && d != nil && d.IsDir() {
				return fs.SkipDir
			}
			if err == nil && strings.HasSuffix(path, ".go") {
				do(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func imports(t *testing.T, path string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range f.Imports {
		out = append(out, strings.Trim(i.Path.Value, `"`))
	}
	return out
}

func source(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
