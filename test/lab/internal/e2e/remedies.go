package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// WriteRemedies writes what came of doing what the screen says between the marks of a Markdown file: a line for each
// fault. Of faults that were not run it keeps the line that is there.
func WriteRemedies(file string, all []Fault, results []Result, kubernetes string) error {
	return writeTables(file, func(old string) string { return remedies(all, results, old, kubernetes) })
}

// WriteFixes writes what kubectl stuck fix did, as WriteRemedies does.
func WriteFixes(file string, all []Fault, results []Result, kubernetes string) error {
	return writeTables(file, func(old string) string {
		return tables(fixParts, all, results, old, func(f Fault, r Result) (part, row string) {
			if r.Fixed == nil {
				return "", ""
			}
			return fixRow(f, r.Fixed, kubernetes)
		})
	})
}

// writeTables writes anew what stands between the marks of a file.
func writeTables(file string, anew func(old string) string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	m := tableMarks.FindSubmatch(old)
	if m == nil {
		return fmt.Errorf("%s has no <!-- table --> marks", file)
	}
	text := anew(string(m[2]))
	return os.WriteFile(file, tableMarks.ReplaceAllFunc(old, func([]byte) []byte {
		return []byte("<!-- table -->\n" + text + "<!-- /table -->")
	}), 0o644)
}

// The parts of the pages, each with a table.
const (
	curedPart   = "## Cured by what the screen says"
	nonePart    = "## What no command can cure"
	uncuredPart = "## Not cured yet"
	fixedPart   = "## Fixed"
	refusedPart = "## Not fixed"
)

// A part is one table of a page: its title, and its heads.
type part struct{ title, head string }

var (
	remedyParts = []part{
		{curedPart, "| Fault | What is wrong | Step | What was run, as printed | Cured after | Kubernetes |\n" +
			"|---|---|---|---|---|---|\n"},
		{nonePart, "| Fault | What is wrong | Why |\n|---|---|---|\n"},
		{uncuredPart, "| Fault | What is wrong | What was tried |\n|---|---|---|\n"},
	}
	fixParts = []part{
		{fixedPart, "| Fault | What is wrong | Values that it asked for | Runs after | Taken back | Kubernetes |\n" +
			"|---|---|---|---|---|---|\n"},
		{refusedPart, "| Fault | What is wrong | What it says |\n|---|---|---|\n"},
	}
)

// remedies are the tables of the page: what was cured, what no command can cure, and what was not.
func remedies(all []Fault, results []Result, old, kubernetes string) string {
	return tables(remedyParts, all, results, old, func(f Fault, r Result) (part, row string) {
		if r.Cure == nil {
			return "", ""
		}
		return rowOf(f, r, kubernetes)
	})
}

// tables are the tables of a page, with a row for each fault: that of its result, or the old one where it has none.
func tables(parts []part, all []Fault, results []Result, old string,
	rowOf func(Fault, Result) (part, row string)) string {
	was, rows := rowsOf(old), map[string][]string{}
	for _, f := range all {
		in, row := was[f.Name].part, was[f.Name].row
		if i := slices.IndexFunc(results, func(r Result) bool { return r.Name == f.Name }); i >= 0 {
			if anewIn, anew := rowOf(f, results[i]); anew != "" {
				in, row = anewIn, anew
			}
		}
		if row != "" {
			rows[in] = append(rows[in], row)
		}
	}
	var b strings.Builder
	for _, p := range parts {
		if of := rows[p.title]; len(of) > 0 {
			fmt.Fprintf(&b, "\n%s: %d\n\n%s%s\n", p.title, len(of), p.head, strings.Join(of, "\n"))
		}
	}
	return b.String() + "\n"
}

// rowOf is a fault's line and the part that it stands in.
func rowOf(f Fault, result Result, kubernetes string) (part, row string) {
	c := result.Cure
	begin := fmt.Sprintf("| `%s` | %s | ", f.Name, strings.TrimSuffix(f.About, "."))
	switch {
	case c.Step > 0:
		return curedPart, begin + fmt.Sprintf("%d | %s | %.0f s | %s |", c.Step, code(c.Command), c.Took.Seconds(),
			kubernetes)
	case c.None != "":
		return nonePart, begin + c.None + " |"
	}
	var tried []string
	for _, t := range c.Tried {
		t, _, _ = strings.Cut(t, "\n")
		tried = append(tried, code(t))
	}
	return uncuredPart, begin + strings.Join(tried, " ") + " |"
}

// code is text as code in a cell of a table.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	text = strings.NewReplacer("|", `\|`, "\n", "⏎ ").Replace(text)
	if len(fence) > 1 {
		text = " " + text + " "
	}
	return fence + text + fence
}

// rowsOf are the lines of the page as it is, by fault.
func rowsOf(page string) map[string]struct{ part, row string } {
	rows := map[string]struct{ part, row string }{}
	var part string
	for line := range strings.Lines(page) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "## ") {
			part, _, _ = strings.Cut(line, ":")
		}
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` | "); ok && strings.HasPrefix(line, "| `") {
			rows[name] = struct{ part, row string }{part, line}
		}
	}
	return rows
}

// fixRow is a fault's line about kubectl stuck fix, and the part that it stands in.
func fixRow(f Fault, x *Fixed, kubernetes string) (part, row string) {
	begin := fmt.Sprintf("| `%s` | %s | ", f.Name, strings.TrimSuffix(f.About, "."))
	if !x.Cured {
		why := strings.ReplaceAll(x.Refused, "|", `\|`)
		if x.Done > 0 {
			why = fmt.Sprintf("did %d in vain; %s", x.Done, why)
		}
		return refusedPart, begin + why + " |"
	}
	undone := "to the same specs"
	if x.Undone != "same" {
		undone, _, _ = strings.Cut(strings.TrimSpace(x.Undone), "\n")
		undone = "no: " + strings.ReplaceAll(undone, "|", `\|`)
	}
	return fixedPart, begin + fmt.Sprintf("%s | %.0f s | %s | %s |", x.Asked, x.Took.Seconds(), undone, kubernetes)
}
