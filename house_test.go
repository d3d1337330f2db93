package stuck_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kubestuck/stuck/"

// layers tells which of our packages a package may import, and what else it must not. Arrows point down only.
var layers = map[string]struct {
	may []string // our own packages, by their path below the module
	not []string // anything else, by the start of its path
	why string
}{
	"internal/cluster":  {[]string{"internal/cluster"}, []string{"os", "context", "k8s.io/client-go", "net/http"}, "a Snapshot is what is known: whoever collects stands left of it"},
	"internal/diagnose": {[]string{"internal/cluster"}, []string{"os", "context", "k8s.io/client-go", "net/http"}, "a diagnosis is a function: the same dump gives the same report, years later"},
	"internal/causes":   {[]string{"internal/cluster", "internal/diagnose", "internal/causes"}, []string{"os", "context", "k8s.io/client-go", "net/http"}, "a cause decides from the snapshot alone"},
	"internal/nodelog":  {[]string{"internal/cluster"}, []string{"os", "context", "k8s.io/client-go", "net/http"}, "it reads lines, from wherever they come"},
	"internal/node":     {[]string{"internal/cluster", "internal/nodelog", "internal/node"}, []string{"k8s.io/client-go"}, "it reads the node that it runs on, and needs no API server for that"},
	"internal/node/pkgdb": {nil, []string{"os", "os/exec", "k8s.io"},
		"it reads a package manager's files from any root, and knows nothing of Kubernetes"},
	"internal/live": {[]string{"internal/cluster", "internal/diagnose", "internal/nodelog"}, nil, "it collects: it neither knows causes nor shows them"},
	"internal/agent": {[]string{"internal/cluster", "internal/diagnose", "internal/causes", "internal/node", "internal/render"},
		[]string{"k8s.io/client-go/informers", "k8s.io/client-go/kubernetes", "k8s.io/client-go/tools/cache"}, "it runs on every node: it knows one kind of object, and has to be small"},
	"internal/render": {[]string{"internal/cluster", "internal/diagnose"}, []string{"os", "k8s.io/client-go", "net/http"}, "a Report stands alone: it can be shown without the catalogue"},
}

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
				case isOurs && !slices.ContainsFunc(l.may, func(p string) bool { return ours == p || strings.HasPrefix(ours, p+"/") }):
					t.Errorf("%s imports %s: %s", path, imp, l.why)
				case slices.ContainsFunc(l.not, func(p string) bool { return imp == p || strings.HasPrefix(imp, p+"/") }):
					t.Errorf("%s imports %s: %s", path, imp, l.why)
				}
			}
		}
	})
}

// TestNoClock looks for the time of day where it must not be asked: Snapshot.At is the time.
func TestNoClock(t *testing.T) {
	walk(t, func(path string) {
		dir := filepath.ToSlash(path)
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(dir, "internal/cluster/") && !strings.HasPrefix(dir, "internal/diagnose/") && !strings.HasPrefix(dir, "internal/causes/") {
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

// TestNames keeps names away that say nothing of what a package is for, and functions that run before main.
func TestNames(t *testing.T) {
	walk(t, func(path string) {
		for _, part := range strings.Split(filepath.ToSlash(path), "/") {
			if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "manager"}, strings.TrimSuffix(part, ".go")) {
				t.Errorf("%s: %s says nothing of what is in it", path, part)
			}
		}
		if strings.Contains(source(t, path), "\nfunc init()") {
			t.Errorf("%s has an init function: what runs before main cannot be left out or tested", path)
		}
	})
}

// TestSizes keeps files and mains short enough to be read.
func TestSizes(t *testing.T) {
	walk(t, func(path string) {
		src := source(t, path)
		lines := strings.Count(src, "\n")
		most := 500
		switch {
		case strings.Contains(src, "DO NOT EDIT"):
			return
		case strings.HasPrefix(filepath.ToSlash(path), "cmd/"):
			most = 60
		case strings.HasSuffix(path, "find.go"):
			most = 120
		}
		if lines > most {
			t.Errorf("%s has %d lines, more than %d", path, lines, most)
		}
	})
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
	for _, root := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
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
