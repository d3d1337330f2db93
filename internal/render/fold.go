package render

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// Limits on what is shown of one message. No component says anything that needs more.
const (
	maxMessage  = 16 << 10 // bytes that are looked at
	maxLines    = 3        // of a message that is quoted as proof
	maxVerbatim = 24       // of one that no cause explains
)

var longHex = match.Lazy(`[0-9a-fA-F]{32,}`)

// fold makes a message fit into a few lines of n columns. Ids go first, then the middle: the beginning says
// who speaks, the end what is wrong, and the keys (what the finding quotes of it) why it was matched.
func fold(message string, keys []string, n int) []string {
	text := longHex().ReplaceAllString(flat(cut(match.Readable(message), maxMessage)), "…")
	lines := wrap(text, n)
	if len(lines) <= maxLines {
		return lines
	}
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = clip(w, n)
	}
	for budget := maxLines * n; budget > n; budget -= n / 4 { // wrapping wastes some of it
		if lines = wrap(shorten(words, keys, budget), n); len(lines) <= maxLines {
			return lines
		}
	}
	return lines[:min(len(lines), maxLines)]
}

// shorten keeps of the words a head, the surroundings of the keys, and as much of the end as fits.
func shorten(words, keys []string, budget int) string {
	keep := make([]bool, len(words))
	take := func(i, limit int) bool {
		if i < 0 || i >= len(words) {
			return true
		}
		if w := Columns(words[i]) + 1; !keep[i] && w <= min(limit, budget) {
			keep[i] = true
			budget -= w
			return true
		}
		return keep[i]
	}
	head := budget / 6
	for i := 0; i < len(words) && head > 0 && take(i, head); i++ {
		head -= Columns(words[i]) + 1
	}
	tail := len(words) - 1
	for end := budget / 2; tail >= 0 && end > 0 && take(tail, end); tail-- {
		end -= Columns(words[tail]) + 1
	}
	for _, i := range mentions(words, keys) {
		for _, j := range []int{i, i + 1, i - 1, i + 2, i - 2} {
			take(j, budget)
		}
	}
	for ; tail >= 0 && take(tail, budget); tail-- {
	}
	return join(words, keep)
}

// mentions finds the last word that holds each key, and the last that reads like the name of an error.
func mentions(words, keys []string) []int {
	var at []int
	for _, k := range keys {
		first, _, _ := strings.Cut(k, " ")
		for i := len(words) - 1; i >= 0; i-- {
			if strings.Contains(words[i], first) {
				at = append(at, i)
				break
			}
		}
	}
	return at
}

// join puts what is kept together, with an ellipsis for each part that is not, unless that part is as short as one.
func join(words []string, keep []bool) string {
	var out []string
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && keep[j] == keep[i] {
			j++
		}
		part := strings.Join(words[i:j], " ")
		if !keep[i] && len(part) > 8 {
			part = "…"
		}
		out = append(out, part)
		i = j
	}
	return strings.Join(out, " ")
}

// common are the arguments that every finding has: that a message names them decides nothing.
var common = []string{"pod", "namespace", "node", "workload", "container"}

// keysOf are what a finding quotes of its messages, the longest first.
func keysOf(args map[string]string) []string {
	var keys []string
	for k, v := range args {
		if v = flat(cut(v, 1024)); len(v) >= 3 && !slices.Contains(common, k) {
			keys = append(keys, v)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return keys[:min(len(keys), 4)]
}

// verbatim shows a message as it was said, line by line, up to a limit.
func verbatim(message string, n int) []string {
	var lines []string
	for _, l := range strings.Split(strings.TrimSpace(cut(message, maxMessage)), "\n") {
		lines = append(lines, wrap(visible(strings.TrimRight(strings.ReplaceAll(l, "\t", "    "), " \r")), n)...)
	}
	if len(lines) > maxVerbatim {
		lines = slices.Concat(lines[:maxVerbatim/2], []string{"…"}, lines[len(lines)-maxVerbatim/2:])
	}
	return lines
}
