package e2e

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// headings name the ways in the table.
var headings = map[string]string{wayKubelet: "the kubelet, through the API server", wayOnce: "`stuck-agent --once`", wayDaemonSet: "the DaemonSet"}

var tableMarks = regexp.MustCompile(`(?s)(<!-- table -->\n).*(<!-- /table -->)`)

// WriteTable writes the table of what was proven between the marks of a Markdown file.
func WriteTable(file string, faults []Fault, results []Result) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !tableMarks.Match(old) {
		return fmt.Errorf("%s has no <!-- table --> marks", file)
	}
	text := table(faults, results)
	return os.WriteFile(file, tableMarks.ReplaceAllFunc(old, func([]byte) []byte { return []byte("<!-- table -->\n" + text + "<!-- /table -->") }), 0o644)
}

// table has a line for each fault that a node's own facts prove, with the field that proves it in each way. A way that cannot see it has a dash.
func table(faults []Fault, results []Result) string {
	var b strings.Builder
	b.WriteString("| What is wrong | Proven cause |")
	for _, way := range Ways {
		fmt.Fprintf(&b, " by %s |", headings[way])
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(Ways)) + "\n")
	counts := map[string]int{}
	for _, f := range faults {
		i := slices.IndexFunc(results, func(r Result) bool { return r.Name == f.Name })
		if f.Node == nil || i < 0 {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s |", strings.TrimSuffix(f.About, "."), f.Node.Cause)
		for _, way := range Ways {
			t, ok := results[i].Node[way]
			if !ok {
				b.WriteString(" – |")
				continue
			}
			counts[way]++
			fmt.Fprintf(&b, " `%s` |", strings.Join(t.Cited, "` `"))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\nProven by the kubelet's own answers: %d; by `stuck-agent --once`: %d; by the DaemonSet: %d.\n", counts[wayKubelet], counts[wayOnce], counts[wayDaemonSet])
	return b.String()
}
