package nodelog

import (
	"cmp"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// linesPerPod is how many lines of each Pod that waits are kept before any other line.
const linesPerPod = 3

// Select returns at most so many lines of those that are given with the newest last, in the same order. The newest few
// of each Pod that waits stay first, in turns, so that no Pod is silent because others have much to say; then the
// newest that name no other Pod. Lines of Pods that do not wait go first.
func Select(lines []nodefacts.LogLine, waiting map[string]bool, limit int) []nodefacts.LogLine {
	if len(lines) <= limit {
		return lines
	}
	ranks := make([]int, len(lines))
	order := make([]int, 0, len(lines)) // of lines, by their index, the one that matters most first
	seen := map[string]int{}            // lines of a Pod
	for i := len(lines) - 1; i >= 0; i-- {
		switch uid := lines[i].PodUID; {
		case waiting[uid]:
			ranks[i] = min(seen[uid], linesPerPod)
			seen[uid]++
		case uid == "": // about the node
			ranks[i] = linesPerPod
		default:
			ranks[i] = linesPerPod + 1
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })
	order = order[:max(0, limit)]
	slices.Sort(order)
	var out []nodefacts.LogLine
	for _, i := range order {
		out = append(out, lines[i])
	}
	return out
}
