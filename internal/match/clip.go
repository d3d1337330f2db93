package match

import (
	"strings"
	"unicode"
)

// Clip shortens a text to about a number of characters, between words, and keeps its end: what is said last is mostly
// what matters, and what is said first says of what.
func Clip(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	head, tail := most/3, len(r)-(most-most/3)
	for head > 0 && !unicode.IsSpace(r[head]) {
		head--
	}
	if head == 0 { // one long word
		head = most / 3
	}
	from := tail
	for tail < len(r) && !unicode.IsSpace(r[tail-1]) {
		tail++
	}
	if tail == len(r) {
		tail = from
	}
	return strings.TrimRight(strings.TrimSpace(string(r[:head])), ",;:([{") + " … " + strings.TrimSpace(string(r[tail:]))
}

// Decisive is what a message says behind all that wraps it, shortened to about a number of characters: the answer of a
// call, the output of a program.
func Decisive(message string, most int) string {
	text := strings.TrimPrefix(strings.TrimSpace(Plain(message)), "Error: ")
	for _, mark := range []string{"Output: ", "output: ", "desc = "} {
		if i := strings.LastIndex(text, mark); i >= 0 && i+len(mark) < len(text)-3 {
			text = text[i+len(mark):]
			break
		}
	}
	return Clip(strings.TrimRight(strings.TrimSuffix(strings.TrimSpace(text), ": unknown"), "., "), most)
}

// whole is what a pattern takes out of a message, without the punctuation at its end. Several words of which the
// pattern's limit cut off the last are completed to the end of what is said.
func whole(text string, from, to int) string {
	if to >= len(text) || !word(text[to-1]) || !word(text[to]) || strings.IndexByte(text[from:to], ' ') < 0 {
		return strings.TrimRight(text[from:to], ".,;: ")
	}
	end := strings.IndexByte(text[to:], '"')
	if end < 0 {
		end = len(text) - to
	}
	return Clip(text[from:to+end], to-from)
}

func word(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
