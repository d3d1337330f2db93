package stuck_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// design is the page that says how this house is built.
const design = "docs/design.md"

// section is what stands between <!-- name --> and <!-- /name --> of a page.
func section(t *testing.T, file, name string) string {
	t.Helper()
	_, rest, begins := strings.Cut(source(t, file), "<!-- "+name+" -->\n")
	text, _, ends := strings.Cut(rest, "<!-- /"+name+" -->\n")
	if !begins || !ends {
		t.Fatalf("%s has no section <!-- %s --> … <!-- /%s -->", file, name, name)
	}
	return text
}

// A law as the design states it.
type law struct {
	name string // in small letters
	held bool   // over every case and recording: marked with a dot
}

var lawHead = regexp.MustCompile(`(?m)^([0-9]+)\. \*\*(.+?)[.。]?\*\*( ●)?`)

func laws(t *testing.T, file string) map[string]law {
	t.Helper()
	out := map[string]law{}
	for _, m := range lawHead.FindAllStringSubmatch(section(t, file, "laws"), -1) {
		out[m[1]] = law{strings.ToLower(m[2]), m[3] != ""}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no laws", file)
	}
	return out
}

var (
	lawCited   = regexp.MustCompile(`(?i)\blaws? ([0-9]+)(?: \(([^)]+)\))?`)
	commentEnd = regexp.MustCompile(`\n\s*// ?`)
)

// TestLawsAreThoseOfTheDesign holds every "law N (its name)" in the code against the design, so that a number cannot
// come to mean something else, and sees that the laws that are said to be held over all cases are cited by a test.
func TestLawsAreThoseOfTheDesign(t *testing.T) {
	known, chinese := laws(t, design), laws(t, strings.TrimSuffix(design, "md")+"zh.md")
	for number, l := range known {
		if other, ok := chinese[number]; !ok || other.held != l.held || len(chinese) != len(known) {
			t.Errorf("law %s (%s) is not the same in the Chinese design", number, l.name)
		}
	}
	held := map[string]bool{}
	walk(t, func(path string) {
		tests := strings.HasSuffix(path, "_test.go") || strings.HasPrefix(filepath.ToSlash(path), "internal/casetest/")
		for _, m := range lawCited.FindAllStringSubmatch(commentEnd.ReplaceAllString(source(t, path), " "), -1) {
			l, ok := known[m[1]]
			switch {
			case !ok:
				t.Errorf("%s cites law %s, which %s does not have", path, m[1], design)
			case m[2] == "" || !strings.HasPrefix(l.name, strings.ToLower(m[2])):
				t.Errorf("%s cites %q: write law %s (%s), or the beginning of that name", path, m[0], m[1], l.name)
			}
			held[m[1]] = held[m[1]] || tests
		}
	})
	for number, l := range known {
		if l.held && !held[number] {
			t.Errorf("%s says that law %s (%s) is held over every case, and no test cites it", design, number, l.name)
		}
	}
}

var roomCell = regexp.MustCompile("`((?:cmd|internal|test|release)[a-z/-]*)`")

// TestRoomsAreThoseOfTheDesign sees that the design lists the folders that are there, and no others.
func TestRoomsAreThoseOfTheDesign(t *testing.T) {
	var listed []string
	for _, line := range strings.Split(section(t, design, "rooms"), "\n") {
		first, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), "|")
		for _, m := range roomCell.FindAllStringSubmatch(first, -1) {
			listed = append(listed, m[1])
			if info, err := os.Stat(m[1]); err != nil || !info.IsDir() {
				t.Errorf("%s lists the room %s, which is not there", design, m[1])
			}
		}
	}
	dirs, err := filepath.Glob("internal/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		if dir = filepath.ToSlash(dir); !slices.Contains(listed, dir) {
			t.Errorf("%s does not list the room %s: add a line to its table", design, dir)
		}
	}
}

var nounRow = regexp.MustCompile("(?m)^\\| \\*\\*[A-Z][a-z]+\\*\\* \\|.*\\| `([a-z]+)\\.([A-Z][A-Za-z]+)` \\|$")

// TestNounsAreTypes sees that each noun of the design is a Go type.
func TestNounsAreTypes(t *testing.T) {
	rows := nounRow.FindAllStringSubmatch(source(t, design), -1)
	if len(rows) < 6 {
		t.Fatalf("%s names %d nouns with their Go types", design, len(rows))
	}
	for _, m := range rows {
		files, err := filepath.Glob("internal/" + m[1] + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(files, func(f string) bool { return strings.Contains(source(t, f), "\ntype "+m[2]+" ") }) {
			t.Errorf("%s says that %s.%s is a type: it is not in internal/%s", design, m[1], m[2], m[1])
		}
	}
}
