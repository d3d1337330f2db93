package match

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Readable is a message in which what Go printed as the numbers of its bytes, StdinData:[123 34 99 97 …], is a text
// again. What a program was given as JSON says nothing of what went wrong, and is left out.
func Readable(message string) string {
	from := strings.IndexByte(message, '[')
	if from < 0 {
		return message
	}
	var b strings.Builder
	done := 0
	for from >= 0 && from < len(message) {
		text, length := numbered(message[from+1:])
		if length > 0 {
			b.WriteString(message[done:from])
			b.WriteString(text)
			done = from + 1 + length
		}
		next := strings.IndexByte(message[from+1+length:], '[')
		if next < 0 {
			break
		}
		from += 1 + length + next
	}
	if done == 0 {
		return message
	}
	return b.String() + message[done:]
}

// numbered reads the numbers of bytes with spaces between them, up to a closing bracket or to where the message was cut
// off. length is 0 where they are none.
func numbered(s string) (text string, length int) {
	const fewest = 12
	var data []byte
	i := 0
	for i < len(s) {
		end := i
		for end < len(s) && end-i < 3 && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		n, err := strconv.ParseUint(s[i:end], 10, 8)
		if err != nil {
			break
		}
		data, i = append(data, byte(n)), end
		if i < len(s) && s[i] == ' ' {
			i++
			continue
		}
		break
	}
	closed := i < len(s) && s[i] == ']'
	if len(data) < fewest || !closed && i < len(s) && !strings.HasPrefix(s[i:], "...") || !printable(data) {
		return "", 0
	}
	if closed {
		i++
	}
	if data[0] == '{' {
		return "{…}", i
	}
	return string(data), i
}

func printable(data []byte) bool {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && len(data) >= utf8.UTFMax || !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return false
		}
		data = data[size:]
	}
	return true
}
