package e2e

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// headings name the ways in the table.
var headings = map[string]string{wayKubelet: "the kubelet, through the API server", wayOnce: "`stuck-agent --once`",
	wayDaemonSet: "the DaemonSet"}

var tableMarks = regexp.MustCompile(`(?s)(<!-- table -->\n)(.*)(<!-- /table -->)`)

// WriteTable writes what was proven between the marks of a Markdown file: a line for each of all faults that a node's
// own facts prove, in each way. Of faults that were not run it keeps the line that is there; one that was wrong has
// none.
func WriteTable(file string, all []Fault, results []Result) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	m := tableMarks.FindSubmatch(old)
	if m == nil {
		return fmt.Errorf("%s has no <!-- table --> marks", file)
	}
	text := table(all, results, string(m[2]))
	return os.WriteFile(file, tableMarks.ReplaceAllFunc(old, func([]byte) []byte {
		return []byte("<!-- table -->\n" +
			text + "<!-- /table -->")
	}), 0o644)
}

func table(all []Fault, results []Result, old string) string {
	var b strings.Builder
	b.WriteString("| Fault | What is wrong | Proven cause |")
	for _, way := range Ways {
		fmt.Fprintf(&b, " by %s |", headings[way])
	}
	b.WriteString("\n|---|---|---|" + strings.Repeat("---|", len(Ways)) + "\n")
	counts := make([]int, len(Ways))
	for _, f := range all {
		line := row(f, results, old)
		if line == "" {
			continue
		}
		for i, cell := range strings.Split(line, " | ")[3:] {
			if strings.Contains(cell, "`") {
				counts[i]++
			}
		}
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "\nProven by the kubelet's own answers: %d; by `stuck-agent --once`: %d; by the DaemonSet: %d.\n",
		counts[0], counts[1], counts[2])
	return b.String()
}

// row is a fault's line; empty where nothing was proven. A way that cannot see it has a dash.
func row(f Fault, results []Result, old string) string {
	begin := "| `" + f.Name + "` | "
	if f.Node == nil {
		return ""
	}
	i := slices.IndexFunc(results, func(r Result) bool { return r.Name == f.Name })
	if i < 0 {
		for line := range strings.Lines(old) {
			if strings.HasPrefix(line, begin) {
				return strings.TrimSuffix(line, "\n")
			}
		}
		return ""
	}
	if results[i].Err != nil {
		return ""
	}
	cells := []string{begin + strings.TrimSuffix(f.About, "."), strings.ReplaceAll(f.Node.Cause, "|", " or ")}
	for _, way := range Ways {
		cell := "–"
		if t, ok := results[i].Node[way]; ok {
			cell = "`" + strings.Join(shortest(t.Cited), "` `") + "`"
		}
		cells = append(cells, cell)
	}
	return strings.Join(cells, " | ") + " |"
}

// shortest leaves out what differs from run to run and says nothing: which line of a log or of the kernel's it was.
// Of several of a list one is enough.
func shortest(cited []string) []string {
	var out []string
	for _, c := range cited {
		if c = whichLine.ReplaceAllString(c, "$1[]"); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

var whichLine = regexp.MustCompile(`^(logs|kernel\.\w+|programs\.\w+|unread)\[\d+\]`)
