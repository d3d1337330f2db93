package gangincomplete

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

var (
	minAvailable = match.Lazy(`(\d{1,6}) minAvailable`)
	ofState      = match.Lazy(`(\d{1,6}) (Pending|Running|Succeeded|Bound|Binding|Allocated|Pipelined|Releasing)`)
)

// tasks tells by what Volcano counts why the group waits: it runs already, and this Pod has no room; it has fewer Pods
// than have to start together; or they have no room together.
func tasks(args map[string]string) string {
	m := minAvailable().FindStringSubmatch(args["volcano"])
	if m == nil {
		return "volcano"
	}
	least, _ := strconv.Atoi(m[1])
	all, up := 0, 0
	before, _, _ := strings.Cut(args["volcano"], ";") // what follows is of the same Pods once more
	for _, s := range ofState().FindAllStringSubmatch(before, -1) {
		n, _ := strconv.Atoi(s[1])
		if all += n; s[2] != "Pending" {
			up += n
		}
	}
	switch {
	case up >= least && up > 0:
		return "beyond"
	case all > 0 && all < least:
		args["pods"], args["least"] = strconv.Itoa(all), m[1]
		return "few"
	}
	return "volcano"
}
