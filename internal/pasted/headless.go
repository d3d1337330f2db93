package pasted

import (
	"regexp"
	"strings"
	"sync"
	"time"
)

// podRow is a row of a table of Pods: what is left of it where somebody looked for a word in it.
var podRow = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[>|\s]*(?:([a-z0-9][a-z0-9-]*) +)?(?:pods?/)?([a-z0-9][a-z0-9.-]*) +(\d+/\d+) +` +
		`((?:Init:)?[A-Z][A-Za-z]+(?::[A-Za-z0-9]+)?|Init:\d+/\d+) +(\d+(?: \(\S+ ago\))?) +(` + ages + `)` +
		`(?: +(\S+) +(\S+) +\S+ +\S+)?[ \t\r]*$`)
})

// headless reads the rows of a table of Pods that has no head, and says how many lines they are.
func headless(lines []line, now time.Time, namespace string) ([]Object, int) {
	var rows []row
	for _, l := range lines {
		if !strings.Contains(l.text, "/") { // most lines have no READY
			break
		}
		m := podRow().FindStringSubmatch(l.text)
		if m == nil {
			break
		}
		rows = append(rows, row{map[string]string{"NAMESPACE": m[1], "NAME": m[2], "READY": m[3], "STATUS": m[4],
			"RESTARTS": m[5], "AGE": m[6], "IP": m[7], "NODE": m[8]}, l.number})
	}
	return podRows(rows, now, namespace), len(rows)
}
