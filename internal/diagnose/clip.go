package diagnose

import (
	"strings"
	"unicode"
)

// Clip shortens a text to a number of characters at the most, at the end of a word: the one that is cut may be the
// one that matters.
func Clip(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	end := most
	for end > most/2 && !unicode.IsSpace(r[end]) {
		end--
	}
	if end == most/2 { // one long word
		end = most
	}
	return strings.TrimRight(strings.TrimSpace(string(r[:end])), ",;:") + " …"
}
