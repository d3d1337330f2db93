package render

import (
	"strings"
	"unicode"

	eastasian "golang.org/x/text/width"
)

// runeWidth is the number of columns that a character takes: none where it joins the one before it or controls, two
// where it is wide. Ambiguous ones (quotes, the ellipsis) are narrow, whatever the locale: all terminals but a few
// draw them so.
func runeWidth(r rune) int {
	switch {
	case r >= ' ' && r < 0x7f:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cc, unicode.Cf), r >= 0x1160 && r <= 0x11ff: // vowels of Hangul
		return 0
	}
	switch eastasian.LookupRune(r).Kind() {
	case eastasian.EastAsianWide, eastasian.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Columns is the number of columns that a text takes on a terminal.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// pad fills a text up to a width with spaces.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-Columns(s))) }

const (
	closing = "，。；：、？！）」』》】〉…”’,.;:)]}?!%"
	opening = "（「『《【〈“‘([{"
)

// An atom is a piece of text that no line break divides.
type atom struct {
	text  string
	width int
	space bool // a space stands before it
}

// atoms cuts text where lines may break: at spaces, and on either side of a wide character,
// but not before closing and not after opening punctuation.
func atoms(s string) []atom {
	var out []atom
	var b strings.Builder
	w, space, glue, wide := 0, false, false, false
	flush := func() {
		if b.Len() > 0 {
			out = append(out, atom{b.String(), w, space})
			b.Reset()
			w, space = 0, false
		}
	}
	for i, r := range s {
		if r == ' ' && b.Len() > 0 && orders(s[i+1:]) { // the line must not begin with it
			b.WriteRune(r)
			w++
			continue
		}
		if r == ' ' {
			flush()
			space, glue, wide = true, false, false
			continue
		}
		rw := runeWidth(r)
		isWide := rw == 2 || unicode.Is(unicode.Han, r)
		shut := strings.ContainsRune(closing, r)
		if (isWide || wide) && !glue && !(shut && (isWide || wide)) && rw > 0 && !orders(s[i:]) {
			flush()
		}
		b.WriteRune(r)
		w += rw
		wide = isWide
		glue = strings.ContainsRune(opening, r)
	}
	flush()
	return out
}

// wrap breaks text into lines of at most n columns.
func wrap(s string, n int) []string {
	n = max(n, 16)
	var lines []string
	var line strings.Builder
	at := 0
	end := func() {
		lines = append(lines, line.String())
		line.Reset()
		at = 0
	}
	for _, a := range atoms(s) {
		gap := 0
		if a.space && at > 0 {
			gap = 1
		}
		if at > 0 && at+gap+a.width > n && (a.width <= n || n-at < n/3) {
			end()
			gap = 0
		}
		for at+gap+a.width > n { // wider than a line: nothing but force divides it
			head, rest := split(a.text, n-at-gap)
			line.WriteString(strings.Repeat(" ", gap) + head)
			end()
			a.text, a.width, gap = rest, Columns(rest), 0
		}
		if gap == 1 {
			line.WriteByte(' ')
		}
		line.WriteString(a.text)
		at += gap + a.width
	}
	if at > 0 || len(lines) == 0 {
		end()
	}
	return lines
}

// orders reports whether a text, at the beginning of a line, is a command to what reads the logs of a build: GitHub's
// ::error::, Azure's ##vso[…].
func orders(s string) bool { return strings.HasPrefix(s, "::") || strings.HasPrefix(s, "##") }

// split divides a text that is too wide after the last separator in the second half of n columns, or at n columns.
func split(s string, n int) (head, rest string) {
	w, sep, last := 0, 0, 0
	for i, r := range s {
		w += runeWidth(r)
		if w > n {
			break
		}
		last = i + len(string(r))
		if w > n/2 && strings.ContainsRune("/,:=&?;\\", r) {
			sep = last
		}
	}
	if sep > 0 {
		last = sep
	}
	for orders(strings.TrimLeft(s[last:], " ")) {
		last++
	}
	return s[:last], s[last:]
}
