// notices writes THIRD_PARTY_NOTICES: the licences and notices of everything that is linked into the programs of a
// release, on any of its platforms. It reads them from the modules themselves, so that it lists what is there.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("notices: give the file to write")
	}
	text, err := notices("../..")
	if err == nil {
		err = os.WriteFile(os.Args[1], text, 0o644)
	}
	if err != nil {
		log.Fatal("notices: ", err)
	}
}

// programs are what is linked, and where for: nodes run Linux, and a plugin runs everywhere.
var programs = map[string][]string{
	"./cmd/kubectl-stuck": {"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64",
		"windows/arm64"},
	"./cmd/kubectl-stuck-mcp": {"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64",
		"windows/arm64"},
	"./cmd/stuck-agent": {"linux/amd64", "linux/arm64"},
}

// A module is one that is linked.
type module struct {
	Path, Version, Dir string
	Main               bool
	Replace            *module
}

// text is a licence or a notice, and whose it is.
type text struct {
	words string
	of    []string
}

// notices makes the file from a checkout of the main module.
func notices(root string) ([]byte, error) {
	modules, packages, err := linked(root)
	if err != nil {
		return nil, err
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	std := module{Path: "Go's standard library", Dir: strings.TrimSpace(string(goroot))}
	licences, extra := map[string]*text{}, []string{}
	for _, m := range append([]module{std}, modules...) {
		name := strings.TrimSpace(m.Path + " " + m.Version)
		files, err := filesOf(m, packages[m.Path])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			words := plain(b)
			if isNotice(f) {
				extra = append(extra, heading(name+", "+filepath.Base(f))+words)
				continue
			}
			if licences[words] == nil {
				licences[words] = &text{words: words}
			}
			licences[words].of = append(licences[words].of, name)
		}
	}
	return join(licences, extra), nil
}

const foreword = `What is linked into kubectl-stuck and stuck-agent, and under which licences. stuck itself is under the
Apache License 2.0, which is in LICENSE. Made by make generate: do not edit.
`

func join(licences map[string]*text, extra []string) []byte {
	var b bytes.Buffer
	b.WriteString(foreword)
	all := slices.SortedFunc(maps.Values(licences), func(x, y *text) int { return strings.Compare(x.of[0], y.of[0]) })
	for _, t := range all {
		b.WriteString(heading(strings.Join(slices.Compact(t.of), "\n")))
		b.WriteString(t.words)
	}
	for _, e := range extra {
		b.WriteString(e)
	}
	return b.Bytes()
}

func heading(name string) string {
	line := strings.Repeat("=", 100)
	return "\n" + line + "\n" + name + "\n" + line + "\n\n"
}

// linked are the modules of all programs on all platforms, but for our own, and the folders of the packages of each.
func linked(root string) ([]module, map[string][]string, error) {
	modules, packages := map[string]module{}, map[string]map[string]bool{}
	for _, program := range slices.Sorted(maps.Keys(programs)) {
		for _, p := range programs[program] {
			goos, arch, _ := strings.Cut(p, "/")
			list := exec.Command("go", "list", "-deps", "-tags=grpcnotrace,nethttpomithttp2", "-json=Dir,Module", program)
			list.Dir = root
			list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+arch, "GOFLAGS=")
			out, err := list.Output()
			if err != nil {
				return nil, nil, fmt.Errorf("go list %s for %s: %w", program, p, err)
			}
			for d := json.NewDecoder(bytes.NewReader(out)); ; {
				var pkg struct {
					Dir    string
					Module *module
				}
				if err := d.Decode(&pkg); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					return nil, nil, err
				}
				if pkg.Module == nil || pkg.Module.Main {
					continue
				}
				m := *pkg.Module
				if m.Replace != nil {
					m.Dir = m.Replace.Dir
				}
				modules[m.Path] = m
				if packages[m.Path] == nil {
					packages[m.Path] = map[string]bool{}
				}
				packages[m.Path][pkg.Dir] = true
			}
		}
	}
	dirs := map[string][]string{}
	for path, all := range packages {
		dirs[path] = slices.Sorted(maps.Keys(all))
	}
	all := slices.SortedFunc(maps.Values(modules), func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return all, dirs, nil
}

// legal are files with a licence, or with what a licence wants to be passed on.
var legal = regexp.MustCompile(`(?i)^(?:un)?licen[cs]e(?:[-.].*)?$|^copying(?:\..*)?$|^notice(?:\..*)?$|^patents$`)

func isNotice(file string) bool {
	name := strings.ToLower(filepath.Base(file))
	return strings.HasPrefix(name, "notice") || name == "patents"
}

// filesOf are the legal files of a module: those at its root, and those beside the packages that are linked or above
// them, since parts of a module may be someone else's.
func filesOf(m module, packages []string) ([]string, error) {
	dirs := map[string]bool{m.Dir: true}
	for _, dir := range packages {
		for ; strings.HasPrefix(dir, m.Dir) && len(dir) > len(m.Dir); dir = filepath.Dir(dir) {
			dirs[dir] = true
		}
	}
	var out []string
	licensed := false
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.IsDir() && legal.MatchString(e.Name()) && !strings.HasSuffix(e.Name(), ".go") {
				file := filepath.Join(dir, e.Name())
				out = append(out, file)
				licensed = licensed || !isNotice(file)
			}
		}
	}
	if !licensed {
		return nil, errors.New("it has no licence that could be passed on")
	}
	return out, nil
}

// plain is a text with one kind of line ends, and no space at theirs.
func plain(b []byte) string {
	lines := strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\f")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
}
