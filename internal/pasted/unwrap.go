package pasted

import (
	"regexp"
	"sync"
	"unicode/utf8"
)

// leastWidth is that of a terminal which breaks lines so that they are worth joining.
const leastWidth = 60

var fieldAtLeft = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z][A-Za-z -]*:(?: |$)`) })

// unwrapped joins the lines of a description that a terminal broke at its right edge, within a word too: several are as
// wide as the widest, and the rest of each begins at the very left, where else only fields do.
func unwrapped(lines []line) []line {
	width, n := 0, 0
	for _, l := range lines {
		switch w := utf8.RuneCountInString(l.text); {
		case w > width:
			width, n = w, 1
		case w == width:
			n++
		}
	}
	if width < leastWidth || n < 2 && width != 80 {
		return lines
	}
	var out []line
	more := tail{}
	full := false
	for _, l := range lines {
		w := utf8.RuneCountInString(l.text)
		if full && l.text != "" && l.indent() == 0 && !fieldAtLeft().MatchString(l.text) {
			more.add(l.text)
		} else {
			more.end()
			out = append(out, l)
			more.of = &out[len(out)-1].text
		}
		full = w == width
	}
	more.end()
	return out
}
