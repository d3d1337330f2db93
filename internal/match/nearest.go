package match

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest finds the few words that somebody may have meant, the likeliest first.
func Nearest(word string, of []string) []string {
	word = strings.ToLower(word[:min(len(word), 64)])
	type candidate struct {
		word string
		far  int
	}
	var all []candidate
	for _, o := range of {
		far := distance(word, o)
		if len(word) >= 3 && strings.Contains(o, word) || len(o) >= 3 && strings.Contains(word, o) {
			far = min(far, 2)
		}
		if far <= max(2, len(word)/3) {
			all = append(all, candidate{o, far})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.far, b.far) })
	var out []string
	for _, c := range all[:min(len(all), 3)] {
		out = append(out, c.word)
	}
	return out
}

// distance is how many letters must be put in, taken out, replaced or swapped with the next to make one word of
// another.
func distance(a, b string) int {
	above, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], above[j-1]+1)
			}
		}
		above, row, next = row, next, above
	}
	return row[len(b)]
}

// Near is the one word of these that differs from another in a slip or two; "" where there is none, or more than one.
func Near(word string, of []string) string {
	best, far, more := "", max(1, min(3, len(word)/5))+1, false
	for _, o := range of {
		switch d := distance(word, o); {
		case d == 0:
		case d < far:
			best, far, more = o, d, false
		case d == far && best != "":
			more = true
		}
	}
	if more {
		return ""
	}
	return best
}
