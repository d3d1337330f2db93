package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shows reports whether a rune can be shown as it is: it moves nothing, hides nothing and is seen.
// Escape sequences, line breaks, bidirectional overrides, zero-width characters and odd spaces are not.
func shows(r rune) bool {
	if r >= ' ' && r < 0x7f {
		return true
	}
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) &&
		r != '\u2800'
}

// visible makes text from the cluster safe for a terminal: what does not show is written as \x1b or \u202e.
// More than two combining marks in a row are not writing but a tower over the lines above.
func visible(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.Is(unicode.Mn, r) {
			marks++
		} else {
			marks = 0
		}
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else if shows(r) && marks <= 2 {
			b.WriteRune(r)
		} else {
			b.WriteString(escaped(r))
		}
		i += n
	}
	return b.String()
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func escaped(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// flat is visible text on one line, in which white space of any kind and length is one space.
func flat(s string) string { return visible(strings.Join(strings.Fields(s), " ")) }

// name is a name from the cluster. Real ones have 253 characters at the most.
func name(s string) string { return clip(visible(cut(s, 1024)), 260) }

// cut takes the middle out of text that is longer than n bytes, before anything dear is done with it.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	head, tail := n/2, len(s)-n/2
	for head > n/2-utf8.UTFMax && !utf8.RuneStart(s[head]) {
		head--
	}
	for tail < len(s)-n/2+utf8.UTFMax && !utf8.RuneStart(s[tail]) {
		tail++
	}
	return s[:head] + " … " + s[tail:]
}

// clip takes the middle out of text that is wider than n columns. The end of a name tells more than its middle.
func clip(s string, n int) string {
	if len(s) <= n || Columns(s) <= n {
		return s
	}
	rs := []rune(s)
	head, tail, w := 0, len(rs), 1
	for front := true; head < tail; front = !front {
		r := rs[head]
		if !front {
			r = rs[tail-1]
		}
		if w += runeWidth(r); w > n {
			break
		}
		if front {
			head++
		} else {
			tail--
		}
	}
	return string(rs[:head]) + "…" + string(rs[tail:])
}

// Safe makes one line of a text that may hold anything, such as an error that quotes a file.
func Safe(s string) string { return clip(flat(cut(s, maxMessage)), 600) }
