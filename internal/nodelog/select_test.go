package nodelog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// TestSelect leaves out what explains nothing of what is stuck, and of the rest the oldest. A line is "UID message",
// the newest last; that of the node has "-" for a UID.
func TestSelect(t *testing.T) {
	for name, c := range map[string]struct {
		lines   []string
		waiting string
		limit   int
		want    []string
	}{
		"all that there are":       {[]string{"a 1", "b 1"}, "", 2, []string{"a 1", "b 1"}},
		"none":                     {[]string{"a 1", "b 1"}, "a", 0, nil},
		"the newest":               {[]string{"- 1", "- 2", "- 3"}, "", 2, []string{"- 2", "- 3"}},
		"old, of a Pod that waits": {[]string{"a 1", "b 1", "b 2", "b 3"}, "a", 2, []string{"a 1", "b 3"}},
		"the node before a Pod that does not wait": {[]string{"- 1", "b 1", "b 2"}, "a", 1, []string{"- 1"}},
		"each Pod that waits": {[]string{"a 1", "b 1", "b 2", "b 3"}, "a b", 2,
			[]string{"a 1", "b 3"}},
		"in turns": {[]string{"a 1", "b 1", "a 2", "b 2", "b 3"}, "a b", 4,
			[]string{"a 1", "a 2", "b 2", "b 3"}},
		"the node before the fourth line of a Pod": {
			[]string{"a 1", "- 1", "a 2", "a 3", "a 4"}, "a", 4, []string{"- 1", "a 2", "a 3", "a 4"}},
	} {
		t.Run(name, func(t *testing.T) {
			var lines []nodefacts.LogLine
			for _, l := range c.lines {
				uid, message, _ := strings.Cut(l, " ")
				lines = append(lines, nodefacts.LogLine{PodUID: strings.Trim(uid, "-"), Message: message})
			}
			waiting := map[string]bool{}
			for _, uid := range strings.Fields(c.waiting) {
				waiting[uid] = true
			}
			var got []string
			for _, l := range Select(lines, waiting, c.limit) {
				uid := l.PodUID
				if uid == "" {
					uid = "-"
				}
				got = append(got, uid+" "+l.Message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
