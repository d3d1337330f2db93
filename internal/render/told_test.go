package render

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTell(t *testing.T) {
	for in, want := range map[string]string{
		"secrets in namespace shop: whether the Secrets exist is not known":            "命名空间 shop 的 secrets：无法得知这些 Secret 是否存在",
		"nodes: whether the node itself is sick is not known":                          "nodes：无法得知节点本身是否有故障",
		"events in all namespaces: what changed since 10:00:00 UTC is not known":       "所有命名空间的 events：无法得知10:00:00 UTC 之后的变化",
		"secrets in namespace shop: which keys text has is not known":                  "命名空间 shop 的 secrets：无法得知text 里有哪些键", // a name stays as it is
		"facts of node n1: memory, limits are not known":                               "节点 n1：无法得知 memory, limits",
		"the right to list secrets in namespace shop":                                  "对命名空间 shop 的 secrets 的 list 权限",
		"this is not JSON: invalid character 'x'":                                      "这不是 JSON：invalid character 'x'",
		"Pod shop/a: spec.containers is text, and Kubernetes has something else there": "Pod shop/a：spec.containers 是文本，而 Kubernetes 在那里用的是别的类型",
		"a list is no Kubernetes object":                                               "列表不是 Kubernetes 对象",
		"open pods.yaml: permission denied":                                            "open pods.yaml: permission denied",
		"pods.yaml:3: the file ends in the middle of this List; a.yaml: it is empty":   "pods.yaml:3：文件在这个 List 中间就结束了；a.yaml：它是空的",
		"a {b}": "a {b}",
		"":      "",
	} {
		if got := chinese.tell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if got := english.tell(in); got != in {
			t.Errorf("%q: %q in English", in, got)
		}
	}
}

// TestPhrases has both languages give the same values, and no phrase that nobody writes.
func TestPhrases(t *testing.T) {
	written := strings.Join(gapTexts(t), "\x00")
	for _, p := range slices.Concat(told, failures) {
		if diff := cmp.Diff(slots(p.english), slots(p.chinese)); diff != "" {
			t.Errorf("%s: %s", p.english, diff)
		}
		for part := range strings.SplitSeq(slotted.ReplaceAllString(p.english, "\x00"), "\x00") {
			if !strings.Contains(written, strings.Trim(part, " :")) {
				t.Errorf("nobody writes %q of %q", part, p.english)
			}
		}
	}
}

// TestGapsAreTold has every text that is written into a gap or a failure told in Chinese too: those in a Gap{...}, those that are
// handed to a function gap or failed, and what is called todo.
func TestGapsAreTold(t *testing.T) {
	var all strings.Builder
	for _, p := range slices.Concat(told, failures) {
		all.WriteString(slotted.ReplaceAllString(p.english, "\x00") + "\x00")
	}
	n := 0
	eachFile(t, func(f *ast.File) {
		ast.Inspect(f, func(node ast.Node) bool {
			switch e := node.(type) {
			case *ast.CompositeLit:
				if name := nameOf(e.Type); name != "Gap" {
					return true
				}
			case *ast.CallExpr:
				if name := nameOf(e.Fun); name != "gap" && name != "failed" {
					return true
				}
			case *ast.ValueSpec:
				if e.Names[0].Name != "todo" {
					return true
				}
			case *ast.AssignStmt:
				if nameOf(e.Lhs[0]) != "todo" {
					return true
				}
			default:
				return true
			}
			for _, text := range texts(node) {
				for _, part := range verb.Split(text, -1) {
					if part = strings.Trim(part, " :"); strings.Contains(part, " ") && !strings.Contains(all.String(), part) {
						t.Errorf("no phrase has %q", part)
					}
					n++
				}
			}
			return true
		})
	})
	if n < 30 {
		t.Errorf("only %d texts were found", n)
	}
}

var verb = regexp.MustCompile(`%[sdvq]`)

// gapTexts are all texts in the code of the packages that find gaps.
func gapTexts(t *testing.T) []string {
	var out []string
	eachFile(t, func(f *ast.File) { out = append(out, texts(f)...) })
	return out
}

func texts(n ast.Node) []string {
	var out []string
	ast.Inspect(n, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func eachFile(t *testing.T, do func(*ast.File)) {
	t.Helper()
	for _, dir := range []string{"cluster", "live", "diagnose", "node", "cli"} {
		files, err := filepath.Glob("../" + dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") }) {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			do(f)
		}
	}
}

// TestTellEnds has text that is all separators, as a message can be, told in no time to speak of.
func TestTellEnds(t *testing.T) {
	for _, text := range []string{strings.Repeat("a: ", 5000), strings.Repeat("a; b: ", 5000), strings.Repeat("this is not JSON: ", 2000)} {
		if got := chinese.tell(text); got == "" {
			t.Error("nothing is told")
		}
	}
}
